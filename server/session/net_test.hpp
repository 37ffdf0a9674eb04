// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <vector>

#include "core/base/time.hpp"
#include "core/wire/common_messages.hpp"
#include "server/constants.hpp"

namespace spicebench::server {

// The network test at the start of a session: three pings with the ids 1, 2, 3. The first two
// answers give the latency (the smaller round trip), the third, whose ping is large, the bit rate.
//
// Source: protocol.md §3.5, channels.md §5.5. DIFFERS: an answer must carry the timestamp that was
// sent for its id; the reference believes any, so that a client can claim any rate.
class NetTest {
 public:
  enum class Effect : std::uint8_t { counted, not_ours, forged };

  // The pings to send now; timestamps in microseconds.
  std::vector<wire::common::Ping> start(const std::vector<std::uint32_t>& bytes, Instant now);
  Effect answer(const wire::common::Pong& pong, Instant now);

  bool finished() const { return next_ == sent_.size(); }
  Duration latency() const { return latency_; }
  std::uint64_t bits_per_second() const { return bits_per_second_; }  // 0: not known, unlimited
  bool low_bandwidth() const {
    return bits_per_second_ != 0 && bits_per_second_ < low_bandwidth_bits_per_second;
  }

 private:
  struct Sent {
    std::uint64_t timestamp;
    std::uint32_t bytes;
    Instant at;
  };
  std::vector<Sent> sent_;
  std::size_t next_ = 0;  // index of the ping whose answer is due
  Duration latency_{};
  std::uint64_t bits_per_second_ = 0;
};

}  // namespace spicebench::server
