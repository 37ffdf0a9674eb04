// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <span>

#include "core/base/result.hpp"
#include "core/image/pixmap.hpp"

namespace spicebench::draw {

using image::Format;
using image::PixelView;

// Pixels that can be drawn on. They belong to somebody else: guest memory, a client's buffer.
class Surface {
 public:
  Surface() = default;
  // A surface over `pixels`. With a negative stride the first row in memory is the bottom row.
  // Errors: out_of_range (no such format, a side of 0 or over 32768, a stride shorter than a row,
  // not enough pixels).
  static Result<Surface> over(std::span<std::byte> pixels, std::uint32_t width,
                              std::uint32_t height, std::int64_t stride, std::uint32_t format);

  std::uint32_t width() const { return width_; }
  std::uint32_t height() const { return height_; }
  Format format() const { return format_; }
  std::ptrdiff_t stride() const { return stride_; }  // from a row to the one below it
  std::byte* row(std::uint32_t y) { return top_ + static_cast<std::ptrdiff_t>(y) * stride_; }
  const std::byte* row(std::uint32_t y) const {
    return top_ + static_cast<std::ptrdiff_t>(y) * stride_;
  }
  PixelView view() const { return {width_, height_, format_, top_, stride_}; }
  void clear();  // all zero bytes

 private:
  std::uint32_t width_ = 0, height_ = 0;
  Format format_ = wire::display::surface_32_xrgb;
  std::byte* top_ = nullptr;
  std::ptrdiff_t stride_ = 0;
};

// The visible pixels of two pictures of the same format and size: equal but for the pad bits of
// xRGB and 555, which no screen shows.
bool same_picture(const PixelView& a, const PixelView& b);
// One pixel of them. Precondition: the same format, of whole bytes a pixel.
bool same_pixel(const PixelView& a, const PixelView& b, std::uint32_t x, std::uint32_t y);

}  // namespace spicebench::draw
