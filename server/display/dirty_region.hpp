// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <vector>

#include "core/draw/region.hpp"
#include "server/constants.hpp"

namespace spicebench::server {

// What was drawn on a surface since it was last asked for. Kept small: a region of more than
// most_dirty_rects rectangles is told as its bounding box.
class DirtyRegion {
 public:
  explicit DirtyRegion(wire::display::Rect bounds) : bounds_(bounds) {}

  void add(const wire::display::Rect& box);
  draw::Region rects() const;  // disjoint, in bands
  void clear() { boxes_.clear(); }

 private:
  wire::display::Rect bounds_;
  std::vector<wire::display::Rect> boxes_;  // may overlap
};

}  // namespace spicebench::server
