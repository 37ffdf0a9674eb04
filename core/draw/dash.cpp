// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/draw/dash.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/draw/polygon.hpp"

namespace spicebench::draw {
namespace {

using namespace wire::display;

// From one point of a polyline to the next one.
struct Segment {
  Point from, to;
  std::int64_t dx, dy;
  double length;
  RealPoint half;  // half a pixel along it

  Segment(Point a, Point b)
      : from(a),
        to(b),
        dx(std::int64_t{b.x} - a.x),
        dy(std::int64_t{b.y} - a.y),
        length(std::sqrt(static_cast<double>(dx * dx + dy * dy))),
        half{0.5 * static_cast<double>(dx) / length, 0.5 * static_cast<double>(dy) / length} {}
  RealPoint along() const { return {static_cast<double>(dx), static_cast<double>(dy)}; }
  // The corners beside a point of the line: T, R lie here, F, B opposite.
  RealPoint side() const { return {half.y, -half.x}; }
  // Where along the line a point is, times the length.
  double progress(const RealPoint& p) const {
    return p.x * static_cast<double>(dx) + p.y * static_cast<double>(dy);
  }
};
bool points_right_or_down(std::int64_t dx, std::int64_t dy) {
  return dx > 0 || (dx == 0 && dy > 0);
}

// An end of a segment at a joint: seen from the joint.
struct Face {
  std::int64_t dx, dy;
  RealPoint a;  // the corner on the line's left
  double k;
  void turn() {
    dx = -dx;
    dy = -dy;
    a = -a;
  }
};

// Collects the spans of one polyline.
class Dasher {
 public:
  Dasher(std::span<const std::int32_t> lengths, std::size_t index, std::int32_t used,
         const Rect& bounds, bool once)
      : lengths_(lengths), index_(index), used_(used), bounds_(bounds), once_(once) {}

  void add(const Segment& segment) {
    const bool begins_drawn = drawn();
    if (previous_ && ended_drawn_ && begins_drawn) join(*previous_, segment);
    if (!previous_) {
      first_ = segment;
      first_drawn_ = begins_drawn;
    }
    pieces(segment);
    previous_ = segment;
  }
  void close() {
    if (previous_ && ended_drawn_ && first_drawn_) join(*previous_, *first_);
  }
  std::vector<Span> take() { return std::move(spans_); }

 private:
  bool drawn() const { return index_ % 2 == 0; }
  void next() { index_ = (index_ + 1) % lengths_.size(); }

  void pieces(const Segment& s) {
    RealPoint t = s.side(), f = -t, r = t, b = f;
    double remaining = lengths_[index_] - used_, rest = s.length;
    double begun = 0;  // progress at the end of the entry before
    const double half_length = s.length / 2;
    while (rest > remaining) {
      const RealPoint step{remaining * static_cast<double>(s.dx) / s.length,
                           remaining * static_cast<double>(s.dy) / s.length};
      r = r + step;
      b = b + step;
      const double reached = s.progress(r);
      if (drawn())
        fill({{{t, {s.dx, s.dy, half_length}},
               {r, {-s.dy, s.dx, reached}},
               {b, {-s.dx, -s.dy, half_length}},
               {f, {s.dy, -s.dx, -begun}}}},
             s.from);
      begun = reached;
      rest -= remaining;
      next();
      remaining = lengths_[index_];
      t = r;
      f = b;
    }
    ended_drawn_ = drawn();
    if (ended_drawn_)
      fill({{{t - s.along(), {s.dx, s.dy, half_length}},
             {s.side(), {-s.dy, s.dx, 0}},
             {-s.side(), {-s.dx, -s.dy, half_length}},
             {f - s.along(),
              {s.dy, -s.dx, static_cast<double>(s.dx * s.dx + s.dy * s.dy) - begun}}}},
           s.to);
    // Fractions of a pixel are lost at every point.
    const auto left = static_cast<std::int32_t>(remaining - rest);
    used_ = lengths_[index_] - left;
    if (left == 0) {
      next();
      used_ = 0;
    }
  }

