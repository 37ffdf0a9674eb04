// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <map>
#include <optional>

#include "core/base/result.hpp"
#include "core/world/peer.hpp"
#include "recorder/store/reader.hpp"

namespace spicebench::replayer {

// The number of the peer of this name. Errors: unsupported (the recording has none: an import).
Result<PeerNumber> recorded_peer(const recorder::Reader& recording, std::string_view name);

// What one peer heard, made again from a recording: the same inputs, in the same order, at the same
// times, with the bytes and messages that the recording now holds (an edited message is heard as
// edited). Surfaces of a device come with fresh memory.
class RecordedInputs {
 public:
  // The reader must outlive this.
  RecordedInputs(const recorder::Reader& recording, PeerNumber peer);

  struct Next {
    Instant at{};
    const recorder::ConnectionRow* connection = nullptr;  // null for timers and refused connects
    Side side{};                                          // our end of it
    Input input;
  };
  // Nothing: the end. Errors: malformed (rows that do not fit together, a message of a value link
  // that does not decode), not_found, out_of_range (a surface larger than a simulation has).
  Result<std::optional<Next>> next();

 private:
  Result<Input> input_of(const recorder::InputRow& row, const recorder::ConnectionRow& connection);

  const recorder::Reader& recording_;
  PeerNumber peer_;
  recorder::InputCursor rows_;
  std::map<recorder::ConnectionId, recorder::StreamCursor> streams_;  // of the other side
};

}  // namespace spicebench::replayer
