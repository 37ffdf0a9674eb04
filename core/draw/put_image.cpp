// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/draw/command.hpp"
#include "core/draw/draw.hpp"
#include "core/draw/sampler.hpp"

namespace spicebench::draw {
namespace {

using namespace wire::display;

// canvas.md §14.2: of a quotient in double arithmetic, unlike the factors of copies.
std::int64_t factor(std::uint32_t size, std::int64_t dest_size) {
  return static_cast<std::int64_t>(size / static_cast<double>(dest_size) * 65536);
}

}  // namespace

Result<void> put_image(Surface& surface, const PixelView& frame, const Rect& dest,
                       const Clip& clip) {
  CHECKED(check_coordinates(dest, "dest"));
  const Region region = TRY(region_of(dest, bounds_of(surface), clip));
  if (region.empty() || frame.width == 0 || frame.height == 0) return {};
  const OldContent held(frame, surface);
  const Sampler sampler(
      held.view(),
      {.t00 = factor(frame.width, width_of(dest)), .t11 = factor(frame.height, height_of(dest))},
      Filter::nearest);
  Piece colours;
  for_each_run(region, std::nullopt, [&](std::int32_t y, std::int32_t from, std::int32_t to) {
    for_each_piece(from, to, [&](std::int32_t x, std::size_t count) {
      sampler.row(x - dest.left, y - dest.top, std::span(colours.data(), count));
      store_row(surface.format(), surface.row(static_cast<std::uint32_t>(y)),
                static_cast<std::size_t>(x), colours.data(), count);
    });
  });
  return {};
}

}  // namespace spicebench::draw
