// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/session/net_test.hpp"

#include <algorithm>

namespace spicebench::server {

std::vector<wire::common::Ping> NetTest::start(const std::vector<std::uint32_t>& bytes,
                                               Instant now) {
  std::vector<wire::common::Ping> pings;
  const auto microseconds = static_cast<std::uint64_t>(nanoseconds(now) / 1000);
  for (const std::uint32_t count : bytes) {
    sent_.push_back({microseconds, count, now});
    pings.push_back({.id = static_cast<std::uint32_t>(sent_.size()),
                     .timestamp = microseconds,
                     .data = SharedBytes(Bytes(count))});
  }
  return pings;
}

NetTest::Effect NetTest::answer(const wire::common::Pong& pong, Instant now) {
  if (finished() || pong.id != next_ + 1) return Effect::not_ours;
  const Sent& sent = sent_[next_];
  if (pong.timestamp != sent.timestamp) return Effect::forged;
  const Duration round_trip = now - sent.at;
  if (next_ < 2) {
    latency_ = next_ == 0 ? round_trip : std::min(latency_, round_trip);
  } else if (round_trip <= latency_) {  // no faster than nothing: the result is void
    latency_ = Duration{0};
  } else {
    bits_per_second_ = std::uint64_t{8} * sent.bytes * 1'000'000'000 /
                       static_cast<std::uint64_t>((round_trip - latency_).count());
  }
  ++next_;
  return Effect::counted;
}

}  // namespace spicebench::server
