// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/draw/brush.hpp"
#include "core/draw/command.hpp"
#include "core/draw/draw.hpp"
#include "core/draw/rop.hpp"

// Fills: with a brush, and the three that need none (canvas.md §7.1, §7.5).
namespace spicebench::draw {
namespace {

using namespace wire::display;

// On 1_A surfaces a plain colour, and nothing else.
void fill_bits(Surface& surface, const Region& region, const std::optional<PlacedMask>& mask,
               std::uint32_t word) {
  for_each_run(region, mask, [&](std::int32_t y, std::int32_t from, std::int32_t to) {
    for (std::int32_t x = from; x < to; ++x)
      image::put_word_at(surface_1_a, surface.row(static_cast<std::uint32_t>(y)),
                         static_cast<std::uint64_t>(x), word);
  });
}

Result<void> fill_with(Surface& surface, const DisplayBase& base, const QMask& mask,
                       const std::optional<PixelView>& bits, const Paint& paint, Rop rop) {
  CHECKED(check_coordinates(base.box, "base.box"));
  const Region region = TRY(region_of(base.box, bounds_of(surface), base.clip));
  const auto placed = TRY(place(mask, base.box, bits, surface));
  if (surface.format() == surface_1_a) {
    const auto word = paint.plain();
    if (!word || rop != rop_copy) return no_effect("anything but a plain colour", surface.format());
    fill_bits(surface, region, placed, *word);
    return {};
  }
  for_each_run(region, placed, [&](std::int32_t y, std::int32_t from, std::int32_t to) {
    paint.apply(surface, y, from, to, rop);
  });
  return {};
}

}  // namespace

Result<void> fill(Surface& surface, const DrawFill& command, const Resolved& images) {
  const Paint paint = TRY(Paint::of(command.brush, images.pattern, surface, "brush"));
  return fill_with(surface, command.base, command.mask, images.mask, paint,
                   rop_of(command.rop_descriptor, ropd_invers_brush, ropd_invers_dest));
}

Result<void> blackness(Surface& surface, const DrawBlackness& command, const Resolved& images) {
  return fill_with(surface, command.base, command.mask, images.mask, {}, rop_of(ropd_blackness));
}
Result<void> whiteness(Surface& surface, const DrawWhiteness& command, const Resolved& images) {
  return fill_with(surface, command.base, command.mask, images.mask, {}, rop_of(ropd_whiteness));
}
Result<void> invers(Surface& surface, const DrawInvers& command, const Resolved& images) {
  return fill_with(surface, command.base, command.mask, images.mask, {}, rop_of(ropd_invers));
}

}  // namespace spicebench::draw
