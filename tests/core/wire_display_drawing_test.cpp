// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>

#include "core/wire/device_link.hpp"
#include "core/wire/display_channel.hpp"
#include "tests/core/wire_shape.hpp"

// Drawing commands beyond fill and copy: what their parts look like on the wire, and their limits.
using namespace spicebench;
using namespace spicebench::wire;
using namespace spicebench::wire::display;

namespace {

// DisplayBase of surface 0 without area and clip.
const std::string base = "00000000 00000000 00000000 00000000 00000000 00 ";

template <wire::Message T>
std::vector<std::string> findings(const T& message) {
  std::vector<std::string> texts;
  for (const Error& error : validate(AnyMessage::of(message)))
    texts.push_back(error.path + ": " + error.detail);
  return texts;
}
using Findings = std::vector<std::string>;

DrawStroke stroke_of(std::vector<PathSegment> segments) {
  DrawStroke stroke;
  stroke.path.segments = std::move(segments);
  return stroke;
}
DrawText text_of(std::vector<RasterGlyph> glyphs) {
  DrawText text;
  text.str = {.flags = string_a8, .glyphs = std::move(glyphs)};
  return text;
}
Image cached() {
  return {.type = 103, .width = 1, .height = 1, .payload = {}};
}

// The draw types of a drawable with which this alternative of its body is the right one.
template <class Body>
std::vector<std::string> types_of(Body body) {
  std::vector<std::string> types;
  device::DrawCommand command;
  command.drawable.body = std::move(body);
  for (std::uint8_t type = 0; type <= 20; ++type) {
    command.drawable.type = type;
    const Findings found = findings(command);
    const bool other = std::ranges::any_of(found, [](const std::string& finding) {
      return finding.starts_with("drawable.body: alternative") ||
             finding.starts_with("drawable.type: ");
    });
    if (other) continue;
    const std::string text = to_text(AnyMessage::of(command));
    const std::size_t at = text.find(", type: ") + 8;
    types.push_back(text.substr(at, text.find(',', at) - at));
  }
  return types;
}

}  // namespace

TEST_CASE("H.6: a styled stroke", "[core][wire]") {
  const Bytes body =
      hex("00 00 00 00  00 00 00 00  00 00 00 00  32 00 00 00  32 00 00 00  00"
          "28 00 00 00  08  02  41 00 00 00  01  ff ff ff 00  08 00  08 00"
          "01 00 00 00  03  02 00 00 00  10 00 00 00  10 00 00 00  80 02 00 00  10 00 00 00"
          "30 00 00 00  20 00 00 00");
  const auto stroke = read<DrawStroke>(body);
  REQUIRE(stroke.path.segments.size() == 1);
  CHECK(stroke.path.segments[0].flags == (path_begin | path_end));
  CHECK(stroke.path.segments[0].points == std::vector{PointFix{16, 16}, PointFix{640, 16}});
  CHECK(stroke.attr == LineAttr{line_styled, {48, 32}});
  CHECK(findings(stroke).empty());

  Bytes lie = body;
  lie[45] = std::byte{0xff};  // the segment's count of points
  const Error error = refusal(*info_of<DrawStroke>().layout, lie);
  CHECK(error.path == "path.segments[0].points");
  CHECK(error.offset == 49);
}

TEST_CASE("a styled line may lack its style on the wire, but is not valid then", "[core][wire]") {
  DrawStroke stroke = stroke_of({{path_begin, {{}, {}}}});
  stroke.attr.flags = line_styled;
  Bytes body;
  encode(stroke, body);
  CHECK(load_little_endian(&body[27], 4) == 0);  // the offset of the lengths
  CHECK(read<DrawStroke>(body) == stroke);
  CHECK(findings(stroke) == Findings{"attr.style: size 0, allowed 1 to 255"});
  stroke.attr.style = {16, 0};
  CHECK(findings(stroke) == Findings{"attr: a dash or gap of length 0"});
}

