// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include "core/draw/region.hpp"

// Regions as sets of pixels. Unions and intersections are in the fewest bands.
namespace spicebench::draw {

Region united(const Region& a, const Region& b);
Region common(const Region& a, const Region& b);
Region without(const Region& a, const Region& b);
bool intersects(const Region& a, const Region& b);
bool contains(const Region& outer, const Region& inner);
Region moved(const Region& region, std::int32_t dx, std::int32_t dy);
// The region of one rectangle; an empty one has none.
Region region_of(const Rect& rect);
std::int64_t pixels_in(const Region& region);

}  // namespace spicebench::draw
