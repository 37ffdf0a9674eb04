// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/wire/framer.hpp"
#include "core/world/peer.hpp"
#include "recorder/store/reader.hpp"
#include "replayer/replay/divergence.hpp"

namespace spicebench::replayer {

// One direction of one connection of a recording, walked along with a peer that sends anew: what it
// sends is framed and compared unit by unit with what was recorded.
class RecordedDirection {
 public:
  RecordedDirection(const recorder::Reader& recording, const recorder::ConnectionRow& connection,
                    Side by, std::string label);

  struct Verdict {
    std::optional<Divergence> divergence;
    std::uint64_t messages = 0;            // compared
    recorder::MessageId last_message = 0;  // the last of them
  };
  Result<Verdict> sent(BytesView bytes, Instant now);
  Result<Verdict> handed(const Value& value, Instant now);
  // What the other side sent: the link stage of both decides how bytes are framed.
  Result<void> heard(BytesView bytes);
  void grant(std::size_t bytes) { credit_ += bytes; }

  // Something that was recorded before `now` and has not been sent anew.
  Result<std::optional<Divergence>> overdue(Instant now);
  // Anything recorded that has not been sent anew.
  Result<std::optional<Divergence>> missing();

  const recorder::ConnectionRow& connection() const { return connection_; }
  Side by() const { return by_; }

 private:
  Result<void> look_ahead();  // fills next_message_
  Result<std::optional<Divergence>> check_message(const recorder::MessageRow& found, Instant now,
                                                  Verdict& verdict);
  std::optional<Divergence> check_bytes(const wire::Unit& unit, Instant now);
  Divergence here(Instant at, const recorder::MessageRow* row = nullptr) const;
  Result<std::optional<Divergence>> not_sent_before(std::optional<Instant> now);

  const recorder::ConnectionRow& connection_;
  Side by_;
  std::string label_;
  recorder::MessageCursor messages_;
  std::optional<recorder::MessageRow> next_message_;
  bool looked_ahead_ = false;
  std::uint64_t number_ = 0;                      // of messages compared
  std::vector<recorder::StreamBytesRow> pieces_;  // of the link stage, by offset
  std::size_t next_piece_ = 0;
  std::optional<Error> unreadable_;  // pieces_ could not be read
  wire::ConnectionFramer framer_;
  std::uint64_t credit_ = 0;
  Bytes encoded_;  // of the last handed message, kept for its memory
};

}  // namespace spicebench::replayer