  void join(const Segment& before, const Segment& after) {
    if (!once_ &&
        (points_right_or_down(after.dx, after.dy) || points_right_or_down(-before.dx, -before.dy)))
      return;  // the rectangles beside it cover the corner
    Face l{after.dx, after.dy, after.side(), after.length / 2},
        r{-before.dx, -before.dy, -before.side(), before.length / 2};
    const auto den = static_cast<double>(-l.dx * r.dy + r.dx * l.dy);
    if (den == 0) return;
    const std::int64_t sign = den > 0 ? 1 : -1;
    (den > 0 ? l : r).turn();
    const auto ldx = static_cast<double>(l.dx), ldy = static_cast<double>(l.dy),
               rdx = static_cast<double>(r.dx), rdy = static_cast<double>(r.dy);
    RealPoint m;
    m.y = (ldy * (r.a.x * rdy - r.a.y * rdx) - rdy * (l.a.x * ldy - l.a.y * ldx)) / den;
    m.x = l.dy != 0 ? l.a.x + (m.y - l.a.y) * ldx / ldy : r.a.x + (m.y - r.a.y) * rdx / rdy;

    const Corner right{r.a, {-r.dy, r.dx, 0}}, vertex{{}, {l.dy, -l.dx, 0}};
    const auto times = [sign](const Face& face) {
      return SideLine{sign * face.dx, sign * face.dy, static_cast<double>(sign) * face.k};
    };
    constexpr double miter_limit = 108.856472512142;
    if (4 * (m.x * m.x + m.y * m.y) > miter_limit) {
      const RealPoint d = r.a - l.a;
      const double scale = 65536 / std::max(std::abs(d.x), std::abs(d.y));
      const auto p = static_cast<std::int64_t>(scale * d.x),
                 q = static_cast<std::int64_t>(scale * d.y);
      const double k =
          ((l.a.x + r.a.x) * static_cast<double>(q) - (l.a.y + r.a.y) * static_cast<double>(p)) / 2;
      fill(std::array<Corner, 3>{{right, vertex, {l.a, {p, q, k}}}}, before.to);
    } else {
      fill({{right, vertex, {l.a, times(l)}, {m, times(r)}}}, before.to);
    }
  }

  template <std::size_t corners>
  void fill(const std::array<Corner, corners>& polygon, Point origin) {
    for_each_row(
        std::span<const Corner>(polygon), std::int64_t{bounds_.top} - origin.y,
        std::int64_t{bounds_.bottom} - origin.y,
        [&](std::int64_t y, std::int64_t from, std::int64_t to) {
          from = std::max<std::int64_t>(from + origin.x, bounds_.left);
          to = std::min<std::int64_t>(to + origin.x, bounds_.right);
          if (from < to)
            spans_.push_back({static_cast<std::int32_t>(y + origin.y),
                              static_cast<std::int32_t>(from), static_cast<std::int32_t>(to)});
        });
  }
  void fill(const std::array<Corner, 4>& polygon, Point origin) { fill<4>(polygon, origin); }

  std::span<const std::int32_t> lengths_;
  std::size_t index_;
  std::int32_t used_;
  Rect bounds_;
  bool once_;
  std::optional<Segment> first_, previous_;
  bool first_drawn_ = false, ended_drawn_ = false;
  std::vector<Span> spans_;
};

std::vector<Span> without_overlap(std::vector<Span> spans) {
  std::ranges::sort(spans);
  std::vector<Span> result;
  for (const Span& span : spans) {
    if (!result.empty() && result.back().y == span.y && span.from <= result.back().to)
      result.back().to = std::max(result.back().to, span.to);
    else
      result.push_back(span);
  }
  return result;
}

}  // namespace

Result<Dashes> Dashes::of(const LineAttr& attributes) {
  Dashes dashes;
  for (const std::int32_t length : attributes.style) dashes.lengths_.push_back(whole(length) & 255);
  std::vector<std::int32_t>& lengths = dashes.lengths_;
  if (std::ranges::all_of(lengths, [](std::int32_t length) { return length == 0; }))
    return fail(ErrorCode::malformed, "dashes without a length", 0, "attr.style");
  if ((attributes.flags & line_start_with_gap) != 0) {
    std::ranges::rotate(lengths, lengths.begin() + 1);
    dashes.first_used_ = lengths[0];
  }
  while (dashes.first_used_ >= lengths[dashes.first_index_]) {
    dashes.first_used_ -= lengths[dashes.first_index_];
    dashes.first_index_ = (dashes.first_index_ + 1) % lengths.size();
  }
  return dashes;
}

std::int64_t Dashes::work(std::span<const Point> polyline) const {
  std::int64_t total = 0, round = 0;
  for (const std::int32_t length : lengths_) round += length;
  for (std::size_t i = 1; i < polyline.size(); ++i) {
    const std::int64_t dx = std::abs(std::int64_t{polyline[i].x} - polyline[i - 1].x),
                       dy = std::abs(std::int64_t{polyline[i].y} - polyline[i - 1].y);
    const std::int64_t entries =
        ((dx + dy) / round + 1) * static_cast<std::int64_t>(lengths_.size()) + 1;
    total += 3 * entries + dy + 16;  // rows of a join: its miter limit
  }
  return total;
}

std::vector<Span> Dashes::spans_of(std::span<const Point> polyline, const Rect& bounds,
                                   bool once) const {
  Dasher dasher(lengths_, first_index_, first_used_, bounds, once);
  for (std::size_t i = 1; i < polyline.size(); ++i)
    if (polyline[i] != polyline[i - 1]) dasher.add(Segment(polyline[i - 1], polyline[i]));
  if (polyline.front() == polyline.back()) dasher.close();
  return once ? without_overlap(dasher.take()) : dasher.take();
}

}  // namespace spicebench::draw
