// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/draw/surface.hpp"

#include <fmt/format.h>

#include <cstring>

#include "core/image/pixel.hpp"

namespace spicebench::draw {

Result<Surface> Surface::over(std::span<std::byte> pixels, std::uint32_t width,
                              std::uint32_t height, std::int64_t stride, std::uint32_t format) {
  constexpr std::uint32_t longest_side = 32768;  // protocol.md §10.6
  if (!image::is_known(format))
    return fail(ErrorCode::out_of_range, fmt::format("surface format {}", format), 0, "format");
  if (width == 0 || height == 0 || width > longest_side || height > longest_side)
    return fail(
        ErrorCode::out_of_range,
        fmt::format("surface of {} x {}: sides must be 1 to {}", width, height, longest_side), 0,
        "width");
  const auto row = static_cast<std::int64_t>(image::row_bytes(static_cast<Format>(format), width));
  const std::int64_t distance = stride < 0 ? -stride : stride;
  constexpr std::int64_t largest_stride = std::int64_t{1} << 31;
  if (distance < row || distance > largest_stride)
    return fail(ErrorCode::out_of_range, fmt::format("stride {}, a row has {} bytes", stride, row),
                0, "stride");
  const auto needed =
      static_cast<std::uint64_t>(distance) * (height - 1) + static_cast<std::uint64_t>(row);
  if (pixels.size() < needed)
    return fail(ErrorCode::out_of_range,
                fmt::format("{} bytes of pixels, the surface needs {}", pixels.size(), needed));
  Surface surface;
  surface.width_ = width;
  surface.height_ = height;
  surface.format_ = static_cast<Format>(format);
  surface.stride_ = static_cast<std::ptrdiff_t>(stride);
  surface.top_ = pixels.data() + (stride < 0 ? distance * (height - 1) : 0);
  return surface;
}

void Surface::clear() {
  const std::size_t bytes = image::row_bytes(format_, width_);
  for (std::uint32_t y = 0; y < height_; ++y) std::memset(row(y), 0, bytes);
}

namespace {

template <class Word>
bool same_rows(const PixelView& a, const PixelView& b, Word visible) {
  for (std::uint32_t y = 0; y < a.height; ++y) {
    const std::byte *in_a = a.row(y), *in_b = b.row(y);
    Word difference = 0;
    for (std::size_t i = 0; i < std::size_t{a.width} * sizeof(Word); i += sizeof(Word))
      difference |= image::load_word<Word>(in_a + i) ^ image::load_word<Word>(in_b + i);
    if ((difference & visible) != 0) return false;
  }
  return true;
}

}  // namespace

bool same_picture(const PixelView& a, const PixelView& b) {
  if (a.width != b.width || a.height != b.height || a.format != b.format) return false;
  switch (a.format) {
    case wire::display::surface_32_xrgb:
      return same_rows<std::uint32_t>(a, b, 0x00ff'ffffu);
    case wire::display::surface_32_argb:
      return same_rows<std::uint32_t>(a, b, 0xffff'ffffu);
    case wire::display::surface_16_555:
      return same_rows<std::uint16_t>(a, b, 0x7fff);
    case wire::display::surface_16_565:
      return same_rows<std::uint16_t>(a, b, 0xffff);
    case wire::display::surface_8_a:
      return same_rows<std::uint8_t>(a, b, 0xff);
    case wire::display::surface_1_a:
      break;
  }
  for (std::uint32_t y = 0; y < a.height; ++y)
    for (std::uint32_t x = 0; x < a.width; ++x)
      if (image::bit_at(a.row(y), x) != image::bit_at(b.row(y), x)) return false;
  return true;
}

bool same_pixel(const PixelView& a, const PixelView& b, std::uint32_t x, std::uint32_t y) {
  const std::size_t bytes = image::bits_per_pixel(a.format) / 8;
  const auto pixel = [=](const PixelView& picture) -> PixelView {
    return {1, 1, picture.format, picture.row(y) + x * bytes, picture.stride};
  };
  return same_picture(pixel(a), pixel(b));
}

}  // namespace spicebench::draw
