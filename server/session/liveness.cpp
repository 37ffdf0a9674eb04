// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/session/liveness.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "server/constants.hpp"

namespace spicebench::server {

namespace {

constexpr Duration look_interval = std::chrono::seconds(client_wait_limit_s);
constexpr Duration ping_interval =
    std::chrono::seconds(ping_interval_s) + std::chrono::milliseconds(ping_idle_ms);
constexpr Instant never{Duration::max()};

}  // namespace

Liveness::Liveness(Random random, Instant now)
    : random_(random), next_look_(now + look_interval), next_ping_(now + ping_interval) {}

bool Liveness::answered(const wire::common::Pong& pong, Instant now) {
  if (owed_ == 0 || pong.id != ping_.id || pong.timestamp != ping_.timestamp) return false;
  if (--owed_ > 0) return true;
  const Duration sample = now - instant(static_cast<std::int64_t>(ping_.timestamp));
  round_trip_ = std::min(round_trip_.value_or(sample), sample);
  next_ping_ = now + ping_interval;
  return true;
}

Result<std::vector<wire::common::Ping>> Liveness::proceed(bool waiting, Instant now) {
  if (now >= next_look_) {
    const bool dead =
        (state_ == State::blocked && !heard_ && !moved_) || (state_ == State::wait_pong && !heard_);
    if (dead)
      return fail(ErrorCode::denied,
                  fmt::format("the client has not moved for {} s", client_wait_limit_s));
    state_ = waiting ? State::blocked : owed_ > 0 ? State::wait_pong : State::connected;
    heard_ = moved_ = false;
    next_look_ = now + look_interval;
  }
  std::vector<wire::common::Ping> pings;
  if (now < next_ping_) return pings;
  if (waiting) {
    next_ping_ = next_look_;
    return pings;
  }
  next_ping_ = never;
  owed_ = 2;
  ping_ = {.id = static_cast<std::uint32_t>(random_.between(first_ping_id, UINT32_MAX)),
           .timestamp = static_cast<std::uint64_t>(nanoseconds(now)),
           .data = {}};
  pings.assign(owed_, ping_);
  return pings;
}

}  // namespace spicebench::server
