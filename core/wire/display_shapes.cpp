// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/wire/display_shapes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "core/wire/describe.hpp"
#include "core/wire/generate.hpp"
#include "core/wire/tables.hpp"

namespace spicebench::wire::display {
namespace {

constexpr std::uint64_t most_path_points = 1'000'000;
constexpr std::uint64_t most_glyph_pixels = 1 << 20, most_text_pixels = 1 << 24;

constexpr Field point_fix_fields[] = {
    scalar(MEMBER(PointFix, x)).usually(0, 16000),
    scalar(MEMBER(PointFix, y)).usually(0, 16000),
};
constexpr Layout point_fix_layout = describes<PointFix>("point_fix", point_fix_fields);

constexpr Name path_flag_entries[] = {
    {path_begin, "begin"}, {path_end, "end"}, {path_close, "close"}, {path_bezier, "bezier"}};
constexpr Names path_flag_names{true, path_flag_entries};
std::string check_segment(const Scope& scope) {
  const auto& segment = scope.as<PathSegment>();
  if ((segment.flags & path_begin) != 0 && segment.points.empty()) return "begins without a point";
  const std::size_t controls = segment.points.size() - ((segment.flags & path_begin) != 0 ? 1 : 0);
  if ((segment.flags & path_bezier) != 0 && controls % 3 != 0)
    return fmt::format("{} points of Bézier curves, allowed multiples of 3", controls);
  return {};
}
void settle_segment(void* object, const Scope*, Choices& choices) {
  auto& segment = *static_cast<PathSegment*>(object);
  const std::size_t begin = (segment.flags & path_begin) != 0 ? 1 : 0;
  if ((segment.flags & path_bezier) != 0)
    segment.points.resize(begin + 3 * choices.below(2));
  else
    segment.points.resize(std::max(segment.points.size(), begin));
}
constexpr Field segment_fields[] = {
    scalar(MEMBER(PathSegment, flags)).named(path_flag_names),
    count("count", 4, 0),
    list(MEMBER(PathSegment, points), point_fix_layout).counted(0),
};
constexpr Layout segment_layout = describes<PathSegment>(
    "path_segment", segment_fields,
    {.check = check_segment,
     .settle = settle_segment,
     .says = "begin has a point; the points behind it are a multiple of 3 if bezier"});

std::string bound_path(const Scope& scope) {
  std::uint64_t points = 0;
  for (const PathSegment& segment : scope.as<Path>().segments) points += segment.points.size();
  return points <= most_path_points
             ? ""
             : fmt::format("{} points, at most {}", points, most_path_points);
}
std::string check_path(const Scope& scope) {
  const auto& segments = scope.as<Path>().segments;
  return segments.empty() || (segments.front().flags & path_begin) != 0
             ? ""
             : "the first segment does not begin a figure";
}
void settle_path(void* object, const Scope*, Choices&) {
  auto& segments = static_cast<Path*>(object)->segments;
  if (segments.empty() || (segments.front().flags & path_begin) != 0) return;
  segments.front().flags |= path_begin;
  segments.front().points.insert(segments.front().points.begin(), PointFix{});
}
constexpr Field path_fields[] = {
    count("num_segments", 4, 0),
    list(MEMBER(Path, segments), segment_layout).counted(0),
};

}  // namespace

constexpr Layout path_layout = describes<Path>("path", path_fields,
                                               {.check = check_path,
                                                .settle = settle_path,
                                                .bound = bound_path,
                                                .says = "the first segment begins a figure",
                                                .bound_says = "at most 1000000 points"});

namespace {

constexpr Name line_flag_entries[] = {{line_start_with_gap, "start_with_gap"},
                                      {line_styled, "styled"}};
constexpr Names line_flag_names{true, line_flag_entries};
constexpr Condition is_styled = has_bits(MEMBER(LineAttr, flags), line_styled);
std::string check_line(const Scope& scope) {
  const auto& line = scope.as<LineAttr>();
  if ((line.flags & line_styled) == 0) return {};
  const auto bad =
      std::ranges::find_if(line.style, [](std::int32_t length) { return length <= 0; });
  return bad == line.style.end() ? "" : fmt::format("a dash or gap of length {}", *bad);
}
void settle_line(void* object, const Scope*, Choices&) {
  for (std::int32_t& length : static_cast<LineAttr*>(object)->style) length = length % 256 + 256;
}
constexpr Field line_attr_fields[] = {
    scalar(MEMBER(LineAttr, flags)).named(line_flag_names),
    count("style_nseg", 1, 0).limited(1, 255, Enforced::validate).when(is_styled),
    list(MEMBER(LineAttr, style)).counted(0).by_pointer().when(is_styled),
};

}  // namespace

constexpr Layout line_attr_layout = describes<LineAttr>(
    "line_attr", line_attr_fields,
    {.check = check_line, .settle = settle_line, .says = "every length is more than 0"});

namespace {

std::uint64_t glyph_bytes(const RasterGlyph& glyph, const String& string) {
  return (std::uint64_t{glyph.width} * glyph_bits(string.flags) + 7) / 8 * glyph.height;
}
std::uint64_t glyph_bytes(const Scope& scope) {
  return glyph_bytes(scope.as<RasterGlyph>(), scope.outer->as<String>());
}
std::string bound_glyph(const Scope& scope) {
  const auto& glyph = scope.as<RasterGlyph>();
  return std::uint64_t{glyph.width} * glyph.height <= most_glyph_pixels
             ? ""
             : fmt::format("a glyph of {}×{}, at most {} pixels", glyph.width, glyph.height,
                           most_glyph_pixels);
}
constexpr Field glyph_fields[] = {
    structure(MEMBER(RasterGlyph, render_pos), point_layout),
    structure(MEMBER(RasterGlyph, glyph_origin), point_layout),
    scalar(MEMBER(RasterGlyph, width)).usually(0, 10),
    scalar(MEMBER(RasterGlyph, height)).usually(0, 3),
    bytes(MEMBER(RasterGlyph, data)).sized(glyph_bytes),
};
constexpr Layout glyph_layout =
    describes<RasterGlyph>("raster_glyph", glyph_fields,
                           {.bound = bound_glyph, .bound_says = "width · height at most 1048576"});

constexpr Name string_flag_entries[] = {{string_a1, "raster_a1"},
                                        {string_a4, "raster_a4"},
                                        {string_a8, "raster_a8"},
                                        {string_top_down, "raster_top_down"}};
constexpr Names string_flag_names{true, string_flag_entries};
std::string check_string(const Scope& scope) {
  const auto& string = scope.as<String>();
  if (!std::has_single_bit(unsigned{string.flags} & string_any_raster))
    return fmt::format("flags {:#x}, exactly one kind of raster allowed", string.flags);
  std::int64_t left = INT64_MAX, top = INT64_MAX, right = INT64_MIN, bottom = INT64_MIN;
  for (const RasterGlyph& glyph : string.glyphs) {
    const std::int64_t x = std::int64_t{glyph.render_pos.x} + glyph.glyph_origin.x;
    const std::int64_t y = std::int64_t{glyph.render_pos.y} + glyph.glyph_origin.y;
    left = std::min(left, x), right = std::max(right, x + glyph.width);
    top = std::min(top, y), bottom = std::max(bottom, y + glyph.height);
  }
  if (string.glyphs.empty()) return {};
  // Both factors are below 2³⁴.
  const auto pixels = static_cast<double>(right - left) * static_cast<double>(bottom - top);
  return pixels <= static_cast<double>(most_text_pixels)
             ? ""
             : fmt::format("glyphs in a box of {}×{}, at most {} pixels", right - left,
                           bottom - top, most_text_pixels);
}
void settle_string(void* object, const Scope*, Choices& choices) {
  auto& string = *static_cast<String*>(object);
  string.flags =
      static_cast<std::uint8_t>((string.flags & string_top_down) | string_a1 << choices.below(3));
  if (string.glyphs.empty()) string.glyphs.emplace_back();
  for (RasterGlyph& glyph : string.glyphs) {
    for (Point* point : {&glyph.render_pos, &glyph.glyph_origin})
      point->x %= 1000, point->y %= 1000;
    Bytes data(glyph_bytes(glyph, string));
    for (std::byte& byte : data) byte = static_cast<std::byte>(choices.below(256));
    glyph.data = data.empty() ? SharedBytes() : SharedBytes(std::move(data));
  }
}
constexpr Condition has_raster = has_bits(MEMBER(String, flags), string_any_raster);
constexpr Field string_fields[] = {
    count("length", 2, 0).limited(1, 65535, Enforced::validate),
    scalar(MEMBER(String, flags)).named(string_flag_names),
    list(MEMBER(String, glyphs), glyph_layout).counted(0).when(has_raster),
};

}  // namespace

constexpr Layout string_layout =
    describes<String>("string", string_fields,
                      {.check = check_string,
                       .settle = settle_string,
                       .says = "exactly one kind of raster; a box around all glyphs has at most "
                               "16777216 pixels"});

namespace {

constexpr Field transform_fields[] = {
    scalar(MEMBER(Transform, t00)), scalar(MEMBER(Transform, t01)), scalar(MEMBER(Transform, t02)),
    scalar(MEMBER(Transform, t10)), scalar(MEMBER(Transform, t11)), scalar(MEMBER(Transform, t12)),
};

constexpr Name operator_entries[] = {
    {0x00, "clear"},
    {0x01, "src"},
    {0x02, "dst"},
    {0x03, "over"},
    {0x04, "over_reverse"},
    {0x05, "in"},
    {0x06, "in_reverse"},
    {0x07, "out"},
    {0x08, "out_reverse"},
    {0x09, "atop"},
    {0x0a, "atop_reverse"},
    {0x0b, "xor"},
    {0x0c, "add"},
    {0x0d, "saturate"},
    {0x10, "disjoint_clear"},
    {0x11, "disjoint_src"},
    {0x12, "disjoint_dst"},
    {0x13, "disjoint_over"},
    {0x14, "disjoint_over_reverse"},
    {0x15, "disjoint_in"},
    {0x16, "disjoint_in_reverse"},
    {0x17, "disjoint_out"},
    {0x18, "disjoint_out_reverse"},
    {0x19, "disjoint_atop"},
    {0x1a, "disjoint_atop_reverse"},
    {0x1b, "disjoint_xor"},
    {0x20, "conjoint_clear"},
    {0x21, "conjoint_src"},
    {0x22, "conjoint_dst"},
    {0x23, "conjoint_over"},
    {0x24, "conjoint_over_reverse"},
    {0x25, "conjoint_in"},
    {0x26, "conjoint_in_reverse"},
    {0x27, "conjoint_out"},
    {0x28, "conjoint_out_reverse"},
    {0x29, "conjoint_atop"},
    {0x2a, "conjoint_atop_reverse"},
    {0x2b, "conjoint_xor"},
    {0x30, "multiply"},
    {0x31, "screen"},
    {0x32, "overlay"},
    {0x33, "darken"},
    {0x34, "lighten"},
    {0x35, "color_dodge"},
    {0x36, "color_burn"},
    {0x37, "hard_light"},
    {0x38, "soft_light"},
    {0x39, "difference"},
    {0x3a, "exclusion"},
    {0x3b, "hsl_hue"},
    {0x3c, "hsl_saturation"},
    {0x3d, "hsl_color"},
    {0x3e, "hsl_luminosity"},
};
constexpr Names operator_names{false, operator_entries};
constexpr Name filter_entries[] = {
    {0, "fast"}, {1, "good"}, {2, "best"}, {3, "nearest"}, {4, "bilinear"}};
constexpr Names filter_names{false, filter_entries};
constexpr Name repeat_entries[] = {{0, "none"}, {1, "normal"}, {2, "pad"}, {3, "reflect"}};
constexpr Names repeat_names{false, repeat_entries};
constexpr NamedPart composite_parts[] = {
    {"operator", 0, 8, &operator_names},   {"source_filter", 8, 3, &filter_names},
    {"mask_filter", 11, 3, &filter_names}, {"source_repeat", 14, 2, &repeat_names},
    {"mask_repeat", 16, 2, &repeat_names},
};
constexpr Name composite_entries[] = {
    {composite_component_alpha, "component_alpha"},
    {composite_has_mask, "has_mask"},
    {composite_has_source_transform, "has_source_transform"},
    {composite_has_mask_transform, "has_mask_transform"},
    {composite_source_opaque, "source_opaque"},
    {composite_mask_opaque, "mask_opaque"},
    {composite_dest_opaque, "dest_opaque"},
};

}  // namespace

constexpr Layout transform_layout = describes<Transform>("transform", transform_fields);
constexpr Names composite_names{true, composite_entries, composite_parts};

}  // namespace spicebench::wire::display
