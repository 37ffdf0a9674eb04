// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "core/draw/path.hpp"
#include "core/draw/region.hpp"

namespace spicebench::draw {

// The pixels of a line from a to b, b itself excluded, as canvas.md §9.3 selects them. Along the
// longer axis it takes one step a pixel; step k is at minor offset
//   m(k) = ⌊(2·minor·k + major − bias) / (2·major)⌋,
// so that a clipped line begins in the middle with the pixels that the whole one has there.
class Line {
 public:
  Line(Point a, Point b) : a_(a) {
    const std::int64_t dx = std::int64_t{b.x} - a.x, dy = std::int64_t{b.y} - a.y;
    x_major_ = std::abs(dx) > std::abs(dy);
    major_ = x_major_ ? std::abs(dx) : std::abs(dy);
    minor_ = x_major_ ? std::abs(dy) : std::abs(dx);
    bias_ = (x_major_ ? dx : dy) < 0 ? 1 : 0;
    x_sign_ = dx >= 0 ? 1 : -1;
    y_sign_ = dy >= 0 ? 1 : -1;
  }

  // Calls span(y, from, to) for its pixels in bounds; no pixel twice.
  template <class Span>
  void for_each_span(const Rect& bounds, Span span) const {
    const auto [first, last] = steps_in(bounds);
    if (first >= last) return;
    std::int64_t offset = floor_quotient(2 * minor_ * first + major_ - bias_, 2 * major_);
    // As in a loop over all steps: what is missing to the next minor step.
    std::int64_t error = 2 * minor_ * first - major_ - bias_ - 2 * major_ * offset;
    std::int64_t run_from = first;
    for (std::int64_t k = first; k < last; ++k) {
      const std::int64_t here = offset;
      if (error += 2 * minor_; error >= 0) {
        error -= 2 * major_;
        ++offset;
      }
      if (!x_major_) {
        const auto x = static_cast<std::int32_t>(a_.x + x_sign_ * here);
        span(static_cast<std::int32_t>(a_.y + y_sign_ * k), x, x + 1);
      } else if (offset != here || k + 1 == last) {
        const auto one = static_cast<std::int32_t>(a_.x + x_sign_ * run_from),
                   other = static_cast<std::int32_t>(a_.x + x_sign_ * k);
        span(static_cast<std::int32_t>(a_.y + y_sign_ * here), std::min(one, other),
             std::max(one, other) + 1);
        run_from = k + 1;
      }
    }
  }

 private:
  struct Steps {
    std::int64_t first, last;  // half open
  };
  static std::int64_t floor_quotient(std::int64_t a, std::int64_t b) {
    return a / b - (a % b < 0 ? 1 : 0);
  }
  // The steps whose coordinate from + sign * step lies in low … high - 1.
  static Steps between(std::int64_t from, std::int64_t sign, std::int64_t low, std::int64_t high) {
    return sign > 0 ? Steps{low - from, high - from} : Steps{from - high + 1, from - low + 1};
  }
  // The first step at minor offset `offset` or beyond. Precondition: minor_ > 0.
  std::int64_t step_at(std::int64_t offset) const {
    return -floor_quotient(-(2 * major_ * offset - major_ + bias_), 2 * minor_);
  }
  Steps steps_in(const Rect& bounds) const {
    const Steps x = between(a_.x, x_sign_, bounds.left, bounds.right),
                y = between(a_.y, y_sign_, bounds.top, bounds.bottom);
    const Steps along = x_major_ ? x : y, across = x_major_ ? y : x;
    const std::int64_t first = std::max<std::int64_t>(along.first, 0),
                       last = std::min(along.last, major_);
    if (across.last <= 0 || (minor_ == 0 && across.first > 0)) return {0, 0};
    if (minor_ == 0) return {first, last};
    return {std::max(first, step_at(std::max<std::int64_t>(across.first, 0))),
            std::min(last, step_at(across.last))};
  }

  Point a_;
  bool x_major_ = false;
  std::int64_t major_ = 0, minor_ = 0, bias_ = 0, x_sign_ = 1, y_sign_ = 1;
};

}  // namespace spicebench::draw
