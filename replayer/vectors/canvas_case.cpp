// SPDX-License-Identifier: LGPL-2.1-or-later
#include "replayer/vectors/canvas_case.hpp"

#include <fmt/format.h>

#include <initializer_list>
#include <stdexcept>
#include <utility>

#include "replayer/vectors/vector_files.hpp"

namespace spicebench::replayer {
namespace {

using namespace wire::display;
using nlohmann::json;

// Inside this file wrong JSON is an exception, as the JSON library makes it one;
// canvas_case_from() turns it into an Error.
using Wrong = std::invalid_argument;

template <class Value>
using Names = std::initializer_list<std::pair<const char*, Value>>;
template <class Value>
Value named(const json& name, const Names<Value>& names) {
  for (const auto& [known, value] : names)
    if (name == known) return value;
  throw Wrong("unknown name " + name.dump());
}
template <class Value>
Value flags_of(const json& list, const Names<Value>& names) {
  Value all = 0;
  for (const json& name : list) all = static_cast<Value>(all | named(name, names));
  return all;
}

std::uint32_t surface_format(const json& name) {
  return named<std::uint32_t>(name, {{"1_A", surface_1_a},
                                     {"8_A", surface_8_a},
                                     {"16_555", surface_16_555},
                                     {"16_565", surface_16_565},
                                     {"32_xRGB", surface_32_xrgb},
                                     {"32_ARGB", surface_32_argb}});
}
std::uint16_t rop_bits(const json& list) {
  return flags_of<std::uint16_t>(list, {{"INVERS_SRC", ropd_invers_src},
                                        {"INVERS_BRUSH", ropd_invers_brush},
                                        {"INVERS_DEST", ropd_invers_dest},
                                        {"OP_PUT", ropd_put},
                                        {"OP_OR", ropd_or},
                                        {"OP_AND", ropd_and},
                                        {"OP_XOR", ropd_xor},
                                        {"OP_BLACKNESS", ropd_blackness},
                                        {"OP_WHITENESS", ropd_whiteness},
                                        {"OP_INVERS", ropd_invers},
                                        {"INVERS_RES", ropd_invers_res}});
}
Bytes bytes_of(const json& text) {
  auto bytes = from_base64(text.get<std::string>());
  if (!bytes) throw Wrong(bytes.error().text());
  return std::move(*bytes);
}
Rect rect_of(const json& r) {
  return {r.at(1), r.at(0), r.at(3), r.at(2)};
}
Point point_of(const json& p) {
  return {p.at(0), p.at(1)};
}
Point16 point16_of(const json& p) {
  return {p.at(0), p.at(1)};
}
Clip clip_of(const json& command) {
  Clip clip;
  if (!command.contains("clip")) return clip;
  clip.type = clip_rects;
  for (const json& rect : command.at("clip")) clip.rects.push_back(rect_of(rect));
  return clip;
}

Bitmap bitmap_of(const json& j) {
  Bitmap bitmap;
  bitmap.format = named<std::uint8_t>(j.at("format"), {{"1BIT_LE", format_1bit_le},
                                                       {"1BIT_BE", format_1bit_be},
                                                       {"4BIT_BE", format_4bit_be},
                                                       {"8BIT", format_8bit},
                                                       {"16BIT", format_16bit},
                                                       {"24BIT", format_24bit},
                                                       {"32BIT", format_32bit},
                                                       {"RGBA", format_rgba},
                                                       {"8BIT_A", format_8bit_a}});
  bitmap.flags = flags_of<std::uint8_t>(
      j.at("bitmap_flags"),
      {{"TOP_DOWN", top_down}, {"PAL_CACHE_ME", pal_cache_me}, {"PAL_FROM_CACHE", pal_from_cache}});
  bitmap.x = j.at("width");
  bitmap.y = j.at("height");
  bitmap.stride = j.at("stride");
  if ((bitmap.flags & pal_from_cache) != 0)
    bitmap.palette_id = j.at("palette_id");
  else if (j.contains("palette"))
    bitmap.palette = Palette{j.value("palette_id", std::uint64_t{0}), j.at("palette")};
  bitmap.data = bytes_of(j.at("data_b64"));
  return bitmap;
}

Image image_of(const json& j) {
  Image image;
  image.id = j.value("id", std::uint64_t{0});
  image.width = j.value("width", 0u);
  image.height = j.value("height", 0u);
  image.flags = flags_of<std::uint8_t>(j.value("flags", json::array()),
                                       {{"CACHE_ME", cache_me},
                                        {"HIGH_BITS_SET", high_bits_set},
                                        {"CACHE_REPLACE_ME", cache_replace_me}});
  const auto type =
      named<ImageType>(j.at("kind"), {{"bitmap", ImageType::bitmap},
                                      {"surface", ImageType::surface},
                                      {"from_cache", ImageType::from_cache},
                                      {"from_cache_lossless", ImageType::from_cache_lossless}});
  image.type = static_cast<std::uint8_t>(type);
  if (type == ImageType::bitmap) image.payload = bitmap_of(j);
  if (type == ImageType::surface) image.payload = SurfaceReference{j.at("surface_id")};
  return image;
}

// One command, with the images of its case to choose from.
class CommandReader {
 public:
  CommandReader(const json& command, const json& images) : json_(command), images_(images) {}

