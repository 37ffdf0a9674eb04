// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/draw/copying.hpp"
#include "core/draw/draw.hpp"

// A picture over the surface, with its own alpha and a constant one (canvas.md §7.6).
namespace spicebench::draw {

using namespace wire::display;

Result<void> alpha_blend(Surface& surface, const DrawAlphaBlend& command, const Resolved& images) {
  if (!images.source) return no_source();
  PixelView source = *images.source;
  if (images.source_is_surface && source.format == surface_32_xrgb &&
      (command.alpha_flags & alpha_src_surface_has_alpha) != 0)
    source.format = surface_32_argb;
  Format target = surface.format();
  if (target == surface_32_xrgb && (command.alpha_flags & alpha_dest_has_alpha) != 0)
    target = surface_32_argb;
  const auto copying =
      TRY(Copying::of(source, command.src_area, command.base, Filter::nearest, surface));
  if (command.alpha == 0) return {};
  Piece over, under;
  for_each_run(copying.region(), std::nullopt,
               [&](std::int32_t y, std::int32_t from, std::int32_t to) {
                 std::byte* row = surface.row(static_cast<std::uint32_t>(y));
                 for_each_piece(from, to, [&](std::int32_t x, std::size_t count) {
                   const auto at = static_cast<std::size_t>(x);
                   copying.colours(x, y, {over.data(), count});
                   if (command.alpha != 255) multiply_row(over.data(), command.alpha, count);
                   load_row(under.data(), target, row, at, count);
                   over_row(under.data(), over.data(), count);
                   store_row(target, row, at, under.data(), count);
                 });
               });
  return {};
}

}  // namespace spicebench::draw
