// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cstring>

#include "core/draw/command.hpp"
#include "core/draw/draw.hpp"

// A part of a surface moved on it (canvas.md §11).
namespace spicebench::draw {

using namespace wire::display;

Result<void> copy_bits(Surface& surface, const CopyBits& command) {
  const DisplayBase& base = command.base;
  CHECKED(check_coordinates(base.box, "base.box"));
  CHECKED(check_coordinates({command.src_pos.y, command.src_pos.x, 0, 0}, "src_pos"));
  if (surface.format() == surface_1_a) return no_effect("copy_bits", surface.format());
  // From a source pixel to its destination.
  const std::int32_t dx = base.box.left - command.src_pos.x, dy = base.box.top - command.src_pos.y;
  const Rect bounds = bounds_of(surface);
  Region region = TRY(region_of(base.box, intersection(bounds, moved(bounds, dx, dy)), base.clip));
  if (dx == 0 && dy == 0) return {};
  // Every pixel is read before it is overwritten: bands away from the movement first, and in a band
  // the rectangles likewise. Bands are ordered by top, so each order is a reversal or two.
  const auto order = [dx, dy](const Rect& a, const Rect& b) {
    if (a.top != b.top) return dy > 0 ? a.top > b.top : a.top < b.top;
    return dx > 0 ? a.left > b.left : a.left < b.left;
  };
  std::ranges::sort(region, order);
  const std::size_t bytes = word_bytes(surface.format());
  for (const Rect& rect : region) {
    const auto width = static_cast<std::size_t>(width_of(rect)) * bytes;
    for (std::int32_t i = 0; i < rect.bottom - rect.top; ++i) {
      const std::int32_t y = dy > 0 ? rect.bottom - 1 - i : rect.top + i;
      std::memmove(pixels_at(surface, y, rect.left, bytes),
                   pixels_at(surface, y - dy, rect.left - dx, bytes), width);
    }
  }
  return {};
}

}  // namespace spicebench::draw
