// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <algorithm>
#include <cstdint>

#include "core/base/time.hpp"
#include "server/constants.hpp"

namespace spicebench::server {

// Multimedia time: what frames and sound are stamped with, and how much later clients show them.
//
// Source: channels.md §5.4, display-pipeline.md §19.
class MediaClock {
 public:
  // Milliseconds of the server's clock; they wrap.
  static std::uint32_t at(Instant now) {
    return static_cast<std::uint32_t>(nanoseconds(now) / 1'000'000);
  }
  // What clients are told: frames stamped now are due when their clock says so.
  std::uint32_t told_at(Instant now) const { return at(now) - latency_ms_; }
  // Milliseconds; they only grow.
  std::uint32_t latency_ms() const { return latency_ms_; }
  void require_latency(std::uint32_t ms) { latency_ms_ = std::max(latency_ms_, ms); }

 private:
  std::uint32_t latency_ms_ = mm_time_delay_ms;
};

}  // namespace spicebench::server
