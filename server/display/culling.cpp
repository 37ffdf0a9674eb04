// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/display/culling.hpp"

#include <algorithm>

#include "core/draw/region_sets.hpp"

namespace spicebench::server {

namespace {

// Commands that cover one together are looked for among so many rectangles; more are not worth the
// work that they make for each command.
constexpr std::size_t most_rects = 8;

bool reads(const Drawing& drawing, std::uint32_t surface_id) {
  return std::ranges::find(drawing.surfaces_read, surface_id) != drawing.surfaces_read.end();
}

// Other messages end the search if they make or end the surface, or draw on it (pictures).
bool concerns(const wire::AnyMessage& message, std::uint32_t surface_id) {
  using namespace wire::display;
  if (const auto* made = message.as<SurfaceCreate>()) return made->surface_id == surface_id;
  if (const auto* ended = message.as<SurfaceDestroy>()) return ended->surface_id == surface_id;
  if (const auto* picture = message.as<DrawCopy>()) return picture->base.surface_id == surface_id;
  if (const auto* bits = message.as<DrawFill>()) return bits->base.surface_id == surface_id;
  return false;
}

}  // namespace

std::size_t drop_hidden(std::deque<DisplayItem>& pipe, const Drawing& cover) {
  if (reads(cover, cover.surface_id)) return 0;
  const draw::Rect around = draw::bounds_of(cover.region);
  const draw::Region nearby{{around.top - 1, around.left - 1, around.bottom + 1, around.right + 1}};
  draw::Region hidden = cover.region;  // pixels that nobody will ever see as they are now
  if (cover.moved_from) hidden = draw::without(hidden, draw::region_of(*cover.moved_from));
  std::size_t dropped = 0;
  for (std::size_t i = pipe.size(); i-- > 0 && !hidden.empty();) {
    const auto* item = std::get_if<DrawItem>(&pipe[i]);
    if (!item) {
      if (concerns(std::get<wire::AnyMessage>(pipe[i]), cover.surface_id)) break;
      continue;
    }
    const Drawing& drawing = **item;
    const bool here = drawing.surface_id == cover.surface_id;
    if (here && draw::contains(hidden, drawing.region)) {
      pipe.erase(pipe.begin() + static_cast<std::ptrdiff_t>(i));
      ++dropped;
      continue;
    }
    if (here && drawing.covers && hidden.size() < most_rects &&
        draw::intersects(nearby, drawing.region))
      hidden = draw::united(hidden, drawing.region);
    if (reads(drawing, cover.surface_id)) break;
    if (here && drawing.moved_from)
      hidden = draw::without(hidden, draw::region_of(*drawing.moved_from));
  }
  return dropped;
}

}  // namespace spicebench::server
