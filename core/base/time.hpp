// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <chrono>
#include <cstdint>

namespace spicebench {

// The only clock of the project. It has no now(): asking the system for the time does not compile.
struct VirtualClock {
  using rep = std::int64_t;
  using period = std::nano;
  using duration = std::chrono::nanoseconds;
  using time_point = std::chrono::time_point<VirtualClock>;
  static constexpr bool is_steady = true;
};
using Instant = VirtualClock::time_point;  // since the start of the world (or of the capture)
using Duration = VirtualClock::duration;

constexpr std::int64_t nanoseconds(Instant at) {
  return at.time_since_epoch().count();
}
constexpr Instant instant(std::int64_t ns) {
  return Instant{Duration{ns}};
}

}  // namespace spicebench
