// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>

namespace spicebench::qxl {

// The device's only measure of time, from power on of the world: 1 cycle is 1 ns (qxl-device.md
// §22). It becomes an Instant only at the machine's edge.
using Cycle = std::uint64_t;
constexpr Cycle never = UINT64_MAX;

}  // namespace spicebench::qxl
