// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <map>
#include <string>

#include "core/base/time.hpp"

namespace spicebench::server {

// Who guesses has to wait: how often links from an address were refused for their ticket or their
// session id, and for how long the next answer is held back. Every answer, good ones as well: else
// one that does not come at once would already say no.
//
// Source: channels.md §2.6, H-LNK-6.
class FailedAttempts {
 public:
  // Zero for the first failed_attempts_free, then doubling up to failed_attempt_delay_max.
  Duration delay(const std::string& peer, Instant now) const;
  void failed(const std::string& peer, Instant now);
  void succeeded(const std::string& peer) { peers_.erase(peer); }
  std::size_t size() const { return peers_.size(); }

 private:
  struct Record {
    std::uint32_t failures = 0;
    Instant last{};
  };
  std::map<std::string, Record> peers_;  // at most most_watched_addresses
};

}  // namespace spicebench::server
