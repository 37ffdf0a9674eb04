// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>

#include "core/image/pixel.hpp"
#include "core/wire/display_types.hpp"

// Sampling for stretched copies (canvas.md §6).
namespace spicebench::draw {

enum class ScaleMode : std::uint8_t { interpolate = 0, nearest = 1 };

// A source area stretched over a destination box. Positions are 16.16 fixed point, taken at pixel
// centres; outside the picture everything is transparent black.
class Stretch {
 public:
  // Precondition: neither area nor box is empty.
  Stretch(const image::PixelView& picture, const wire::display::Rect& area,
          const wire::display::Rect& box, ScaleMode mode);
  // The colour for destination pixel (x, y).
  image::Argb at(std::int32_t x, std::int32_t y) const;

 private:
  struct Axis {
    std::int64_t factor, first, origin;  // position = (p - origin) * factor + first
    std::int64_t at(std::int32_t p) const { return (p - origin) * factor + first; }
  };
  static Axis axis(std::int64_t source_from, std::int64_t source_size, std::int64_t box_from,
                   std::int64_t box_size);
  image::Argb pixel(std::int64_t column, std::int64_t row) const;

  image::PixelView picture_;
  Axis x_, y_;
  ScaleMode mode_;
};

}  // namespace spicebench::draw
