// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "core/wire/cursor_channel.hpp"
#include "core/wire/diff.hpp"
#include "core/wire/display_channel.hpp"
#include "core/wire/main_channel.hpp"
#include "core/wire/print.hpp"
#include "core/wire/tree.hpp"
#include "tests/core/wire_support.hpp"

using namespace spicebench;
using namespace spicebench::wire;

namespace {

display::DrawCopy palette_copy() {
  display::DrawCopy copy{
      .base = {.surface_id = 0, .box = {0, 0, 2, 2}, .clip = {display::clip_rects, {{0, 0, 1, 2}}}},
      .src_bitmap = display::Image{.id = 9, .flags = 0x81, .width = 2, .height = 2, .payload = {}},
      .src_area = {0, 0, 2, 2},
      .mask = {}};
  copy.src_bitmap->payload = display::Bitmap{.format = display::format_8bit,
                                             .x = 2,
                                             .y = 2,
                                             .stride = 2,
                                             .palette = display::Palette{7, {0xff0000, 0x0000ff}},
                                             .data = hex("00010100")};
  return copy;
}
// "name: type = value @offset+size", one line a node, indented.
void lines_of(const TreeNode& node, const std::string& indent, std::vector<std::string>& lines) {
  lines.push_back(indent + node.name + ": " + node.type + (node.value.empty() ? "" : " = ") +
                  node.value + " @" + std::to_string(node.offset) + "+" +
                  std::to_string(node.size));
  for (const TreeNode& child : node.children) lines_of(child, indent + " ", lines);
}
std::vector<std::string> differences(const AnyMessage& expected, const AnyMessage& found) {
  std::vector<std::string> texts;
  for (const FieldDifference& d : diff(expected, found))
    texts.push_back(d.path + ": " + d.expected + " / " + d.found);
  return texts;
}
using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("a message prints as one line, with names for numbers", "[core][wire]") {
  CHECK(to_text(AnyMessage::of(palette_copy())) ==
        "base: {surface_id: 0, box: {top: 0, left: 0, bottom: 2, right: 2}, clip: {type: rects, "
        "rects: [{top: 0, left: 0, bottom: 1, right: 2}]}}, src_bitmap: {id: 9, type: bitmap, "
        "flags: cache_me|0x80, width: 2, height: 2, payload: {format: 8bit, flags: top_down, x: 2, "
        "y: 2, stride: 2, palette: {unique: 7, entries: [16711680, 255]}, data: 4 bytes "
        "00010100}}, src_area: {top: 0, left: 0, bottom: 2, right: 2}, rop_descriptor: put, "
        "scale_mode: interpolate, mask: {flags: 0, position: {x: 0, y: 0}, bitmap: none}");
  CHECK(to_text(AnyMessage::of(main_channel::Name{SharedBytes::copy_of("a\"\n")})) ==
        "name: \"a\\\"\\x0a\"");
  CHECK(to_text(AnyMessage::of(main_channel::AgentDataToServer{Bytes(20)}), {}, 3) ==
        "data: 20 bytes 000000…");
}

TEST_CASE("a message prints as JSON in wire order", "[core][wire]") {
  const auto json = to_json(AnyMessage::of(palette_copy()));
  CHECK(json["src_bitmap"]["payload"].dump() ==
        R"({"format":"8bit","flags":"top_down","x":2,"y":2,"stride":2,)"
        R"("palette":{"unique":7,"entries":[16711680,255]},"data":{"size":4,"hex":"00010100"}})");
  CHECK(json["mask"]["bitmap"].is_null());
  CHECK(json["base"]["clip"]["rects"].size() == 1);
  CHECK(json.begin().key() == "base");
  cursor::Move move{{100, -5}};
  CHECK(to_json(AnyMessage::of(move)).dump() == R"({"position":{"x":100,"y":-5}})");
  CHECK(to_json(AnyMessage::of(display::PreferredCompression{77})).dump() ==
        R"({"image_compression":77})");
}

TEST_CASE("a field tree knows the bytes of every field, pointer targets included", "[core][wire]") {
  const AnyMessage message = AnyMessage::of(palette_copy());
  const Tree tree =
      tree_of(*message.info().layout, encoded(*message.info().layout, message.object()));
  CHECK_FALSE(tree.error.has_value());
  CHECK(tree.used == 135);
  Lines lines;
  lines_of(tree.root, "", lines);
  CHECK(Lines(lines.begin(), lines.begin() + 8) ==
        Lines{"draw_copy: draw_copy @0+135", " base: display_base @0+41",
              "  surface_id: u32 = 0 @0+4", "  box: rect @4+16", "   top: i32 = 0 @4+4",
              "   left: i32 = 0 @8+4", "   bottom: i32 = 2 @12+4", "   right: i32 = 2 @16+4"});
  const auto has = [&](const std::string& line) {
    return std::ranges::find(lines, line) != lines.end();
  };
  CHECK(has("   num_rects: u32 = 1 @21+4"));
  CHECK(has("   rects: list of rect = 1 item @25+16"));
  CHECK(has("    [0]: rect @25+16"));
  CHECK(has(" src_bitmap: *image = → 77 @41+4"));
  CHECK(has("  *src_bitmap: image @77+40"));
  CHECK(has("   flags: u8 = cache_me|0x80 @86+1"));
  CHECK(has("    palette: *palette = → 117 @109+4"));
  CHECK(has("     *palette: palette @117+18"));
  CHECK(has("      entries: list of u32 = 16711680, 255 @127+8"));
  CHECK(has("    data: bytes = 4 bytes 00010100 @113+4"));
  CHECK(has("  bitmap: *image = none @73+4"));
}

TEST_CASE("the tree of a broken body goes as far as the byte that broke it", "[core][wire]") {
  const Tree tree =
      tree_of(*info_of<main_channel::ChannelsList>().layout, hex("03000000 0200 0300 04"));
  REQUIRE(tree.error.has_value());
  CHECK(tree.error->text() ==
        "channels: truncated at byte 4: 3 items of at least 2 bytes, 5 bytes left");
  CHECK(tree.root.children.size() == 2);
  const Tree copy = tree_of(*info_of<display::CopyBits>().layout, Bytes(27));
  Lines lines;
  lines_of(copy.root, "", lines);
  CHECK(copy.used == 25);
  CHECK(lines.at(lines.size() - 2) == "  x: i32 = 0 @21+4");
  CHECK(lines.back() == "  y: i32 @25+0");
}

TEST_CASE("a diff names the fields that differ", "[core][wire]") {
  const AnyMessage expected = AnyMessage::of(palette_copy());
  CHECK(differences(expected, AnyMessage::of(palette_copy())).empty());

  display::DrawCopy other = palette_copy();
  other.base.box.left = -3;
  other.base.clip.rects.push_back({});
  other.base.clip.rects[0].top = 1;
  auto& bitmap = std::get<display::Bitmap>(other.src_bitmap->payload);
  bitmap.data = hex("00010200");
  bitmap.palette->entries[1] = 5;
  other.mask.bitmap = display::Image{.type = 103, .width = 1, .height = 1, .payload = {}};
  CHECK(differences(expected, AnyMessage::of(other)) ==
        Lines{"base.box.left: 0 / -3", "base.clip.rects.size: 1 / 2",
              "base.clip.rects[0].top: 0 / 1", "src_bitmap.payload.palette.entries[1]: 255 / 5",
              "src_bitmap.payload.data[2]: 0x01 / 0x02",
              "mask.bitmap: none / {id: 0, type: from_cache, flags: 0, width: 1, height: 1, "
              "payload: none}"});
  CHECK(diff(expected, AnyMessage::of(other), {}, 2).size() == 2);

  other = palette_copy();
  other.src_bitmap->type = 101;
  other.src_bitmap->payload = display::SizedData{hex("aa")};
  CHECK(differences(expected, AnyMessage::of(other)) ==
        Lines{"src_bitmap.type: bitmap / lz_rgb",
              "src_bitmap.payload: bitmap{format: 8bit, flags: top_down, x: 2, y: 2, stride: 2, "
              "palette: {unique: 7, entries: [16711680, 255]}, data: 4 bytes 00010100} / "
              "sized_data{data: 1 bytes aa}"});
  other.base.clip = {};
  CHECK(differences(expected, AnyMessage::of(other)).at(1) == "base.clip.rects: 1 items / none");
  CHECK(differences(expected, AnyMessage::of(display::Mark{})) ==
        Lines{"message: draw_copy / mark"});
}
