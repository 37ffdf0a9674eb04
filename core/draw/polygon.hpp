// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <span>

namespace spicebench::draw {

struct RealPoint {
  double x = 0, y = 0;
  RealPoint operator+(const RealPoint& o) const { return {x + o.x, y + o.y}; }
  RealPoint operator-(const RealPoint& o) const { return {x - o.x, y - o.y}; }
  RealPoint operator-() const { return {-x, -y}; }
};
// A line through a side: the points v with v.x * ey - v.y * ex = k.
struct SideLine {
  std::int64_t ex = 0, ey = 0;
  double k = 0;
};
// A corner, and the side from it to the next one.
struct Corner {
  RealPoint at;
  SideLine side;
};

inline std::int64_t whole_above(double value) {
  return static_cast<std::int64_t>(std::ceil(value));
}

// One of the two ways from the top of a polygon to its lowest corner.
class Chain {
 public:
  // `step`: 1 forward, -1 backward. `top`, `lowest`: numbers of corners.
  Chain(std::span<const Corner> corners, std::size_t top, std::size_t lowest, int step)
      : corners_(corners), corner_(top), lowest_(lowest), step_(step) {}
  // The x of the side that counts in a row: the last one that begins at or above it. Rows must be
  // asked for from top to bottom.
  std::optional<std::int64_t> x_at(std::int64_t y) {
    while (corner_ != lowest_ && whole_above(corners_[corner_].at.y) <= y) {
      const std::size_t next =
          (corner_ + corners_.size() + static_cast<std::size_t>(step_)) % corners_.size();
      const SideLine& side = corners_[step_ > 0 ? corner_ : next].side;
      if (side.ey != 0) side_ = side;
      corner_ = next;
    }
    if (!side_) return std::nullopt;
    const bool up = side_->ey < 0;
    const std::int64_t ey = up ? -side_->ey : side_->ey, ex = up ? -side_->ex : side_->ex;
    const std::int64_t above = whole_above(up ? -side_->k : side_->k) + y * ex;
    return above / ey + (above % ey > 0 ? 1 : 0);
  }

 private:
  std::span<const Corner> corners_;
  std::size_t corner_, lowest_;
  int step_;
  std::optional<SideLine> side_;
};

// Calls span(y, from, to) for the rows first … last - 1 of a convex polygon: pixels whose centre is
// inside, left and top sides included, right and bottom ones excluded (canvas.md §9.5).
template <class SpanOfRow>
void for_each_row(std::span<const Corner> corners, std::int64_t first, std::int64_t last,
                  SpanOfRow span) {
  std::size_t top = 0, lowest = 0;
  double area = 0;
  for (std::size_t i = 0; i < corners.size(); ++i) {
    if (corners[i].at.y < corners[top].at.y) top = i;
    if (corners[i].at.y >= corners[lowest].at.y) lowest = i;
    const RealPoint &a = corners[i].at, &b = corners[(i + 1) % corners.size()].at;
    area += a.x * b.y - b.x * a.y;
  }
  Chain forward(corners, top, lowest, 1), backward(corners, top, lowest, -1);
  Chain &left = area > 0 ? backward : forward, &right = area > 0 ? forward : backward;
  const std::int64_t end = std::min(last, whole_above(corners[lowest].at.y));
  for (std::int64_t y = std::max(first, whole_above(corners[top].at.y)); y < end; ++y) {
    const auto from = left.x_at(y), to = right.x_at(y);
    if (from && to && *from < *to) span(y, *from, *to);
  }
}

}  // namespace spicebench::draw
