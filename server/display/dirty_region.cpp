// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/display/dirty_region.hpp"

#include <algorithm>

namespace spicebench::server {

using wire::display::Rect;

static Rect bounding_box(const std::vector<Rect>& boxes) {
  Rect all = boxes.front();
  for (const Rect& box : boxes) {
    all.top = std::min(all.top, box.top);
    all.left = std::min(all.left, box.left);
    all.bottom = std::max(all.bottom, box.bottom);
    all.right = std::max(all.right, box.right);
  }
  return all;
}

void DirtyRegion::add(const Rect& box) {
  const Rect inside = draw::intersection(box, bounds_);
  if (is_empty(inside)) return;
  if (!boxes_.empty() && boxes_.back() == inside) return;  // a caret blinks in one place
  boxes_.push_back(inside);
  if (boxes_.size() > 2 * most_dirty_rects) boxes_ = rects();
}

draw::Region DirtyRegion::rects() const {
  if (boxes_.empty()) return {};
  auto disjoint =
      draw::region_of(bounds_, bounds_, {.type = wire::display::clip_rects, .rects = boxes_});
  if (!disjoint || disjoint->size() > most_dirty_rects) return {bounding_box(boxes_)};
  return *std::move(disjoint);
}

}  // namespace spicebench::server
