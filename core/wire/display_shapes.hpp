// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <vector>

#include "core/base/shared_bytes.hpp"
#include "core/wire/display_types.hpp"

// What strokes, texts and composites consist of (protocol.md §4.2.8, canvas.md §10.1).
namespace spicebench::wire::display {

// Fixed point with 4 fraction bits.
struct PointFix {
  std::int32_t x = 0, y = 0;
  bool operator==(const PointFix&) const = default;
};
enum PathFlags : std::uint8_t {
  path_begin = 1,
  path_end = 2,
  path_close = 8,
  path_bezier = 16,
};
struct PathSegment {
  std::uint8_t flags = 0;        // PathFlags
  std::vector<PointFix> points;  // u32 count; with path_bezier a multiple of 3
  bool operator==(const PathSegment&) const = default;
};
struct Path {
  std::vector<PathSegment> segments;  // u32 count
  bool operator==(const Path&) const = default;
};

enum LineFlags : std::uint8_t { line_start_with_gap = 4, line_styled = 8 };
struct LineAttr {
  std::uint8_t flags = 0;           // LineFlags
  std::vector<std::int32_t> style;  // only with line_styled: dash and gap lengths in 28.4 fixed
                                    // point, at least one; u8 count, then a pointer to them
  bool operator==(const LineAttr&) const = default;
};

enum StringFlags : std::uint8_t {
  string_a1 = 1,
  string_a4 = 2,
  string_a8 = 4,
  string_top_down = 8,
};
constexpr std::uint8_t string_any_raster = string_a1 | string_a4 | string_a8;
// Bits of a pixel of the glyphs of a string with these flags; the lowest of the raster flags
// counts. 0: none is set, there are no glyphs.
constexpr unsigned glyph_bits(std::uint8_t string_flags) {
  if ((string_flags & string_a1) != 0) return 1;
  if ((string_flags & string_a4) != 0) return 4;
  return (string_flags & string_a8) != 0 ? 8 : 0;
}
// Its top-left pixel is at render_pos + glyph_origin.
struct RasterGlyph {
  Point render_pos, glyph_origin;
  std::uint16_t width = 0, height = 0;
  SharedBytes data;  // rows of ⌈width·bits/8⌉ bytes, the bottom row first
  bool operator==(const RasterGlyph&) const = default;
};
struct String {
  std::uint8_t flags = 0;           // StringFlags, exactly one of the raster flags
  std::vector<RasterGlyph> glyphs;  // u16 length, stands before flags
  bool operator==(const String&) const = default;
};

// Destination (x, y, 1) to source: x' = t00·x + t01·y + t02, y' = t10·x + t11·y + t12; signed 16.16
// fixed point.
struct Transform {
  std::int32_t t00 = 1 << 16, t01 = 0, t02 = 0, t10 = 0, t11 = 1 << 16, t12 = 0;
  bool operator==(const Transform&) const = default;
};

// The flags of draw_composite: numbers and bits in one word.
enum CompositeFlags : std::uint32_t {
  composite_component_alpha = 1u << 18,
  composite_has_mask = 1u << 19,
  composite_has_source_transform = 1u << 20,
  composite_has_mask_transform = 1u << 21,
  composite_source_opaque = 1u << 22,
  composite_mask_opaque = 1u << 23,
  composite_dest_opaque = 1u << 24,
};
constexpr std::uint8_t composite_operator(std::uint32_t flags) {
  return static_cast<std::uint8_t>(flags & 0xff);
}
// Filters: 0 fast, 1 good, 2 best, 3 nearest, 4 bilinear.
constexpr std::uint8_t composite_source_filter(std::uint32_t flags) {
  return static_cast<std::uint8_t>(flags >> 8 & 7);
}
constexpr std::uint8_t composite_mask_filter(std::uint32_t flags) {
  return static_cast<std::uint8_t>(flags >> 11 & 7);
}
// Repeats: 0 none, 1 normal, 2 pad, 3 reflect.
constexpr std::uint8_t composite_source_repeat(std::uint32_t flags) {
  return static_cast<std::uint8_t>(flags >> 14 & 3);
}
constexpr std::uint8_t composite_mask_repeat(std::uint32_t flags) {
  return static_cast<std::uint8_t>(flags >> 16 & 3);
}

}  // namespace spicebench::wire::display
