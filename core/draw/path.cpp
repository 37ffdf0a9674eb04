// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/draw/path.hpp"

#include <fmt/format.h>

#include "core/draw/command.hpp"

namespace spicebench::draw {
namespace {

using namespace wire::display;

__extension__ using Wide = __int128;  // products of four coordinates

struct Curve {
  PointFix p0, p1, p2, p3;
};

PointFix middle(const PointFix& a, const PointFix& b) {
  return {(a.x + b.x) / 2, (a.y + b.y) / 2};
}

bool is_straight(const Curve& c) {
  struct Vector {
    std::int64_t x, y;
  };
  const auto from_to = [](const PointFix& a, const PointFix& b) {
    return Vector{std::int64_t{b.x} - a.x, std::int64_t{b.y} - a.y};
  };
  const auto dot = [](const Vector& a, const Vector& b) -> Wide {
    return (a.x * b.x + a.y * b.y) >> 4;
  };
  const Vector a = from_to(c.p0, c.p1), b = from_to(c.p0, c.p3), back = from_to(c.p3, c.p0),
               end = from_to(c.p3, c.p2);
  const Wide b2 = dot(b, b), ab = dot(a, b), cb = dot(end, back);
  return ((dot(a, a) * b2 - ab * ab) >> 3) < b2 && ((dot(end, end) * b2 - cb * cb) >> 3) < b2;
}

// Appends the ends of straight pieces. Tiny curves may never become straight: those of one point
// and those of the deepest level end as they are.
class Flattening {
 public:
  explicit Flattening(std::vector<Point>& out) : out_(out) {}
  // False: too many pieces.
  bool add(const Curve& c, int depth = 0) {
    if (++pieces_ > most_curve_pieces) return false;
    constexpr int deepest = 32;
    const bool one_point = c.p0 == c.p1 && c.p1 == c.p2 && c.p2 == c.p3;
    if (one_point || depth == deepest || is_straight(c)) {
      out_.push_back({whole(c.p3.x), whole(c.p3.y)});
      return true;
    }
    const PointFix p01 = middle(c.p0, c.p1), p12 = middle(c.p1, c.p2), p23 = middle(c.p2, c.p3),
                   p012 = middle(p01, p12), p123 = middle(p12, p23), m = middle(p012, p123);
    return add({c.p0, p01, p012, m}, depth + 1) && add({m, p123, p23, c.p3}, depth + 1);
  }

 private:
  std::vector<Point>& out_;
  std::size_t pieces_ = 0;
};

std::unexpected<Error> wrong_segment(std::size_t index, std::string detail) {
  return fail(ErrorCode::malformed, std::move(detail), 0, fmt::format("path.segments[{}]", index));
}

Result<void> check_points(const Path& path) {
  std::size_t points = 0;
  for (const PathSegment& segment : path.segments) {
    points += segment.points.size();
    if (points > most_path_points)
      return fail(ErrorCode::out_of_range,
                  fmt::format("more than {} points in a path", most_path_points), 0, "path");
    for (const PointFix& point : segment.points) {
      CHECKED(check_coordinate(point.x >> 4, "path.points"));
      CHECKED(check_coordinate(point.y >> 4, "path.points"));
    }
  }
  return {};
}

}  // namespace

void Polylines::finish() {
  if (points_.size() - first_of_last() < 2)
    points_.resize(first_of_last());  // one point draws nothing
  else
    ends_.push_back(points_.size());
}

Result<Polylines> Polylines::of(const Path& path) {
  CHECKED(check_points(path));
  Polylines lines;
  Flattening curves(lines.points_);
  for (std::size_t i = 0; i < path.segments.size(); ++i) {
    const PathSegment& segment = path.segments[i];
    std::span<const PointFix> rest(segment.points);
    if ((segment.flags & path_begin) != 0) {
      if (rest.empty()) return wrong_segment(i, "a beginning without a point");
      lines.finish();
      lines.points_.push_back({whole(rest[0].x), whole(rest[0].y)});
      rest = rest.subspan(1);
    }
    const bool open = lines.points_.size() > lines.first_of_last();
    if ((segment.flags & path_bezier) != 0) {
      if (!open) return wrong_segment(i, "a curve without a beginning");
      if (rest.size() % 3 != 0)
        return wrong_segment(i,
                             fmt::format("{} points of curves, not a multiple of 3", rest.size()));
      const Point& last = lines.points_.back();
      PointFix from{last.x * 16, last.y * 16};
      for (; !rest.empty(); from = rest[2], rest = rest.subspan(3))
        if (!curves.add({from, rest[0], rest[1], rest[2]}))
          return fail(ErrorCode::out_of_range,
                      fmt::format("curves of more than {} pieces", most_curve_pieces), 0,
                      fmt::format("path.segments[{}]", i));
    } else {
      for (const PointFix& point : rest) lines.points_.push_back({whole(point.x), whole(point.y)});
    }
    if ((segment.flags & path_end) != 0) {
      if ((segment.flags & path_close) != 0) {
        if (lines.points_.size() == lines.first_of_last())
          return wrong_segment(i, "a figure to be closed that has no beginning");
        lines.points_.push_back(lines.points_[lines.first_of_last()]);
      }
      lines.finish();
    }
  }
  lines.finish();
  return lines;
}

}  // namespace spicebench::draw
