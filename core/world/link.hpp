// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/random.hpp"
#include "core/base/time.hpp"

namespace spicebench {

// How a link behaves. The default is the ideal link: no delay, no split, ample credit.
struct LinkProfile {
  Duration latency{};                 // one way
  Duration jitter{};                  // 0 … jitter more, per segment; order is kept
  std::uint64_t bits_per_second = 0;  // 0: unlimited
  std::size_t window = 256 * 1024;    // bytes under way or not yet read by the receiver; at least 1
  std::size_t segment_min = 0, segment_max = 0;  // sizes of the pieces that arrive; max 0: as sent
  std::uint32_t stall_per_million = 0;           // chance of a segment to be held up for `stall`
  Duration stall{};
  std::uint64_t reset_after_bytes = 0;  // of both directions together; 0: never
};

// One direction of a stream link as a calculation: which bytes arrive when, in which pieces, and
// when credit returns. Knows no peer and no scheduler.
class LinkDirection {
 public:
  struct Segment {
    Instant arrives;
    Bytes bytes;
  };

  LinkDirection(const LinkProfile& profile, Random random) : profile_(profile), random_(random) {}

  // Splits what was sent at `now`; arrivals never go back in time. Precondition: at most credit()
  // bytes.
  std::vector<Segment> send(Bytes bytes, Instant now);
  // When something sent now (the end of the stream) would arrive: behind all bytes.
  Instant arrival_after_all(Instant now) const;
  std::size_t credit() const { return profile_.window - outstanding_; }
  // The receiver took `count` bytes. Returns the credit to grant to the sender now; small amounts
  // are kept back and added to a later one, but never so much that the sender could be left
  // without.
  std::size_t consume(std::size_t count);

 private:
  LinkProfile profile_;
  Random random_;
  Instant line_free_{};  // when the last bit has left, at limited bandwidth
  Instant last_arrival_{};
  std::size_t outstanding_ = 0;  // bytes for which credit has not been granted again
  std::size_t kept_back_ = 0;
};

}  // namespace spicebench
