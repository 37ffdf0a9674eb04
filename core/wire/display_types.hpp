// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <array>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/shared_bytes.hpp"
#include "core/wire/ids.hpp"

// Structures that several display messages share (protocol.md §4.2).
namespace spicebench::wire::display {

struct Point {
  std::int32_t x = 0, y = 0;
  bool operator==(const Point&) const = default;
};
struct Point16 {
  std::int16_t x = 0, y = 0;
  bool operator==(const Point16&) const = default;
};
// right and bottom exclusive; on the wire in this order.
struct Rect {
  std::int32_t top = 0, left = 0, bottom = 0, right = 0;
  bool operator==(const Rect&) const = default;
};
constexpr std::int64_t width_of(const Rect& r) {
  return std::int64_t{r.right} - r.left;
}
constexpr std::int64_t height_of(const Rect& r) {
  return std::int64_t{r.bottom} - r.top;
}
constexpr bool is_empty(const Rect& r) {
  return r.right <= r.left || r.bottom <= r.top;
}

// Whether it lies in a picture of this size, which it does even if it is empty.
constexpr bool is_within(const Rect& r, std::uint32_t width, std::uint32_t height) {
  return r.left >= 0 && r.top >= 0 && r.right <= std::int64_t{width} &&
         r.bottom <= std::int64_t{height};
}

enum ClipType : std::uint8_t { clip_none = 0, clip_rects = 1 };
struct Clip {
  std::uint8_t type = clip_none;
  std::vector<Rect> rects;  // only with clip_rects; u32 count
  bool operator==(const Clip&) const = default;
};
// The beginning of copy_bits and of every draw_* message.
struct DisplayBase {
  std::uint32_t surface_id = 0;
  Rect box;
  Clip clip;
  bool operator==(const DisplayBase&) const = default;
};

struct Palette {
  std::uint64_t unique = 0;            // cache key
  std::vector<std::uint32_t> entries;  // 0x00RRGGBB; u16 count, at most 256
  bool operator==(const Palette&) const = default;
};
enum BitmapFormat : std::uint8_t {
  format_1bit_le = 1,
  format_1bit_be = 2,
  format_4bit_le = 3,
  format_4bit_be = 4,
  format_8bit = 5,
  format_16bit = 6,
  format_24bit = 7,
  format_32bit = 8,
  format_rgba = 9,
  format_8bit_a = 10,
};
// Bits of one pixel of a BitmapFormat; 0: no such format.
constexpr unsigned bitmap_bits(std::uint8_t format) {
  constexpr unsigned bits[] = {0, 1, 1, 4, 4, 8, 16, 24, 32, 32, 8};
  return format < std::size(bits) ? bits[format] : 0;
}
std::string_view bitmap_format_name(std::uint8_t format);  // "1bit_be"; "unknown"
enum BitmapFlags : std::uint8_t { pal_cache_me = 1, pal_from_cache = 2, top_down = 4 };
struct Bitmap {
  std::uint8_t format = format_32bit, flags = top_down;
  std::uint32_t x = 0, y = 0;      // width and height in pixels
  std::uint32_t stride = 0;        // bytes per row
  std::uint64_t palette_id = 0;    // only with pal_from_cache
  std::optional<Palette> palette;  // pointer; never with pal_from_cache
  SharedBytes data;                // stride * y bytes, inline
  bool operator==(const Bitmap&) const = default;
};
enum class ImageType : std::uint8_t {
  bitmap = 0,
  quic = 1,
  lz_plt = 100,
  lz_rgb = 101,
  glz_rgb = 102,
  from_cache = 103,
  surface = 104,
  jpeg = 105,
  from_cache_lossless = 106,
  zlib_glz_rgb = 107,
  jpeg_alpha = 108,
  lz4 = 109,
};
// Whether images of this type refer to others of the GLZ dictionary.
constexpr bool is_of_dictionary(std::uint8_t type) {
  return type == static_cast<std::uint8_t>(ImageType::glz_rgb) ||
         type == static_cast<std::uint8_t>(ImageType::zlib_glz_rgb);
}
std::string_view image_type_name(std::uint8_t type);  // "lz_rgb"; "unknown"
enum ImageFlags : std::uint8_t { cache_me = 1, high_bits_set = 2, cache_replace_me = 4 };

// Payloads of an image, by its type.
struct SizedData {
  SharedBytes data;
  bool operator==(const SizedData&) const = default;
};  // u32 data_size
struct LzPaletteData {
  std::uint8_t flags = 0;          // BitmapFlags
  std::uint64_t palette_id = 0;    // only with pal_from_cache
  std::optional<Palette> palette;  // pointer, non-null; never with pal_from_cache
  SharedBytes data;                // u32 data_size, stands before the palette
  bool operator==(const LzPaletteData&) const = default;
};
struct ZlibGlzData {
  std::uint32_t glz_data_size = 0;  // after inflation
  SharedBytes data;
  bool operator==(const ZlibGlzData&) const = default;
};
struct JpegAlphaData {
  std::uint8_t flags = 0;       // 1 top_down
  std::uint32_t jpeg_size = 0;  // the rest of data is the alpha plane
  SharedBytes data;
  bool operator==(const JpegAlphaData&) const = default;
};
struct SurfaceReference {
  std::uint32_t surface_id = 0;
  bool operator==(const SurfaceReference&) const = default;
};

// Always reached through a pointer. The payload's alternative follows `type`: bitmap → Bitmap;
// quic, lz_rgb, glz_rgb, jpeg, lz4 → SizedData; lz_plt → LzPaletteData; zlib_glz_rgb → ZlibGlzData;
// jpeg_alpha → JpegAlphaData; surface → SurfaceReference; from_cache* and unknown types →
// monostate.
struct Image {
  std::uint64_t id = 0;    // cache key
  std::uint8_t type = 0;   // ImageType
  std::uint8_t flags = 0;  // ImageFlags
  std::uint32_t width = 0, height = 0;
  std::variant<std::monostate, Bitmap, SizedData, LzPaletteData, ZlibGlzData, JpegAlphaData,
               SurfaceReference>
      payload;
  bool operator==(const Image&) const = default;
};

enum class BrushType : std::uint8_t { none = 0, solid = 1, pattern = 2 };
struct SolidBrush {
  std::uint32_t color = 0;
  bool operator==(const SolidBrush&) const = default;
};  // 0x00RRGGBB
struct PatternBrush {
  Image pattern;
  Point position;
  bool operator==(const PatternBrush&) const = default;
};  // pointer, non-null
struct Brush {
  std::uint8_t type = 0;  // BrushType; solid → SolidBrush, pattern → PatternBrush, else monostate
  std::variant<std::monostate, SolidBrush, PatternBrush> body;
  bool operator==(const Brush&) const = default;
};
struct QMask {
  std::uint8_t flags = 0;  // 1 invers
  Point position;
  std::optional<Image> bitmap;  // pointer; absent: no mask
  bool operator==(const QMask&) const = default;
};

// Raster operation descriptor (§4.2.9); exactly one of put … invers.
enum Ropd : std::uint16_t {
  ropd_invers_src = 1,
  ropd_invers_brush = 2,
  ropd_invers_dest = 4,
  ropd_put = 8,
  ropd_or = 16,
  ropd_and = 32,
  ropd_xor = 64,
  ropd_blackness = 128,
  ropd_whiteness = 256,
  ropd_invers = 512,
  ropd_invers_res = 1024,
};
constexpr std::uint32_t most_surface_id = 1023;
enum SurfaceFormat : std::uint32_t {
  surface_1_a = 1,
  surface_8_a = 8,
  surface_16_555 = 16,
  surface_32_xrgb = 32,
  surface_16_565 = 80,
  surface_32_argb = 96,
};
enum SurfaceFlags : std::uint32_t { surface_primary = 1, surface_streaming_mode = 2 };

}  // namespace spicebench::wire::display
