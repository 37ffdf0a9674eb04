// SPDX-License-Identifier: LGPL-2.1-or-later
#include <rapidcheck.h>
#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>
#include <set>

#include "core/draw/region_sets.hpp"

namespace spicebench::draw {
namespace {

using Pixels = std::set<std::pair<int, int>>;
constexpr int side = 12;

Pixels pixels_of(const Region& region) {
  Pixels pixels;
  for (const Rect& rect : region)
    for (int y = rect.top; y < rect.bottom; ++y)
      for (int x = rect.left; x < rect.right; ++x) RC_ASSERT(pixels.emplace(y, x).second);
  return pixels;
}

// Any region of a small picture: the union of some rectangles.
rc::Gen<Region> any_region() {
  const auto rect =
      rc::gen::map(rc::gen::tuple(rc::gen::inRange(0, side), rc::gen::inRange(0, side),
                                  rc::gen::inRange(1, side), rc::gen::inRange(1, side)),
                   [](const std::tuple<int, int, int, int>& n) {
                     const auto& [x, y, width, height] = n;
                     return Rect{y, x, std::min(side, y + height), std::min(side, x + width)};
                   });
  return rc::gen::map(rc::gen::container<std::vector<Rect>>(rect), [](std::vector<Rect> rects) {
    wire::display::Clip clip{wire::display::clip_rects, std::move(rects)};
    return region_of({0, 0, side, side}, {0, 0, side, side}, clip).value();
  });
}

}  // namespace

TEST_CASE("united, common and without are those of sets of pixels", "[core][draw]") {
  rc::prop("in bands without common pixels", [] {
    const Region a = *any_region(), b = *any_region();
    const Pixels in_a = pixels_of(a), in_b = pixels_of(b);
    Pixels either = in_a, both, only_a;
    either.insert(in_b.begin(), in_b.end());
    for (const auto& pixel : in_a) (in_b.contains(pixel) ? both : only_a).insert(pixel);
    RC_ASSERT(pixels_of(united(a, b)) == either);
    RC_ASSERT(pixels_of(common(a, b)) == both);
    RC_ASSERT(pixels_of(without(a, b)) == only_a);
    RC_ASSERT(intersects(a, b) == !both.empty());
    RC_ASSERT(contains(a, b) == (both.size() == in_b.size()));
    RC_ASSERT(pixels_in(a) == static_cast<std::int64_t>(in_a.size()));
  });
}

TEST_CASE("equal sets of pixels are equal regions, however they were made", "[core][draw]") {
  rc::prop("by parts or at once", [] {
    const Region a = *any_region(), b = *any_region();
    RC_ASSERT(united(without(a, b), common(a, b)) == united(a, {}));
    RC_ASSERT(united(a, b) == united(b, a));
  });
}

}  // namespace spicebench::draw