  CanvasCommand read() const {
    const std::string op = json_.at("op");
    if (op == "copy_bits") return CopyBits{base(), point_of(json_.at("src_pos"))};
    if (op == "draw_fill") return DrawFill{base(), brush("brush"), rop("rop"), mask()};
    if (op == "draw_opaque")
      return DrawOpaque{base(),     image("src"), area(), brush("brush"),
                        rop("rop"), scale_mode(), mask()};
    if (op == "draw_copy")
      return DrawCopy{base(), image("src"), area(), rop("rop"), scale_mode(), mask()};
    if (op == "draw_blend")
      return DrawBlend{base(), image("src"), area(), rop("rop"), scale_mode(), mask()};
    if (op == "draw_blackness") return DrawBlackness{base(), mask()};
    if (op == "draw_whiteness") return DrawWhiteness{base(), mask()};
    if (op == "draw_invers") return DrawInvers{base(), mask()};
    if (op == "draw_rop3")
      return DrawRop3{base(),           image("src"), area(), brush("brush"),
                      json_.at("rop3"), scale_mode(), mask()};
    if (op == "draw_stroke") return stroke();
    if (op == "draw_text") return text();
    if (op == "draw_transparent")
      return DrawTransparent{base(), image("src"), area(), json_.at("src_color"),
                             json_.at("true_color")};
    if (op == "draw_alpha_blend")
      return DrawAlphaBlend{
          base(),
          flags_of<std::uint8_t>(json_.at("alpha_flags"),
                                 {{"DEST_HAS_ALPHA", alpha_dest_has_alpha},
                                  {"SRC_SURFACE_HAS_ALPHA", alpha_src_surface_has_alpha}}),
          json_.at("alpha"), image("src"), area()};
    if (op == "draw_composite") return composite();
    if (op == "put_image")
      return PutFrame{json_.at("surface_id"), image("image"), rect_of(json_.at("dest")),
                      clip_of(json_)};
    if (op == "clear") return ClearSurface{json_.at("surface_id")};
    throw Wrong("unknown command " + op);
  }

 private:
  DisplayBase base() const {
    return {json_.at("surface_id"), rect_of(json_.at("bbox")), clip_of(json_)};
  }
  Image image(const char* member) const { return named_image(json_.at(member)); }
  Image named_image(const json& name) const {
    return image_of(images_.at(name.get<std::string>()));
  }
  Rect area() const { return rect_of(json_.at("src_area")); }
  std::uint16_t rop(const char* member) const { return rop_bits(json_.at(member)); }
  std::uint8_t scale_mode() const {
    return named<std::uint8_t>(json_.at("scale_mode"), {{"interpolate", 0}, {"nearest", 1}});
  }
  QMask mask() const {
    if (!json_.contains("mask")) return {};
    const json& mask = json_.at("mask");
    return {static_cast<std::uint8_t>(mask.at("invers").get<bool>()), point_of(mask.at("pos")),
            named_image(mask.at("image"))};
  }
  Brush brush(const char* member) const {
    const json& brush = json_.at(member);
    const auto type = named<BrushType>(
        brush.at("type"),
        {{"none", BrushType::none}, {"solid", BrushType::solid}, {"pattern", BrushType::pattern}});
    Brush result{static_cast<std::uint8_t>(type), {}};
    if (type == BrushType::solid) result.body = SolidBrush{brush.at("color")};
    if (type == BrushType::pattern)
      result.body = PatternBrush{named_image(brush.at("pattern")), point_of(brush.at("pos"))};
    return result;
  }

