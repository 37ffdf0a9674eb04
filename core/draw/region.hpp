// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/result.hpp"
#include "core/draw/surface.hpp"
#include "core/image/pixel.hpp"
#include "core/wire/display_types.hpp"

// Which pixels a command may touch (canvas.md §3).
namespace spicebench::draw {

using wire::display::Rect;

// Rectangles without common pixels, in bands: ordered by top, those of one band have the same top
// and bottom and are ordered by left.
using Region = std::vector<Rect>;

constexpr std::size_t most_clip_rects = 1 << 16;  // a bound of our own on the work per command

Rect intersection(const Rect& a, const Rect& b);  // empty rectangles of any kind give an empty one
// box ∩ bounds ∩ clip. Errors: malformed (clip type), out_of_range (more than most_clip_rects).
Result<Region> region_of(const Rect& box, const Rect& bounds, const wire::display::Clip& clip);
Rect bounds_of(const Surface& surface);

// A mask in place: bit (x - left, y - top) of `bits` decides about pixel (x, y).
struct PlacedMask {
  PixelView bits;  // surface_1_a
  std::int64_t left = 0, top = 0;
  bool inverted = false;
};

// Calls run(y, from, to) for the runs of pixels of the region that the mask lets through.
template <class Run>
void for_each_run(const Region& region, const std::optional<PlacedMask>& mask, Run run) {
  for (Rect rect : region) {
    if (!mask) {
      for (std::int32_t y = rect.top; y < rect.bottom; ++y) run(y, rect.left, rect.right);
      continue;
    }
    const auto within = [](std::int64_t value, std::int32_t low, std::int32_t high) {
      return static_cast<std::int32_t>(std::clamp<std::int64_t>(value, low, high));
    };
    const std::int32_t left = within(mask->left, rect.left, rect.right),
                       right = within(mask->left + mask->bits.width, rect.left, rect.right),
                       top = within(mask->top, rect.top, rect.bottom),
                       bottom = within(mask->top + mask->bits.height, rect.top, rect.bottom);
    for (std::int32_t y = top; y < bottom; ++y) {
      const std::byte* bits = mask->bits.row(static_cast<std::uint32_t>(y - mask->top));
      const auto drawn = [&](std::int32_t x) {
        return image::bit_at(bits, static_cast<std::uint64_t>(x - mask->left)) != mask->inverted;
      };
      for (std::int32_t x = left; x < right;) {
        if (!drawn(x)) {
          ++x;
          continue;
        }
        const std::int32_t from = x;
        while (x < right && drawn(x)) ++x;
        run(y, from, x);
      }
    }
  }
}

}  // namespace spicebench::draw
