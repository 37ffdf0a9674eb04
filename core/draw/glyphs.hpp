// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <vector>

#include "core/base/result.hpp"
#include "core/draw/region.hpp"
#include "core/wire/display_shapes.hpp"

namespace spicebench::draw {

// How much of each pixel the glyphs of a string cover together, 0 to 255 (canvas.md §8.2).
class Coverage {
 public:
  // The string's coverage inside `bounds`. Errors: truncated (a glyph with too few bytes),
  // out_of_range (positions beyond ± 2^20).
  static Result<Coverage> of(const wire::display::String& string, const Rect& bounds);
  // Around all glyphs, whatever the bounds; patterns begin at its corner.
  std::int64_t left() const { return left_; }
  std::int64_t top() const { return top_; }
  // Where there may be any: the glyphs' box cut to the bounds.
  const Rect& box() const { return box_; }
  // Of the pixels of row y from x on. Precondition: (x, y) lies in box().
  const std::uint8_t* row(std::int32_t y, std::int32_t x) const {
    return values_.data() +
           static_cast<std::size_t>(y - box_.top) * static_cast<std::size_t>(width_of(box_)) +
           static_cast<std::size_t>(x - box_.left);
  }

 private:
  std::int64_t left_ = 0, top_ = 0;
  Rect box_;
  std::vector<std::uint8_t> values_;
};

}  // namespace spicebench::draw
