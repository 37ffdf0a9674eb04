// SPDX-License-Identifier: LGPL-2.1-or-later
#include <rapidcheck.h>
#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>
#include <set>

#include "core/draw/dash.hpp"
#include "core/draw/draw.hpp"
#include "core/draw/line.hpp"
#include "core/draw/path.hpp"

// Lines of strokes (canvas.md §9).
namespace spicebench::draw {
namespace {

using namespace wire::display;
using Pixels = std::vector<std::pair<std::int32_t, std::int32_t>>;  // x, y

Pixels pixels_of(Point a, Point b, const Rect& bounds) {
  Pixels pixels;
  Line(a, b).for_each_span(bounds, [&](std::int32_t y, std::int32_t from, std::int32_t to) {
    for (std::int32_t x = from; x < to; ++x) pixels.emplace_back(x, y);
  });
  std::ranges::sort(pixels);
  return pixels;
}
// The loop of §9.3, as it stands there, and every pixel tested.
Pixels stepped(Point a, Point b, const Rect& bounds) {
  Pixels pixels;
  const std::int32_t dx = b.x - a.x, dy = b.y - a.y, ax = std::abs(dx), ay = std::abs(dy),
                     sx = dx >= 0 ? 1 : -1, sy = dy >= 0 ? 1 : -1;
  const bool flat = ax > ay;
  const std::int32_t major = flat ? ax : ay, minor = flat ? ay : ax;
  std::int32_t e = -major - ((flat ? dx : dy) < 0 ? 1 : 0);
  for (std::int32_t i = 0; i < major; ++i) {
    if (a.x >= bounds.left && a.x < bounds.right && a.y >= bounds.top && a.y < bounds.bottom)
      pixels.emplace_back(a.x, a.y);
    e += 2 * minor;
    if (e >= 0) {
      (flat ? a.y : a.x) += flat ? sy : sx;
      e -= 2 * major;
    }
    (flat ? a.x : a.y) += flat ? sx : sy;
  }
  std::ranges::sort(pixels);
  return pixels;
}
Point any_point(std::int32_t far) {
  return {*rc::gen::inRange(-far, far), *rc::gen::inRange(-far, far)};
}
constexpr Rect everywhere{-5000, -5000, 5000, 5000};

std::vector<std::int32_t> columns(const std::vector<std::int32_t>& style, std::uint8_t flags,
                                  std::int32_t length) {
  LineAttr attributes{static_cast<std::uint8_t>(flags | line_styled), {}};
  for (const std::int32_t part : style) attributes.style.push_back(part * 16);
  const Point line[] = {{0, 5}, {length, 5}};
  std::vector<std::int32_t> result;
  for (const Span& span : Dashes::of(attributes)->spans_of(line, everywhere, false))
    for (std::int32_t x = span.from; x < span.to; ++x) result.push_back(x);
  return result;
}
Path path_of(std::uint8_t flags, std::vector<PointFix> points) {
  return {{{flags, std::move(points)}}};
}

}  // namespace

TEST_CASE("a clipped line has the pixels of the whole one that lie in the clip", "[core][draw]") {
  rc::prop("as a loop over every pixel finds them", [] {
    const Point a = any_point(60), b = any_point(60);
    const Rect bounds{*rc::gen::inRange(-70, 70), *rc::gen::inRange(-70, 70),
                      *rc::gen::inRange(-70, 70), *rc::gen::inRange(-70, 70)};
    RC_ASSERT(pixels_of(a, b, bounds) == stepped(a, b, bounds));
  });
}

TEST_CASE("a line and its reverse have the same pixels but for their ends", "[core][draw]") {
  rc::prop("anywhere", [] {
    const Point a = any_point(200), b = any_point(200);
    Pixels there = pixels_of(a, b, everywhere), back = pixels_of(b, a, everywhere);
    std::erase(there, std::pair(a.x, a.y));
    std::erase(back, std::pair(b.x, b.y));
    RC_ASSERT(there == back);
  });
}

TEST_CASE("a line from one end of the coordinates to the other is cut before it is walked",
          "[core][draw]") {
  const Point a{-(1 << 20), -(1 << 20) + 3}, b{1 << 20, (1 << 20) - 7};
  const Pixels pixels = pixels_of(a, b, {0, 0, 40, 40});
  CHECK(pixels.size() >= 35);
  CHECK(pixels == stepped(a, b, {0, 0, 40, 40}));
}

TEST_CASE("coordinates of paths are rounded to the nearest pixel, halves down", "[core][draw]") {
  CHECK(whole(8) == 0);
  CHECK(whole(9) == 1);
  CHECK(whole(-8) == -1);
  CHECK(whole(-7) == 0);
}

TEST_CASE("dashes begin and go on as the specification's examples", "[core][draw]") {
  using Columns = std::vector<std::int32_t>;
  CHECK(columns({3, 2}, 0, 12) == Columns{0, 1, 2, 5, 6, 7, 10, 11});
  CHECK(columns({3, 2}, line_start_with_gap, 15) == Columns{3, 4, 8, 9, 13, 14});
  CHECK(columns({3, 1, 1, 1}, line_start_with_gap, 12) == Columns{1, 5, 7, 11});
  CHECK(columns({4, 3, 2}, line_start_with_gap, 18) ==
        Columns{2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 14, 15, 16, 17});
  CHECK(columns({2, 1, 3}, 0, 12) == Columns{0, 1, 3, 4, 5, 6, 7, 9, 10, 11});
}

TEST_CASE("a dashed polyline painted once has no pixel twice, and the same pixels",
          "[core][draw]") {
  rc::prop("for any points and lengths", [] {
    LineAttr attributes{line_styled, {}};
    for (int i = *rc::gen::inRange(1, 5); i > 0; --i)
      attributes.style.push_back(16 * *rc::gen::inRange(1, 9));
    std::vector<Point> line;
    for (int i = *rc::gen::inRange(3, 7); i > 0; --i) line.push_back(any_point(30));
    const Dashes dashes = Dashes::of(attributes).value();
    std::set<std::pair<std::int32_t, std::int32_t>> once, all;
    for (const Span& span : dashes.spans_of(line, everywhere, true))
      for (std::int32_t x = span.from; x < span.to; ++x) RC_ASSERT(once.emplace(x, span.y).second);
    for (const Span& span : dashes.spans_of(line, everywhere, false))
      for (std::int32_t x = span.from; x < span.to; ++x) all.emplace(x, span.y);
    // Joins that only neighbours cover are left out where double painting does not show.
    RC_ASSERT(std::ranges::includes(once, all));
  });
}

TEST_CASE("paths and dashes that mean nothing, or too much, are errors by name", "[core][draw]") {
  const auto code_of = [](const auto& result) { return result.error().code; };
  CHECK(code_of(Polylines::of(path_of(path_begin, {}))) == ErrorCode::malformed);
  CHECK(code_of(Polylines::of(path_of(path_bezier, {{0, 0}, {1, 1}, {2, 2}}))) ==
        ErrorCode::malformed);
  CHECK(code_of(Polylines::of(path_of(path_end | path_close, {}))) == ErrorCode::malformed);
  CHECK(code_of(Polylines::of(path_of(path_begin | path_bezier, {{0, 0}, {1, 1}}))) ==
        ErrorCode::malformed);
  CHECK(code_of(Polylines::of(path_of(path_begin, {{INT32_MIN, 0}, {0, 0}}))) ==
        ErrorCode::out_of_range);
  CHECK(code_of(Polylines::of(path_of(path_begin, std::vector<PointFix>(most_path_points + 1)))) ==
        ErrorCode::out_of_range);
  std::vector<PointFix> huge(1, {0, 0});
  for (int i = 0; i < 5000; ++i)
    huge.insert(huge.end(), {{1 << 24, -(1 << 24)}, {1 << 24, 1 << 24}, {-(1 << 24), 1 << 24}});
  const auto curves = Polylines::of(path_of(path_begin | path_bezier, huge));
  REQUIRE_FALSE(curves.has_value());
  CHECK(curves.error().code == ErrorCode::out_of_range);

  CHECK(code_of(Dashes::of({line_styled, {}})) == ErrorCode::malformed);
  CHECK(code_of(Dashes::of({line_styled, {0, 256 << 4}})) == ErrorCode::malformed);

  Bytes pixels(64 * 64 * 4);
  Surface surface = Surface::over(pixels, 64, 64, 256, surface_32_xrgb).value();
  DrawStroke stroke{{0, {0, 0, 64, 64}, {}}, {}, {}, {1, SolidBrush{1}}, ropd_put, ropd_put};
  stroke.attr = {line_styled, {16, 16}};
  std::vector<PointFix> zigzag;
  for (int i = 0; i < 20; ++i) zigzag.push_back({(i % 2) << 24, i * 16});
  stroke.path = path_of(path_begin, zigzag);
  CHECK(code_of(draw::stroke(surface, stroke)) == ErrorCode::out_of_range);
  CHECK(pixels == Bytes(64 * 64 * 4));
}

TEST_CASE("curves of a point, or of less than one, come to an end", "[core][draw]") {
  rc::prop("with any points close together", [] {
    std::vector<PointFix> points;
    for (int i = 0; i < 4; ++i)
      points.push_back({*rc::gen::inRange(-4, 4), *rc::gen::inRange(-4, 4)});
    const auto lines = Polylines::of(path_of(path_begin | path_bezier, points));
    RC_ASSERT(lines.has_value());
    RC_ASSERT(lines->size() <= 1u);
  });
}

}  // namespace spicebench::draw
