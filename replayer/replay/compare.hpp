// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <map>
#include <optional>
#include <string>

#include "core/wire/message.hpp"
#include "recorder/store/reader.hpp"
#include "replayer/replay/divergence.hpp"

namespace spicebench::replayer {

// What people call the connections of a recording: "display/0", the second of its kind
// "display/0#2", "device", "user", and what is not SPICE "stream 3".
std::map<recorder::ConnectionId, std::string> labels_of(const recorder::Reader& recording);

// What decoding a connection's messages depends on; valid as long as the row.
wire::Context context_of(const recorder::ConnectionRow& connection);

// "draw_copy"; "type_123" if the protocol has no such message.
std::string message_name(wire::ChannelType channel, Side by, std::uint16_t type);

// Where two messages of one direction of a connection first differ: header, then field by field,
// then byte by byte. Sets name, field, expected (of `a`) and found (of `b`), nothing else. Nothing:
// they are equal. Times are not compared. `headers_on_wire`: serial and sub-list are part of it.
std::optional<Divergence> compare(const recorder::ConnectionRow& connection,
                                  const recorder::MessageRow& a, const recorder::MessageRow& b,
                                  bool headers_on_wire);

// Where two runs of bytes first differ, as "byte 12" with the bytes there; nothing if equal.
std::optional<Divergence> compare_bytes(BytesView a, BytesView b);

}  // namespace spicebench::replayer