TEST_CASE("paths begin, have whole Bézier curves and at most a million points",
          "[core][wire][bounds]") {
  CHECK(findings(stroke_of({{path_begin | path_bezier, {{}, {}, {}, {}}}})).empty());
  CHECK(findings(stroke_of({{path_begin | path_bezier, {{}, {}, {}}}})) ==
        Findings{"path.segments[0]: 2 points of Bézier curves, allowed multiples of 3"});
  CHECK(findings(stroke_of({{0, {{}}}})) ==
        Findings{"path: the first segment does not begin a figure"});
  CHECK(findings(stroke_of({{path_begin, {}}})) ==
        Findings{"path.segments[0]: begins without a point"});
  CHECK(findings(stroke_of({})).empty());

  DrawStroke huge = stroke_of({{path_begin, {}}, {path_end, {}}});
  huge.path.segments[0].points.resize(600'000);
  huge.path.segments[1].points.resize(400'000);
  CHECK(refused(huge) == "accepted");
  huge.path.segments[1].points.resize(400'001);
  CHECK(refused(huge) == "path: out of range at byte 8000053: 1000001 points, at most 1000000");
}

TEST_CASE("glyph data is sized by the string around it", "[core][wire]") {
  const std::string fixed = base + "2f000000" + std::string(32, '0') + "00 00 0800 0800";
  const std::string glyphs = "01000000 02000000 03000000 04000000 0300 0200";  // 3 × 2
  for (const auto& [flag, data] : {std::pair{"01", "e0a0"},                    // A1: 1 byte a row
                                   std::pair{"02", "12301230"},                // A4: 2 bytes a row
                                   std::pair{"04", "010203040506"},            // A8: 3 bytes a row
                                   std::pair{"07", "e0a0"}}) {  // the lowest one counts
    const auto text = read<DrawText>(hex(fixed + "0100" + flag + glyphs + data));
    REQUIRE(text.str.glyphs.size() == 1);
    CHECK(text.str.glyphs[0] == RasterGlyph{{1, 2}, {3, 4}, 3, 2, hex(data)});
  }
  // Without a kind of raster there are no glyphs, whatever the count says.
  const auto decoded = decode<DrawText>(SharedBytes(hex(fixed + "ffff" + "08")));
  REQUIRE(decoded.has_value());
  CHECK(decoded->str == String{string_top_down, {}});
  CHECK(findings(*decoded).front() == "str: flags 0x8, exactly one kind of raster allowed");
}

TEST_CASE("strings have glyphs of one kind, of bounded size, in a bounded box",
          "[core][wire][bounds]") {
  const SharedBytes mebi(Bytes(1 << 20));
  CHECK(findings(text_of({{{}, {}, 1024, 1024, mebi}})).empty());
  CHECK(refused(text_of({{{}, {}, 1024, 1024, mebi}})) == "accepted");
  CHECK(refused(text_of({{{}, {}, 1024, 1025, SharedBytes(Bytes(1024 * 1025))}})) ==
        "str.glyphs[0]: out of range at byte 1049670: a glyph of 1024×1025, at most 1048576 "
        "pixels");
  CHECK(findings(text_of({})) == Findings{"str.glyphs: size 0, allowed 1 to 65535"});
  DrawText text = text_of({{{0, 0}, {}, 1, 1, hex("00")}, {{4095, 4095}, {}, 1, 1, hex("00")}});
  CHECK(findings(text).empty());
  text.str.glyphs[1].glyph_origin.x = 1;
  CHECK(findings(text) == Findings{"str: glyphs in a box of 4097×4096, at most 16777216 pixels"});
  text.str.glyphs[0].render_pos.x = INT32_MIN, text.str.glyphs[1].render_pos.x = INT32_MAX;
  CHECK(findings(text) ==
        Findings{"str: glyphs in a box of 4294967297×4096, at most 16777216 pixels"});
  text.str.glyphs.resize(1);
  text.str.flags = string_a1 | string_a8;
  CHECK(findings(text) == Findings{"str: flags 0x5, exactly one kind of raster allowed"});
}

TEST_CASE("composite's optional parts follow its flags", "[core][wire]") {
  for (const std::uint32_t parts : {0u, 1u, 2u, 4u, 7u}) {
    DrawComposite composite;
    composite.flags = parts << 19;
    composite.src_bitmap = cached();
    if (parts & 1) composite.mask_bitmap = cached();
    if (parts & 2) composite.src_transform = Transform{1, 2, 3, 4, 5, 6};
    if (parts & 4) composite.mask_transform = Transform{-1, -2, -3, -4, -5, -6};
    Bytes body;
    encode(composite, body);
    CHECK(body.size() ==
          21u + 16 + 18 + (parts & 1 ? 4 + 18 : 0) + (parts & 2 ? 24 : 0) + (parts & 4 ? 24 : 0));
    CHECK(read<DrawComposite>(body) == composite);
    CHECK(findings(composite).empty());
  }
}

TEST_CASE("the flags of composite are numbers and bits in one word", "[core][wire]") {
  DrawComposite composite;
  composite.src_bitmap = cached();
  composite.flags = 0x03 | 4u << 8 | 3u << 14 | composite_source_opaque;
  CHECK(composite_operator(composite.flags) == 3);
  CHECK(composite_source_filter(composite.flags) == 4);
  CHECK(composite_mask_filter(composite.flags) == 0);
  CHECK(composite_source_repeat(composite.flags) == 3);
  CHECK(composite_mask_repeat(composite.flags) == 0);
  CHECK(to_text(AnyMessage::of(composite))
            .find("flags: operator=over|source_filter=bilinear|mask_filter=fast|"
                  "source_repeat=reflect|mask_repeat=none|source_opaque,") != std::string::npos);
  CHECK(findings(composite).empty());
  composite.flags = 0x50 | 7u << 11 | 1u << 30;
  CHECK(findings(composite) == Findings{"flags: operator: unknown value 0x50",
                                        "flags: mask_filter: unknown value 0x7",
                                        "flags: unknown bits 0x40000000"});
  composite.flags = composite_has_mask;
  CHECK(findings(composite) == Findings{"mask_bitmap: absent, must be there"});
}

TEST_CASE("a source image must be there and hold the area that is drawn", "[core][wire][bounds]") {
  DrawTransparent transparent{.base = {}, .src_bitmap = cached(), .src_area = {0, 0, 1, 2}};
  CHECK(findings(transparent) == Findings{": src_area [0, 2) × [0, 1) of an image of 1×1"});
  DrawAlphaBlend blend;
  CHECK(findings(blend) == Findings{"src_bitmap: absent, must be there", ": no source image"});
  DrawOpaque opaque{.src_bitmap = cached(), .src_area = {0, 0, 1, 1}, .rop_descriptor = 0};
  CHECK(findings(opaque) == Findings{": rop_descriptor 0x0, exactly one operator allowed"});
  DrawRop3 rop3{.src_bitmap = cached(), .src_area = {0, 0, 1, 1}, .scale_mode = 2};
  CHECK(findings(rop3) == Findings{"scale_mode: unknown value 2"});
  CHECK(refused(rop3) == "accepted");
}

TEST_CASE("a guest can send every drawing command", "[core][wire]") {
  using Types = std::vector<std::string>;
  CHECK(types_of(DrawFill{}) == Types{"fill"});
  CHECK(types_of(DrawOpaque{}) == Types{"opaque"});
  CHECK(types_of(DrawCopy{}) == Types{"copy"});
  CHECK(types_of(CopyBits{}) == Types{"copy_bits"});
  CHECK(types_of(DrawBlend{}) == Types{"blend"});
  CHECK(types_of(DrawBlackness{}) == Types{"blackness"});
  CHECK(types_of(DrawWhiteness{}) == Types{"whiteness"});
  CHECK(types_of(DrawInvers{}) == Types{"invers"});
  CHECK(types_of(DrawRop3{}) == Types{"rop3"});
  CHECK(types_of(DrawStroke{}) == Types{"stroke"});
  CHECK(types_of(DrawText{}) == Types{"text"});
  CHECK(types_of(DrawTransparent{}) == Types{"transparent"});
  CHECK(types_of(DrawAlphaBlend{}) == Types{"alpha_blend"});
  CHECK(types_of(DrawComposite{}) == Types{"composite"});
  CHECK(types_of(std::monostate{}) == Types{"nop"});
}
