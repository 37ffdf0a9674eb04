// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>

#include "core/wire/guest_action.hpp"

// Drawing commands on any surface, as values: what CommandBlock::of lays out.
namespace spicebench::qxl {

//   base  its box is inside of its surface
wire::device::Drawable filled(wire::display::DisplayBase base, std::uint32_t color);
// `area` of an image; stretched where the box has another size.
wire::device::Drawable copied(wire::display::DisplayBase base, wire::display::Image image,
                              wire::display::Rect area);
// The image over what is there, from its corner on; through the alpha of `mask`, if there is one.
wire::device::Drawable composed(wire::display::DisplayBase base, wire::display::Image image,
                                std::optional<wire::display::Image> mask);
wire::device::Drawable drawn(wire::display::DrawText text, std::uint32_t surface);
// A surface as an image.
wire::display::Image image_of(const wire::device::SurfaceCreate& surface);

}  // namespace spicebench::qxl
