// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/display/graduality.hpp"

#include <array>
#include <cstdlib>

namespace spicebench::server {

using namespace wire::display;

namespace {

struct Pixel {
  std::array<int, 3> parts;
  bool operator==(const Pixel&) const = default;
};

Pixel pixel_at(const image::BitmapView& picture, std::uint32_t x, std::uint32_t y) {
  const std::size_t bytes = bitmap_bits(picture.format) / 8;
  const auto raw =
      static_cast<std::uint32_t>(load_little_endian(picture.row(y) + bytes * x, bytes));
  if (picture.format == format_16bit)
    return {{static_cast<int>(raw >> 10 & 31), static_cast<int>(raw >> 5 & 31),
             static_cast<int>(raw & 31)}};
  return {{static_cast<int>(raw >> 16 & 255), static_cast<int>(raw >> 8 & 255),
           static_cast<int>(raw & 255)}};
}

// In quarters.
int score(const Pixel& a, const Pixel& b, int far) {
  constexpr int equal = 2, distant = 4, near = -1;
  if (a == b) return equal;
  for (std::size_t i = 0; i < 3; ++i)
    if (std::abs(a.parts[i] - b.parts[i]) >= far) return distant;
  return near;
}

}  // namespace

Graduality graduality_of(const image::BitmapView& picture) {
  const std::uint32_t width = picture.width, height = picture.height;
  const bool is_16bit = picture.format == format_16bit;
  const int far = is_16bit ? 8 : 60;
  std::int64_t quarters = 0, pairs = 0;
  if (width < 2 || height < 2) {
    quarters = 4;
    pairs = 1;
  } else {
    const std::uint32_t step = 15 % width == 0 ? 14 : 15;
    for (std::uint64_t at = width / 2; at < std::uint64_t{width} * (height - 1); at += step) {
      auto x = static_cast<std::uint32_t>(at % width);
      const auto y = static_cast<std::uint32_t>(at / width);
      if (x == width - 1) --x;
      const Pixel pixel = pixel_at(picture, x, y), right = pixel_at(picture, x + 1, y),
                  lower = pixel_at(picture, x, y + 1), diagonal = pixel_at(picture, x + 1, y + 1);
      pairs += 3;
      if (pixel == right && pixel == lower && pixel == diagonal) continue;
      quarters += score(pixel, right, far) + score(pixel, lower, far) + score(pixel, diagonal, far);
    }
  }
  // quarters / (4 * pairs) against -0.03 and 0.002.
  if (is_16bit ? quarters < 0 : 1000 * quarters < -30 * 4 * pairs) return Graduality::high;
  return 1000 * quarters < 2 * 4 * pairs ? Graduality::medium : Graduality::low;
}

}  // namespace spicebench::server
