// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <algorithm>
#include <cstdint>
#include <utility>

#include "core/base/time.hpp"
#include "server/constants.hpp"

namespace spicebench::server {

// Multimedia time: what frames and sound are stamped with, and how much later clients show them.
// While a client hears the guest, what it hears is its clock; when that ends, every client is told
// the time again.
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
  // Milliseconds; they only grow, until nothing is heard any more.
  std::uint32_t latency_ms() const { return latency_ms_; }
  void require_latency(std::uint32_t ms) {
    if (ms <= latency_ms_) return;
    latency_ms_ = ms;
    if (!heard_) ++announcements_;
  }
  void set_heard(bool heard) {
    if (!std::exchange(heard_, heard) || heard) return;
    latency_ms_ = mm_time_delay_ms;
    ++announcements_;
  }
  // How often clients had to be told the time.
  std::uint64_t announcements() const { return announcements_; }

 private:
  std::uint32_t latency_ms_ = mm_time_delay_ms;
  bool heard_ = false;
  std::uint64_t announcements_ = 0;
};

}  // namespace spicebench::server
