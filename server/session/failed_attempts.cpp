// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/session/failed_attempts.hpp"

#include <algorithm>

#include "server/constants.hpp"

namespace spicebench::server {

Duration FailedAttempts::delay(const std::string& peer, Instant now) const {
  const auto found = peers_.find(peer);
  if (peer.empty() || found == peers_.end()) return Duration{0};
  const Record& record = found->second;
  if (record.failures < failed_attempts_free) return Duration{0};
  if (now > record.last + std::chrono::seconds(failed_attempts_forgotten_s)) return Duration{0};
  const std::uint32_t doublings = std::min(record.failures - failed_attempts_free, 5u);
  return std::min<Duration>(std::chrono::seconds(1u << doublings),
                            std::chrono::seconds(failed_attempt_delay_max_s));
}

void FailedAttempts::failed(const std::string& peer, Instant now) {
  if (peer.empty()) return;
  if (!peers_.contains(peer) && peers_.size() >= most_watched_addresses)
    peers_.erase(
        std::ranges::min_element(peers_, {}, [](const auto& entry) { return entry.second.last; }));
  Record& record = peers_[peer];
  if (now > record.last + std::chrono::seconds(failed_attempts_forgotten_s)) record.failures = 0;
  ++record.failures;
  record.last = now;
}

}  // namespace spicebench::server
