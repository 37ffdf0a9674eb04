// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recorder/store/tables.hpp"

namespace spicebench::recorder {

// Numbers in the rows are those of the enumerations in schema.hpp; times are ns since the start;
// direction 0 is what the client end of the link sent, 1 the server end.
const char* const create_tables = R"sql(
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE peer(number INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE connection(
  id INTEGER PRIMARY KEY, link INTEGER, kind INTEGER, address TEXT, opened INTEGER,
  transport INTEGER, channel INTEGER, channel_id INTEGER, session_id INTEGER,
  link_error INTEGER, link_result INTEGER, auth INTEGER, header_bytes INTEGER,
  client_peer INTEGER, client_link INTEGER, client_endpoint TEXT,
  client_common_caps TEXT, client_channel_caps TEXT,
  client_ending INTEGER, client_ended INTEGER, client_bytes INTEGER,
  server_peer INTEGER, server_link INTEGER, server_endpoint TEXT,
  server_common_caps TEXT, server_channel_caps TEXT,
  server_ending INTEGER, server_ended INTEGER, server_bytes INTEGER,
  carrier INTEGER);
CREATE TABLE message(
  id INTEGER PRIMARY KEY, sent INTEGER, arrived INTEGER, connection INTEGER, direction INTEGER,
  serial INTEGER, type INTEGER, size INTEGER, sub_list INTEGER, hash INTEGER,
  body BLOB, blob INTEGER);
CREATE TABLE blob(id INTEGER PRIMARY KEY, hash BLOB, size INTEGER, data BLOB);
CREATE TABLE stream_bytes(
  id INTEGER PRIMARY KEY, connection INTEGER, direction INTEGER, offset INTEGER, kind INTEGER,
  sent INTEGER, bytes BLOB);
CREATE TABLE input(
  id INTEGER PRIMARY KEY, at INTEGER, peer INTEGER, kind INTEGER, connection INTEGER,
  side INTEGER, value INTEGER);
CREATE TABLE fault(
  id INTEGER PRIMARY KEY, at INTEGER, connection INTEGER, direction INTEGER, kind TEXT);
CREATE TABLE notice(id INTEGER PRIMARY KEY, at INTEGER, connection INTEGER, text TEXT);
CREATE TABLE screen(
  id INTEGER PRIMARY KEY, at INTEGER, message INTEGER, display INTEGER, surface INTEGER,
  width INTEGER, height INTEGER, hash BLOB);

CREATE TABLE channel_name(type INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE message_name(
  channel INTEGER, direction INTEGER, type INTEGER, name TEXT,
  PRIMARY KEY(channel, direction, type)) WITHOUT ROWID;
CREATE TABLE input_name(kind INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE stream_bytes_name(kind INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE transport_name(transport INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE carrier_name(carrier INTEGER PRIMARY KEY, name TEXT);

CREATE VIEW messages AS
  SELECT m.id, m.sent, m.arrived, m.connection,
         coalesce(cn.name, 'channel_' || c.channel) AS channel, c.channel_id,
         CASE m.direction WHEN 0 THEN 'client' ELSE 'server' END AS sender,
         m.serial, m.type, coalesce(n.name, 'type_' || m.type) AS name, m.size
  FROM message m JOIN connection c ON c.id = m.connection
  LEFT JOIN channel_name cn ON cn.type = c.channel
  LEFT JOIN message_name n
    ON n.channel = c.channel AND n.direction = m.direction AND n.type = m.type;
CREATE VIEW connections AS
  SELECT c.id, c.opened, coalesce(cn.name, 'channel_' || c.channel) AS channel, c.channel_id,
         t.name AS transport, r.name AS carrier, c.client_endpoint, c.server_endpoint,
         c.client_bytes, c.server_bytes
  FROM connection c LEFT JOIN channel_name cn ON cn.type = c.channel
  LEFT JOIN transport_name t ON t.transport = c.transport
  LEFT JOIN carrier_name r ON r.carrier = c.carrier;
CREATE VIEW inputs AS
  SELECT i.id, i.at, coalesce(p.name, i.peer) AS peer, n.name AS kind, i.connection, i.value
  FROM input i LEFT JOIN peer p ON p.number = i.peer LEFT JOIN input_name n ON n.kind = i.kind;
)sql";

const char* const create_indexes = R"sql(
CREATE INDEX message_by_connection ON message(connection, direction);
CREATE INDEX stream_bytes_by_offset ON stream_bytes(connection, direction, offset);
)sql";

const char* const create_device_event =
    "CREATE TABLE device_event(id INTEGER PRIMARY KEY, at INTEGER, event TEXT, fields TEXT)";

const std::array<std::string_view, 10> table_names = {
    "meta",         "peer",  "connection", "message", "blob",
    "stream_bytes", "input", "fault",      "notice",  "screen"};

std::uint64_t chained_hash(std::uint64_t previous, const MessageRow& row, const Hash128& body) {
  std::byte raw[72];
  std::byte* to = raw;
  for (const std::uint64_t word :
       {previous, std::uint64_t{row.connection}, static_cast<std::uint64_t>(row.by), row.serial,
        std::uint64_t{row.type}, std::uint64_t{row.size} << 32 | row.sub_list,
        static_cast<std::uint64_t>(nanoseconds(row.sent)), body.high, body.low}) {
    store_little_endian(to, word, 8);
    to += 8;
  }
  return hash128(BytesView(raw)).low;
}

std::string_view name_of(Transport transport) {
  switch (transport) {
    case Transport::spice:
      return "spice";
    case Transport::sasl:
      return "sasl";
    case Transport::unknown:
      break;
  }
  return "unknown";
}

std::string_view name_of(Carrier carrier) {
  constexpr std::array<std::string_view, 4> names = {"plain", "tls", "websocket", "tls_websocket"};
  const auto index = static_cast<std::size_t>(carrier);
  return index < names.size() ? names[index] : "unknown";
}

std::string_view name_of(StreamBytesKind kind) {
  constexpr std::array<std::string_view, 11> names = {
      "link_header", "link_mess", "link_reply", "auth_mechanism", "ticket",    "link_result",
      "sasl",        "encrypted", "torn",       "unframed",       "descriptor"};
  const auto index = static_cast<std::size_t>(kind);
  return index < names.size() ? names[index] : "unknown";
}

std::string_view name_of(InputKind kind) {
  constexpr std::array<std::string_view, 7> names = {"opened", "received", "handed", "writable",
                                                     "closed", "fired",    "refused"};
  const auto index = static_cast<std::size_t>(kind);
  return index < names.size() ? names[index] : "unknown";
}

}  // namespace spicebench::recorder
