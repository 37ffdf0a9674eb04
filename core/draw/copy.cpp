// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/draw/brush.hpp"
#include "core/draw/copying.hpp"
#include "core/draw/draw.hpp"

// A picture onto the surface: as it is, or under a brush (canvas.md §7.2, §7.3).
namespace spicebench::draw {
namespace {

using namespace wire::display;

template <class Command>
Result<Copying> copying_of(const Surface& surface, const Command& command, const Resolved& images) {
  if (!images.source) return no_source();
  CHECKED(check_scale_mode(command.scale_mode));
  CHECKED(check_raw_source(*images.source, surface.format()));
  return Copying::of(*images.source, command.src_area, command.base,
                     static_cast<Filter>(command.scale_mode), surface);
}

template <class Command>
Result<void> copy_any(Surface& surface, const Command& command, const Resolved& images) {
  const Copying copying = TRY(copying_of(surface, command, images));
  const auto mask = TRY(place(command.mask, command.base.box, images.mask, surface));
  put(surface, copying, mask, rop_of(command.rop_descriptor, ropd_invers_src, ropd_invers_dest));
  return {};
}

}  // namespace

Result<void> copy(Surface& surface, const DrawCopy& command, const Resolved& images) {
  return copy_any(surface, command, images);
}
Result<void> blend(Surface& surface, const DrawBlend& command, const Resolved& images) {
  return copy_any(surface, command, images);
}

Result<void> opaque(Surface& surface, const DrawOpaque& command, const Resolved& images) {
  const Paint paint = TRY(Paint::of(command.brush, images.pattern, surface, "brush"));
  const Copying copying = TRY(copying_of(surface, command, images));
  const auto mask = TRY(place(command.mask, command.base.box, images.mask, surface));
  // The brush also meets pixels that the picture does not reach, but if nothing can be stretched
  // there is no command (canvas.md §17).
  const Region region = TRY(region_of(command.base.box, bounds_of(surface), command.base.clip));
  const bool scaled = width_of(command.base.box) != width_of(command.src_area) ||
                      height_of(command.base.box) != height_of(command.src_area);
  if (scaled && is_empty(command.src_area)) return {};
  put(surface, copying, mask, rop_copy);
  const Rop rop = rop_of(command.rop_descriptor, ropd_invers_brush, ropd_invers_src);
  for_each_run(region, mask, [&](std::int32_t y, std::int32_t from, std::int32_t to) {
    paint.apply(surface, y, from, to, rop);
  });
  return {};
}

}  // namespace spicebench::draw
