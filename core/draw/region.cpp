// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/draw/region.hpp"

#include <fmt/format.h>

namespace spicebench::draw {
namespace {

std::unexpected<Error> too_large(std::string_view what, std::size_t found, std::size_t most) {
  return fail(ErrorCode::out_of_range, fmt::format("{} {}, at most {}", found, what, most), 0,
              "clip.rects");
}

// The union of rectangles as bands. `rects` are not empty.
Result<Region> bands_of(std::vector<Rect> rects) {
  std::vector<std::int32_t> edges;
  edges.reserve(rects.size() * 2);
  for (const Rect& rect : rects) {
    edges.push_back(rect.top);
    edges.push_back(rect.bottom);
  }
  std::ranges::sort(edges);
  edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
  std::ranges::sort(rects, {}, [](const Rect& rect) { return rect.top; });

  Region region;
  std::vector<Rect> open;  // those that reach into the band, ordered by left
  std::size_t next = 0, steps = 0;
  for (std::size_t i = 0; i + 1 < edges.size(); ++i) {
    const std::int32_t top = edges[i], bottom = edges[i + 1];
    std::erase_if(open, [top](const Rect& rect) { return rect.bottom <= top; });
    bool grown = false;
    for (; next < rects.size() && rects[next].top == top; ++next, grown = true)
      open.push_back(rects[next]);
    if (grown) std::ranges::sort(open, {}, [](const Rect& rect) { return rect.left; });
    if (steps += open.size(); steps > most_region_steps)
      return too_large("rectangles in the bands of a clip", steps, most_region_steps);
    const std::size_t first_of_band = region.size();
    for (const Rect& rect : open) {
      if (region.size() > first_of_band && rect.left <= region.back().right)
        region.back().right = std::max(region.back().right, rect.right);
      else
        region.push_back({top, rect.left, bottom, rect.right});
    }
    if (region.size() > most_region_rects)
      return too_large("rectangles in a region", region.size(), most_region_rects);
  }
  return region;
}

}  // namespace

Rect intersection(const Rect& a, const Rect& b) {
  return {std::max(a.top, b.top), std::max(a.left, b.left), std::min(a.bottom, b.bottom),
          std::min(a.right, b.right)};
}

Rect bounds_of(const Surface& surface) {
  return {0, 0, static_cast<std::int32_t>(surface.height()),
          static_cast<std::int32_t>(surface.width())};
}

Rect bounds_of(const PixelView& picture) {
  return {0, 0, static_cast<std::int32_t>(picture.height),
          static_cast<std::int32_t>(picture.width)};
}

Rect bounds_of(const Region& region) {
  if (region.empty()) return {};
  Rect around = region.front();
  for (const Rect& rect : region) {
    around.left = std::min(around.left, rect.left);
    around.right = std::max(around.right, rect.right);
  }
  around.bottom = region.back().bottom;
  return around;
}

Rect moved(const Rect& rect, std::int32_t dx, std::int32_t dy) {
  return {rect.top + dy, rect.left + dx, rect.bottom + dy, rect.right + dx};
}

Result<Region> region_of(const Rect& box, const Rect& bounds, const wire::display::Clip& clip) {
  const Rect whole = intersection(box, bounds);
  if (clip.type == wire::display::clip_none) {
    if (is_empty(whole)) return Region{};
    return Region{whole};
  }
  if (clip.type != wire::display::clip_rects)
    return fail(ErrorCode::malformed, fmt::format("clip type {}, known: 0 and 1", clip.type), 0,
                "clip.type");
  if (clip.rects.size() > most_clip_rects)
    return too_large("clip rectangles", clip.rects.size(), most_clip_rects);
  std::vector<Rect> rects;
  rects.reserve(clip.rects.size());
  for (const Rect& rect : clip.rects)
    if (const Rect part = intersection(whole, rect); !is_empty(part)) rects.push_back(part);
  if (rects.size() < 2) return rects;
  return bands_of(std::move(rects));
}

}  // namespace spicebench::draw
