// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstddef>
#include <cstdint>

#include "core/image/pixmap.hpp"

namespace spicebench::image {

// Somebody's pixels in a format of the wire, to be encoded: row y (0: the top of the picture)
// begins at `top` + y * stride. Palettes stay with the caller, since encoders see indices only.
struct BitmapView {
  wire::display::BitmapFormat format = wire::display::format_32bit;
  std::uint32_t width = 0, height = 0;
  const std::byte* top = nullptr;
  std::ptrdiff_t stride = 0;  // bytes from a row to the one below it; may be negative
  const std::byte* row(std::uint32_t y) const {
    return top + static_cast<std::ptrdiff_t>(y) * stride;
  }
  // Bytes that the pixels of one row fill, without padding.
  std::size_t row_bytes() const {
    return (std::size_t{width} * wire::display::bitmap_bits(format) + 7) / 8;
  }
};

}  // namespace spicebench::image
