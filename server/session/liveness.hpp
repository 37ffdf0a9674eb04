// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/random.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "core/wire/common_messages.hpp"

namespace spicebench::server {

// Whether the client of a main channel is still there: pings when it has been quiet, and a look
// every 30 s at whether anything has moved.
//
// Source: channels.md §4.4. DIFFERS: it begins with the channel, not when the network test is over,
// which a client could put off; while bytes wait for the client no ping is tried before the next
// look, so that nothing wakes up for it.
class Liveness {
 public:
  Liveness(Random random, Instant now);

  void heard() { heard_ = true; }  // a byte came from the client
  void moved() { moved_ = true; }  // the client took bytes
  // Whether the pong answers a ping of ours; the timestamp must be the ping's.
  bool answered(const wire::common::Pong& pong, Instant now);

  Instant due() const { return std::min(next_look_, next_ping_); }
  // At due(): the pings to send.
  //   waiting  bytes wait for the client
  //   errors   denied: the client is dead
  Result<std::vector<wire::common::Ping>> proceed(bool waiting, Instant now);

  // The shortest so far; nothing: not measured yet.
  std::optional<Duration> round_trip() const { return round_trip_; }

 private:
  enum class State : std::uint8_t { connected, blocked, wait_pong };

  Random random_;
  State state_ = State::connected;  // at the last look
  bool heard_ = false, moved_ = false;
  Instant next_look_, next_ping_;
  wire::common::Ping ping_;  // the last one
  std::uint32_t owed_ = 0;   // answers to it: the first one warms up, the second is measured
  std::optional<Duration> round_trip_;
};

}  // namespace spicebench::server
