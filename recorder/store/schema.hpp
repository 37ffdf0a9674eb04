// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/hash.hpp"
#include "core/base/shared_bytes.hpp"
#include "core/base/side.hpp"
#include "core/base/time.hpp"
#include "core/wire/ids.hpp"
#include "core/world/peer.hpp"
#include "core/world/tap.hpp"

// The recording format, *.spicerec: an SQLite file. Here: its marks, the rows that Writer and
// Reader exchange with their callers, and the keys of `meta`. The tables themselves are in
// schema.cpp.
namespace spicebench::recorder {

constexpr std::uint32_t application_id = 0x53505242;  // "SPRB", PRAGMA application_id
constexpr std::uint32_t format_version = 2;           // PRAGMA user_version
constexpr std::size_t inline_body_bytes = 512;        // larger bodies are deduplicated blobs

// Ids count from 1 in the order in which the recorder saw things, without gaps.
using ConnectionId = std::uint32_t;
using MessageId = std::uint64_t;

// Keys of `meta`; others are free to use. Values are text.
namespace meta {
constexpr std::string_view producer = "producer";          // "spicebench run", "spicebench import"
constexpr std::string_view source = "source";              // import: the name of the capture
constexpr std::string_view scenario = "scenario";          // run: the text of the scenario file
constexpr std::string_view seed = "seed";                  // run
constexpr std::string_view guest_digest = "digest.guest";  // 32 hex digits, enters the digest
constexpr std::string_view rolling_hash = "rolling_hash";  // written by Writer::finish
constexpr std::string_view duration = "duration_ns";       // written by Writer::finish
constexpr std::string_view complete = "complete";          // "1": closed by Writer::finish
}  // namespace meta

struct PeerRow {
  PeerNumber number = 0;
  std::string name;
};

// What a stream link turned out to carry.
enum class Transport : std::uint8_t {
  spice = 0,
  sasl = 1,     // SPICE link stage, then a SASL security layer: messages cannot be seen
  unknown = 2,  // bytes that are not SPICE, or none at all
};
std::string_view name_of(Transport transport);

// What lay between TCP and the SPICE stream. The bytes of a recording are those above it, so
// digests do not depend on it.
enum class Carrier : std::uint8_t {
  plain = 0,
  tls = 1,
  websocket = 2,
  tls_websocket = 3,  // WebSocket inside TLS
};
std::string_view name_of(Carrier carrier);

struct DirectionRow {
  std::string endpoint;  // import: "127.0.0.1:5900"; else empty
  PeerNumber peer = 0;   // who this end is
  LinkId link = 0;       // the number under which that peer knows the link
  std::vector<std::uint32_t> common_caps, channel_caps;
  std::optional<Ending> ending;  // how this side ended its direction
  std::optional<Instant> ended;
  std::uint64_t bytes = 0;  // of the stream; value links: of the encoded messages
};
struct ConnectionRow {
  ConnectionId id = 0;
  LinkNumber link = 0;
  LinkKind kind = LinkKind::stream;
  std::string address;  // what was connected to
  Instant opened{};
  Transport transport = Transport::unknown;
  wire::ChannelType channel = wire::ChannelType::common;  // common: not known
  std::uint8_t channel_id = 0;
  std::uint32_t session_id = 0;              // connection_id of the LinkMess
  std::optional<std::uint32_t> link_error;   // of the LinkReply
  std::optional<std::uint32_t> link_result;  // after authentication
  std::optional<std::uint32_t> auth;         // wire::link::auth_spice or auth_sasl
  std::uint32_t header_bytes = 0;            // 6 or 18; 0 on value links or before the link is up
  DirectionRow client, server;
  Carrier carrier = Carrier::plain;  // since format 2; before, nothing else was recorded
  const DirectionRow& side(Side side) const { return side == Side::client ? client : server; }
  DirectionRow& side(Side side) { return side == Side::client ? client : server; }
};

struct MessageRow {
  MessageId id = 0;
  Instant sent{};                  // when its last byte was given to the link
  std::optional<Instant> arrived;  // when its last byte was handled at the other end
  ConnectionId connection = 0;
  Side by = Side::client;
  std::uint64_t serial = 0;
  std::uint16_t type = 0;
  std::uint32_t sub_list = 0;  // full header only
  std::uint32_t size = 0;      // of the body
  SharedBytes body;            // empty when the reader was asked for no bodies
  std::uint64_t hash = 0;      // chained over all message rows up to this one
};

// Bytes of a stream that are no message. With the messages they tile every byte of a direction.
enum class StreamBytesKind : std::uint8_t {
  link_header = 0,  // 0 … 6 and 10 as wire::UnitKind
  link_mess = 1,
  link_reply = 2,
  auth_mechanism = 3,
  ticket = 4,
  link_result = 5,
  sasl = 6,
  encrypted = 7,  // behind a SASL security layer
  torn = 8,       // the beginning of a unit whose rest never came
  unframed = 9,   // from a framing error on
  descriptor = 10,
};
std::string_view name_of(StreamBytesKind kind);
struct StreamBytesRow {
  ConnectionId connection = 0;
  Side by = Side::client;
  std::uint64_t offset = 0;  // in the direction's stream
  StreamBytesKind kind{};
  Instant sent{};
  Bytes bytes;
};

// One input of one of our own peers; rows are in the order in which the world handled them.
enum class InputKind : std::uint8_t {
  opened = 0,
  received = 1,  // value: bytes, the next ones of the other side's stream
  handed = 2,    // value: MessageId
  writable = 3,  // value: bytes
  closed = 4,    // value: Ending
  fired = 5,     // value: TimerId; no connection
  refused = 6,   // Closed{refused}: value: LinkId; no connection
};
std::string_view name_of(InputKind kind);
struct InputRow {
  Instant at{};
  PeerNumber peer = 0;
  InputKind kind{};
  ConnectionId connection = 0;
  Side side = Side::client;  // which end of the connection the peer is
  LinkId link = 0;           // as the peer knows it; the reader fills it in from the connection
  std::uint64_t value = 0;
};

struct FaultRow {
  Instant at{};
  ConnectionId connection = 0;
  Side by = Side::client;
  std::string kind;  // "reset", "refused", or the name of an injected fault
};
// Something the reader of a recording should know: a framing error, an ignored stream.
struct NoticeRow {
  Instant at{};
  ConnectionId connection = 0;  // 0: concerns no connection of the recording
  std::string text;
};
// What happened within the guest's device, if the run was traced.
struct DeviceEventRow {
  Instant at{};
  std::string event, fields;  // "port", "port=reset value=0 mode=vga"
};
// A change of what a client shows. Derived, but recorded when a client of ours was there.
struct ScreenRow {
  Instant at{};
  MessageId message = 0;     // the last message that is in the picture; 0: unknown
  std::uint8_t display = 0;  // channel id
  std::uint32_t surface = 0;
  std::uint32_t width = 0, height = 0;
  Hash128 hash;
};

}  // namespace spicebench::recorder
