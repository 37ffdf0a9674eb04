// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstddef>
#include <cstdint>

#include "core/base/shared_bytes.hpp"
#include "core/wire/display_types.hpp"

namespace spicebench::image {

using Format = wire::display::SurfaceFormat;  // of pixels, canvas.md §1

// Bits of one pixel of a known format (canvas.md §1: the number's low six bits).
constexpr std::uint32_t bits_per_pixel(Format format) {
  return static_cast<std::uint32_t>(format) & 63u;
}
constexpr bool is_known(std::uint32_t format) {
  using namespace wire::display;
  return format == surface_1_a || format == surface_8_a || format == surface_16_555 ||
         format == surface_16_565 || format == surface_32_xrgb || format == surface_32_argb;
}
// Bytes that the pixels of one row fill, without padding.
constexpr std::size_t row_bytes(Format format, std::uint32_t width) {
  return (std::size_t{width} * bits_per_pixel(format) + 7) / 8;
}

// Somebody's pixels, to be read: row y begins at `top` + y * stride. Valid as long as its owner.
struct PixelView {
  std::uint32_t width = 0, height = 0;
  Format format = wire::display::surface_32_xrgb;
  const std::byte* top = nullptr;  // the row at the top of the picture
  std::ptrdiff_t stride = 0;       // bytes from a row to the one below it; may be negative
  const std::byte* row(std::uint32_t y) const {
    return top + static_cast<std::ptrdiff_t>(y) * stride;
  }
};

// A picture that nobody changes any more: rows of `stride` bytes, top row first. Copies share the
// pixels; the bytes may be those of the message that brought them.
struct Pixmap {
  std::uint32_t width = 0, height = 0;
  Format format = wire::display::surface_32_xrgb;
  std::uint32_t stride = 0;  // bytes, at least row_bytes(format, width)
  SharedBytes pixels;        // stride * height bytes

  PixelView view() const {
    return {width, height, format, pixels.data(), static_cast<std::ptrdiff_t>(stride)};
  }
  std::uint64_t area() const { return std::uint64_t{width} * height; }
};

}  // namespace spicebench::image
