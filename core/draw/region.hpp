// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/result.hpp"
#include "core/draw/old_content.hpp"
#include "core/draw/surface.hpp"
#include "core/image/pixel.hpp"
#include "core/wire/display_types.hpp"

// Which pixels a command may touch (canvas.md §3).
namespace spicebench::draw {

using wire::display::Rect;

// Rectangles without common pixels, in bands: ordered by top, those of one band have the same top
// and bottom and are ordered by left.
using Region = std::vector<Rect>;

// Bounds of our own on the work of one command: rectangles of its clip, of the region that they
// make, and rectangles looked at to make it.
constexpr std::size_t most_clip_rects = 1 << 16, most_region_rects = 1 << 20,
                      most_region_steps = 1 << 26;

Rect intersection(const Rect& a, const Rect& b);  // empty rectangles of any kind give an empty one
// box ∩ bounds ∩ clip. Errors: malformed (clip type), out_of_range (more than the bounds above).
Result<Region> region_of(const Rect& box, const Rect& bounds, const wire::display::Clip& clip);
Rect bounds_of(const Surface& surface);
Rect bounds_of(const PixelView& picture);
Rect bounds_of(const Region& region);  // the smallest rectangle around it
// The same rectangle elsewhere. Precondition: it still fits its numbers.
Rect moved(const Rect& rect, std::int32_t dx, std::int32_t dy);

// A mask in place: bit (x - left, y - top) of `bits` decides about pixel (x, y).
struct PlacedMask {
  OldContent bits;  // surface_1_a
  std::int64_t left = 0, top = 0;
  bool inverted = false;
};

// The first x in from … to whose bit is `wanted`; `to` if there is none. `left`: the x of bit 0.
inline std::int32_t next_bit(const std::byte* row, std::int64_t left, std::int32_t from,
                             std::int32_t to, bool wanted) {
  const auto nothing_here = wanted ? std::byte{0} : std::byte{0xff};
  std::int64_t at = from - left;
  const std::int64_t end = to - left;
  while (at < end) {
    if (at % 8 == 0 && end - at >= 8 && row[at / 8] == nothing_here)
      at += 8;
    else if (image::bit_at(row, static_cast<std::uint64_t>(at)) == wanted)
      break;
    else
      ++at;
  }
  return static_cast<std::int32_t>(at + left);
}

// Calls run(y, from, to) for the runs of pixels of the region that the mask lets through.
template <class Run>
void for_each_run(const Region& region, const std::optional<PlacedMask>& mask, Run run) {
  for (const Rect& rect : region) {
    if (!mask) {
      for (std::int32_t y = rect.top; y < rect.bottom; ++y) run(y, rect.left, rect.right);
      continue;
    }
    const PixelView& bits = mask->bits.view();
    const auto within = [](std::int64_t value, std::int32_t low, std::int32_t high) {
      return static_cast<std::int32_t>(std::clamp<std::int64_t>(value, low, high));
    };
    const std::int32_t left = within(mask->left, rect.left, rect.right),
                       right = within(mask->left + bits.width, rect.left, rect.right),
                       top = within(mask->top, rect.top, rect.bottom),
                       bottom = within(mask->top + bits.height, rect.top, rect.bottom);
    for (std::int32_t y = top; y < bottom; ++y) {
      const std::byte* row = bits.row(static_cast<std::uint32_t>(y - mask->top));
      std::int32_t x = left;
      while ((x = next_bit(row, mask->left, x, right, !mask->inverted)) < right) {
        const std::int32_t end = next_bit(row, mask->left, x, right, mask->inverted);
        run(y, x, end);
        x = end;
      }
    }
  }
}

// Calls run(y, from, to) for the parts of the run y, from … to that lie in the region.
template <class Run>
void for_each_part(const Region& region, std::int32_t y, std::int32_t from, std::int32_t to,
                   Run run) {
  auto rect = std::ranges::partition_point(region, [y, from](const Rect& r) {
    return r.bottom <= y || (r.top <= y && r.right <= from);
  });
  for (; rect != region.end() && rect->top <= y && rect->left < to; ++rect)
    run(y, std::max(from, rect->left), std::min(to, rect->right));
}

}  // namespace spicebench::draw
