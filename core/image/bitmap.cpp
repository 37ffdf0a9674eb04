// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/image/bitmap.hpp"

#include <fmt/format.h>

#include <cstring>
#include <string>

#include "core/image/decode.hpp"
#include "core/image/pixel.hpp"
#include "core/image/pixel_buffer.hpp"

namespace spicebench::image {
namespace {

using namespace wire::display;

// The bitmap of an image, with all that its fields promise about its data checked.
Result<const Bitmap*> checked_bitmap(const Image& image) {
  CHECKED(check_image_size(image.width, image.height));
  const auto* bitmap = std::get_if<Bitmap>(&image.payload);
  if (!bitmap)
    return fail(ErrorCode::malformed,
                fmt::format("{} where a bitmap has to be", image_type_name(image.type)), 0, "type");
  if (bitmap_bits(bitmap->format) == 0)
    return fail(ErrorCode::malformed,
                fmt::format("bitmap format {}, known: 1 to 10", bitmap->format), 0, "format");
  if (bitmap->x != image.width || bitmap->y != image.height)
    return fail(ErrorCode::out_of_range,
                fmt::format("bitmap of {} x {} in an image of {} x {}", bitmap->x, bitmap->y,
                            image.width, image.height),
                0, "x");
  const std::uint64_t least = (std::uint64_t{bitmap->x} * bitmap_bits(bitmap->format) + 7) / 8;
  if (bitmap->stride < least)
    return fail(ErrorCode::out_of_range,
                fmt::format("stride {}, at least {} for {} pixels of {}", bitmap->stride, least,
                            bitmap->x, bitmap_format_name(bitmap->format)),
                0, "stride");
  if (bitmap->data.size() < std::uint64_t{bitmap->stride} * bitmap->y)
    return fail(ErrorCode::truncated,
                fmt::format("{} bytes of pixels, {} rows of {} need {}", bitmap->data.size(),
                            bitmap->y, bitmap->stride, std::uint64_t{bitmap->stride} * bitmap->y),
                0, "data");
  return bitmap;
}

const std::byte* row_of(const Bitmap& bitmap, std::uint32_t y) {
  const std::uint32_t stored = (bitmap.flags & top_down) != 0 ? y : bitmap.y - 1 - y;
  return bitmap.data.data() + std::size_t{stored} * bitmap.stride;
}

// A picture whose rows `fill(y, to)` writes; rows have no padding.
template <class Fill>
Pixmap made_by_rows(const Bitmap& bitmap, Format format, Fill fill) {
  const std::size_t stride = row_bytes(format, bitmap.x);
  Bytes pixels(stride * bitmap.y);
  for (std::uint32_t y = 0; y < bitmap.y; ++y) fill(row_of(bitmap, y), pixels.data() + stride * y);
  return {bitmap.x, bitmap.y, format, static_cast<std::uint32_t>(stride), std::move(pixels)};
}

// The rows are what they should be; only their order may differ.
Pixmap taken_over(const Bitmap& bitmap, Format format) {
  if ((bitmap.flags & top_down) != 0)
    return {bitmap.x, bitmap.y, format, bitmap.stride,
            bitmap.data.slice(0, std::size_t{bitmap.stride} * bitmap.y)};
  const std::size_t bytes = row_bytes(format, bitmap.x);
  return made_by_rows(bitmap, format, [bytes](const std::byte* from, std::byte* to) {
    std::memcpy(to, from, bytes);
  });
}

template <class Word>
Result<Pixmap> through_palette(const Bitmap& bitmap, Format format, const Palette& palette) {
  const std::uint32_t bits = bitmap_bits(bitmap.format), mask = (1u << bits) - 1;
  const std::uint32_t per_byte = 8 / bits;
  Word words[256] = {};
  const std::size_t entries = std::min<std::size_t>(palette.entries.size(), 256);
  for (std::size_t i = 0; i < entries; ++i) words[i] = static_cast<Word>(palette.entries[i]);
  std::uint32_t largest = 0;
  auto pixmap = made_by_rows(bitmap, format, [&](const std::byte* from, std::byte* to) {
    for (std::uint32_t x = 0; x < bitmap.x; ++x) {
      const std::uint32_t shift = (per_byte - 1 - x % per_byte) * bits;
      const std::uint32_t index =
          std::to_integer<std::uint32_t>(from[x / per_byte]) >> shift & mask;
      largest = std::max(largest, index);
      store_word(to + x * sizeof(Word), words[index]);
    }
  });
  if (largest >= palette.entries.size())
    return fail(ErrorCode::out_of_range,
                fmt::format("palette index {}, the palette has {} entries", largest,
                            palette.entries.size()),
                0, "data");
  return pixmap;
}

Result<Pixmap> decode_indexed(const Bitmap& bitmap, Format surface, PaletteCache* palettes) {
  const Palette& palette = *TRY(palette_of(
      {bitmap.flags, bitmap.palette_id, bitmap.palette ? &*bitmap.palette : nullptr}, palettes));
  switch (surface) {
    case surface_32_xrgb:
    case surface_32_argb:
      return through_palette<std::uint32_t>(bitmap, surface, palette);
    case surface_16_555:
      return through_palette<std::uint16_t>(bitmap, surface, palette);
    default:
      return fail(ErrorCode::unsupported,
                  fmt::format("a palette bitmap on a surface of format {}",
                              static_cast<std::uint32_t>(surface)),
                  0, "format");
  }
}

}  // namespace

Result<Pixmap> decode_bitmap(const Image& image, Format surface, PaletteCache* palettes) {
  const Bitmap& bitmap = *TRY(checked_bitmap(image));
  switch (bitmap.format) {
    case format_1bit_be:
    case format_4bit_be:
    case format_8bit:
      return decode_indexed(bitmap, surface, palettes);
    case format_16bit:
      return taken_over(bitmap, surface_16_555);
    case format_24bit:
      return made_by_rows(bitmap, surface_32_xrgb,
                          [width = bitmap.x](const std::byte* from, std::byte* to) {
                            for (std::uint32_t x = 0; x < width; ++x)
                              std::memcpy(to + 4 * x, from + 3 * x, 3);  // pad stays 0
                          });
    case format_32bit:
      return taken_over(bitmap, surface_32_xrgb);
    case format_rgba:
      return taken_over(bitmap, surface_32_argb);
    case format_8bit_a:
      return taken_over(bitmap, surface_8_a);
    default:  // 1bit_le and 4bit_le have no meaning as colours (canvas.md §2.1)
      return fail(ErrorCode::unsupported,
                  fmt::format("{} as a colour image", bitmap_format_name(bitmap.format)), 0,
                  "format");
  }
}

Result<Pixmap> decode_mask(const Image& image) {
  const Bitmap& bitmap = *TRY(checked_bitmap(image));
  if (bitmap.format == format_1bit_le) return taken_over(bitmap, surface_1_a);
  if (bitmap.format != format_1bit_be)
    return fail(
        ErrorCode::malformed,
        fmt::format("a mask of {}, only 1bit_le and 1bit_be", bitmap_format_name(bitmap.format)), 0,
        "format");
  const std::size_t bytes = row_bytes(surface_1_a, bitmap.x);
  return made_by_rows(bitmap, surface_1_a, [bytes](const std::byte* from, std::byte* to) {
    for (std::size_t i = 0; i < bytes; ++i) {
      auto bits = std::to_integer<unsigned>(from[i]);
      bits = (bits & 0xf0u) >> 4 | (bits & 0x0fu) << 4;
      bits = (bits & 0xccu) >> 2 | (bits & 0x33u) << 2;
      bits = (bits & 0xaau) >> 1 | (bits & 0x55u) << 1;
      to[i] = static_cast<std::byte>(bits);
    }
  });
}

}  // namespace spicebench::image
