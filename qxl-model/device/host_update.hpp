// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>

#include "core/base/shared_bytes.hpp"
#include "core/wire/device_link.hpp"

namespace spicebench::qxl {

// A part of the picture in mode VGA, for the worker to draw.
struct HostUpdate {
  wire::display::Rect box;
  std::uint32_t image = 0;  // its number
  SharedBytes pixels;       // rows from the top, four bytes a pixel, xRGB
};

// The command that draws it on the primary surface (qxl-device.md §18.1).
wire::device::Drawable drawable_of(const HostUpdate& update);

}  // namespace spicebench::qxl
