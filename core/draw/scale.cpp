// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/draw/scale.hpp"

namespace spicebench::draw {

Stretch::Axis Stretch::axis(std::int64_t source_from, std::int64_t source_size,
                            std::int64_t box_from, std::int64_t box_size) {
  const std::int64_t factor = source_size * 65536 / box_size;
  return {factor, ((factor * 0x8000 + 0x8000) >> 16) + source_from * 65536, box_from};
}

Stretch::Stretch(const image::PixelView& picture, const wire::display::Rect& area,
                 const wire::display::Rect& box, ScaleMode mode)
    : picture_(picture),
      x_(axis(area.left, width_of(area), box.left, width_of(box))),
      y_(axis(area.top, height_of(area), box.top, height_of(box))),
      mode_(mode) {}

image::Argb Stretch::pixel(std::int64_t column, std::int64_t row) const {
  if (column < 0 || row < 0 || column >= picture_.width || row >= picture_.height) return 0;
  return image::argb_of_word(
      picture_.format,
      image::word_at(picture_.format, picture_.row(static_cast<std::uint32_t>(row)),
                     static_cast<std::uint64_t>(column)));
}

image::Argb Stretch::at(std::int32_t x, std::int32_t y) const {
  const std::int64_t u = x_.at(x), v = y_.at(y);
  if (mode_ == ScaleMode::nearest) return pixel((u - 1) >> 16, (v - 1) >> 16);
  const std::int64_t u0 = u - 0x8000, v0 = v - 0x8000, column = u0 >> 16, row = v0 >> 16;
  const auto wx = static_cast<std::uint32_t>(u0 >> 9 & 127),
             wy = static_cast<std::uint32_t>(v0 >> 9 & 127);
  const image::Argb corners[] = {pixel(column, row), pixel(column + 1, row), pixel(column, row + 1),
                                 pixel(column + 1, row + 1)};
  const std::uint32_t weights[] = {(128 - wx) * (128 - wy), wx * (128 - wy), (128 - wx) * wy,
                                   wx * wy};
  image::Argb result = 0;
  for (std::uint32_t shift = 0; shift < 32; shift += 8) {
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < 4; ++i) sum += (corners[i] >> shift & 255) * weights[i];
    result |= (sum >> 14) << shift;
  }
  return result;
}

}  // namespace spicebench::draw
