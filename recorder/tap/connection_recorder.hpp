// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <array>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "core/wire/framer.hpp"
#include "recorder/store/writer.hpp"

namespace spicebench::recorder {

// One stream connection on its way into a recording: what its two sides sent is framed and written,
// messages as messages, every other byte as stream bytes. Tap and import both use it, so that a
// simulation and a capture give the same rows.
class ConnectionRecorder {
 public:
  enum class Arrival {
    reported,  // arrived() says when bytes reached the other side
    at_once,   // all that a capture can know
  };
  ConnectionRecorder(Writer& writer, ConnectionRow row, Arrival arrival);

  void sent(Side by, BytesView bytes, Instant now);
  // So many more of the bytes that `by` sent have been handled at the other side.
  void arrived(Side by, std::size_t bytes, Instant now);
  void ended(Side by, Ending ending, Instant now);
  // No more will come: what begins a unit is stored as torn.
  void finish(Instant now);

  ConnectionId id() const { return row_.id; }
  const ConnectionRow& row() const { return row_; }
  // Framing errors, as they stand in the recording's notices.
  const std::vector<std::string>& troubles() const { return troubles_; }

 private:
  struct Direction {
    std::uint64_t position = 0;   // in the stream, of the end of what has been stored
    std::uint64_t delivered = 0;  // bytes that arrived
    bool opaque = false;          // no more units: bytes are stored as they come
    StreamBytesKind opaque_kind{};
    struct Flying {
      MessageId message;
      std::uint64_t end;  // in the stream
    };
    std::deque<Flying> flying;
  };
  Direction& direction(Side by) { return directions_[static_cast<std::size_t>(by)]; }
  // Stores units of this side until there is none; true if there was one.
  bool take_units(Side by, Instant now);
  void store_unit(Side by, const wire::Unit& unit, Instant now);
  void store_bytes(Side by, StreamBytesKind kind, BytesView bytes, Instant now);
  // The rest of this side's stream is no units: stores what the framer holds of it.
  void make_opaque(Side by, StreamBytesKind kind, Instant now);
  void update_row();

  Writer& writer_;
  ConnectionRow row_;
  Arrival arrival_;
  wire::ConnectionFramer framer_;
  std::array<Direction, 2> directions_;
  std::vector<std::string> troubles_;
};

}  // namespace spicebench::recorder
