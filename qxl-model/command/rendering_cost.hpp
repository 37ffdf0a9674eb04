// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include "core/wire/device_link.hpp"
#include "qxl-model/cost/cost_model.hpp"
#include "qxl-model/device/surfaces.hpp"

namespace spicebench::qxl {

// What rendering a drawable at once costs the worker (qxl-device.md §22.2), decoding of its images
// not counted.
//   painted  pixels of the clip within the box
Cycle rendering_cost(const CostModel& costs, const wire::device::Drawable& drawable,
                     std::uint64_t painted, const LiveSurface& target);

}  // namespace spicebench::qxl
