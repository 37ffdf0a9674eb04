// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>

#include "core/base/time.hpp"

namespace spicebench::client {

// Multimedia time, as the server told it, or as what is heard says, and as it has gone on since
// (channels.md §5.4).
class MediaClock {
 public:
  static constexpr std::int32_t most_step_ms = 500;

  // Milliseconds; they wrap. A step back, or one of more than most_step_ms ahead, is a reset.
  void set(std::uint32_t ms, Instant now) {
    const auto step = static_cast<std::int32_t>(ms - at(now));
    if (known_ && (step < 0 || step > most_step_ms)) ++resets_;
    known_ = true;
    told_ = ms;
    told_at_ = now;
  }
  std::uint32_t at(Instant now) const {
    return told_ + static_cast<std::uint32_t>((now - told_at_).count() / 1'000'000);
  }
  std::uint64_t resets() const { return resets_; }

 private:
  bool known_ = false;
  std::uint32_t told_ = 0;
  Instant told_at_{};
  std::uint64_t resets_ = 0;
};

}  // namespace spicebench::client
