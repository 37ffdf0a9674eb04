// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>

#include "core/base/time.hpp"

namespace spicebench::client {

// Multimedia time, as the server told it and as it has gone on since (channels.md §5.4).
class MediaClock {
 public:
  // Milliseconds; they wrap.
  void set(std::uint32_t ms, Instant now) {
    told_ = ms;
    told_at_ = now;
  }
  std::uint32_t at(Instant now) const {
    return told_ + static_cast<std::uint32_t>((now - told_at_).count() / 1'000'000);
  }

 private:
  std::uint32_t told_ = 0;
  Instant told_at_{};
};

}  // namespace spicebench::client