  DrawStroke stroke() const {
    DrawStroke stroke{base(), {}, {}, brush("brush"), rop("fore_mode"), rop("back_mode")};
    for (const json& segment : json_.at("path")) {
      PathSegment& to = stroke.path.segments.emplace_back();
      to.flags = flags_of<std::uint8_t>(segment.at("flags"), {{"BEGIN", path_begin},
                                                              {"END", path_end},
                                                              {"CLOSE", path_close},
                                                              {"BEZIER", path_bezier}});
      for (const json& point : segment.at("points"))
        to.points.push_back({point.at(0), point.at(1)});
    }
    stroke.attr.flags = flags_of<std::uint8_t>(
        json_.at("line_flags"), {{"STYLED", line_styled}, {"START_WITH_GAP", line_start_with_gap}});
    if ((stroke.attr.flags & line_styled) != 0)
      stroke.attr.style = json_.at("style").get<std::vector<std::int32_t>>();
    return stroke;
  }
  DrawText text() const {
    DrawText text{base(),
                  {},
                  rect_of(json_.at("back_area")),
                  brush("fore_brush"),
                  brush("back_brush"),
                  rop("fore_mode"),
                  rop("back_mode")};
    text.str.flags = flags_of<std::uint8_t>(
        json_.at("string_flags"),
        {{"A1", string_a1}, {"A4", string_a4}, {"A8", string_a8}, {"TOP_DOWN", string_top_down}});
    for (const json& glyph : json_.at("glyphs"))
      text.str.glyphs.push_back({point_of(glyph.at("render_pos")),
                                 point_of(glyph.at("glyph_origin")), glyph.at("width"),
                                 glyph.at("height"), bytes_of(glyph.at("data_b64"))});
    return text;
  }
  DrawComposite composite() const {
    const auto number = [&](const char* member) { return json_.at(member).get<std::uint32_t>(); };
    const auto bit = [&](const char* member, std::uint32_t flag) {
      return json_.value(member, false) ? flag : 0;
    };
    const auto transform = [&](const char* member) -> std::optional<Transform> {
      if (!json_.contains(member)) return std::nullopt;
      const json& t = json_.at(member);
      return Transform{t.at(0), t.at(1), t.at(2), t.at(3), t.at(4), t.at(5)};
    };
    DrawComposite result{base(),
                         0,
                         image("src"),
                         {},
                         transform("src_transform"),
                         transform("mask_transform"),
                         point16_of(json_.at("src_origin")),
                         point16_of(json_.at("mask_origin"))};
    if (json_.contains("mask_image")) result.mask_bitmap = image("mask_image");
    result.flags =
        number("operator") | number("src_filter") << 8 | number("mask_filter") << 11 |
        number("src_repeat") << 14 | number("mask_repeat") << 16 |
        bit("component_alpha", composite_component_alpha) |
        bit("source_opaque", composite_source_opaque) | bit("mask_opaque", composite_mask_opaque) |
        bit("dest_opaque", composite_dest_opaque) | (result.mask_bitmap ? composite_has_mask : 0u) |
        (result.src_transform ? composite_has_source_transform : 0u) |
        (result.mask_transform ? composite_has_mask_transform : 0u);
    return result;
  }

  const json& json_;
  const json& images_;
};

CanvasCase read_case(const json& j) {
  CanvasCase result;
  for (const json& s : j.at("surfaces"))
    result.surfaces.push_back({s.at("id"), surface_format(s.at("format")), s.at("width"),
                               s.at("height"), s.at("stride"), s.at("before")});
  for (const json& command : j.at("commands"))
    result.commands.push_back(CommandReader(command, j.at("images")).read());
  for (const json& e : j.at("expected"))
    result.expected.push_back({e.at("surface_id"),
                               static_cast<std::uint32_t>(std::stoul(
                                   e.at("compare_mask").get<std::string>(), nullptr, 16)),
                               e.at("max_channel_difference"), e.at("after")});
  return result;
}

}  // namespace

Result<CanvasCase> canvas_case_from(const json& json) {
  try {
    return read_case(json);
  } catch (const std::exception& wrong) {
    return fail(ErrorCode::malformed, wrong.what());
  }
}

}  // namespace spicebench::replayer
