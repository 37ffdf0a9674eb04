// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "core/base/result.hpp"
#include "core/world/peer.hpp"
#include "recorder/store/reader.hpp"
#include "replayer/replay/divergence.hpp"

namespace spicebench::replayer {

// Compares all that one peer puts out with what a recording says it put out: every message and
// other byte of each of its links, at its time and in its order over all links; connects, ends, and
// the timers, each of which must be armed for the very time at which it fired.
class OutputCheck {
 public:
  // The reader must outlive this.
  OutputCheck(const recorder::Reader& recording, PeerNumber peer);
  ~OutputCheck();

  // Before the peer handles its next input at `now`: what the recording had before that time must
  // have come by now, and a timer that fires must be the one that was armed.
  Result<std::optional<Divergence>> before(const Input& input,
                                           const recorder::ConnectionRow* connection, Instant now);
  // What the peer then put out.
  Result<std::optional<Divergence>> after(const Outputs& outputs, Instant now);
  // The recording is over.
  Result<std::optional<Divergence>> at_end();

  std::uint64_t messages() const { return messages_; }  // compared so far

 private:
  class Direction;

  Result<std::optional<Divergence>> overdue(Instant now);
  std::optional<Divergence> overdue_timer(Instant now) const;
  Result<std::optional<Divergence>> perform(const Output& output, Instant now);
  std::optional<Divergence> connected(const Connect& connect, Instant now);
  std::optional<Divergence> odd(Instant now, std::string name, std::string expected,
                                std::string found) const;
  Direction* direction_of(LinkId link);

  const recorder::Reader& recording_;
  PeerNumber peer_;
  std::map<recorder::ConnectionId, std::string> labels_;
  std::map<LinkId, std::unique_ptr<Direction>> directions_;  // of links that are open
  std::map<TimerId, Instant> timers_;                        // armed
  std::size_t next_connection_ = 0;  // in the recording's list: where to look for our next Connect
  recorder::MessageId last_message_ = 0;
  std::uint64_t messages_ = 0;
};

}  // namespace spicebench::replayer
