// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/image/pixel_buffer.hpp"

#include <fmt/format.h>

#include <cstring>

namespace spicebench::image {

Result<void> check_image_size(std::uint32_t width, std::uint32_t height) {
  constexpr std::uint64_t most_bytes = (std::uint64_t{1} << 31) - 1;
  if (width == 0 || height == 0 || width > longest_image_side || height > longest_image_side ||
      std::uint64_t{width} * height * 4 > most_bytes)
    return fail(ErrorCode::out_of_range,
                fmt::format("image of {} x {}: sides must be 1 to {}, 4 bytes a pixel at most {}",
                            width, height, longest_image_side, most_bytes),
                0, "width");
  return {};
}

Pixmap pixmap_of_rows(std::uint32_t width, std::uint32_t height, Format format, SharedBytes stored,
                      bool top_down) {
  const std::size_t bytes = row_bytes(format, width);
  const auto stride = static_cast<std::uint32_t>(bytes);
  if (top_down) return {width, height, format, stride, std::move(stored)};
  PixelBuffer turned(bytes * height);
  for (std::uint32_t y = 0; y < height; ++y)
    std::memcpy(turned.data() + bytes * y, stored.data() + bytes * (height - 1 - y), bytes);
  return {width, height, format, stride, std::move(turned).take()};
}

}  // namespace spicebench::image
