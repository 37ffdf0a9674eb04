// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/base/result.hpp"
#include "core/wire/display_shapes.hpp"

// A path as lines between whole pixels (canvas.md §9.1, §9.2).
namespace spicebench::draw {

using wire::display::Point;

// 28.4 fixed point to the nearest integer; halves go down.
constexpr std::int32_t whole(std::int32_t fixed) {
  return (fixed >> 4) + ((fixed & 15) > 8 ? 1 : 0);
}

constexpr std::size_t most_path_points = 1'000'000;  // protocol.md §10.5
constexpr std::size_t most_curve_pieces = 1 << 22;   // a bound of our own, of a whole path

// Polylines one after the other; each of at least two points.
class Polylines {
 public:
  // Errors: malformed (a figure without a beginning, curve points not in threes), out_of_range
  // (more than the bounds above, coordinates beyond ± 2^20 pixels).
  static Result<Polylines> of(const wire::display::Path& path);
  std::size_t size() const { return ends_.size(); }
  std::span<const Point> operator[](std::size_t index) const {
    const std::size_t first = index == 0 ? 0 : ends_[index - 1];
    return std::span(points_).subspan(first, ends_[index] - first);
  }

 private:
  void finish();  // the polyline that is being collected
  std::size_t first_of_last() const { return ends_.empty() ? 0 : ends_.back(); }

  std::vector<Point> points_;
  std::vector<std::size_t> ends_;  // of finished polylines, in points_
};

}  // namespace spicebench::draw
