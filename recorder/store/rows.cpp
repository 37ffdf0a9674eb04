// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recorder/store/rows.hpp"

#include <fmt/format.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "recorder/store/packed.hpp"

namespace spicebench::recorder {

namespace {

// Reads the columns of a row one after the other; the first value that cannot be is the error.
class Columns {
 public:
  Columns(const Statement& row, std::string what) : row_(row), what_(std::move(what)) {}

  template <class T>
  T number(const char* name) {
    const std::int64_t value = row_.integer(at_++);
    if constexpr (!std::is_same_v<T, std::uint64_t>)  // 64 bits are stored as they are
      if (!std::in_range<T>(value)) wrong(name, value);
    return static_cast<T>(value);
  }
  Side side(const char* name) { return number_below(name, 2) == 0 ? Side::client : Side::server; }
  template <class T>
  T choice(const char* name, T last) {
    return static_cast<T>(number_below(name, static_cast<std::int64_t>(last) + 1));
  }
  Instant time() { return instant(row_.integer(at_++)); }
  std::optional<std::int64_t> nullable() { return row_.nullable(at_++); }
  std::string text() { return std::string(row_.text(at_++)); }
  BytesView blob() { return row_.blob(at_++); }
  bool is_null() const { return row_.is_null(at_); }

  std::optional<Error> error;
  void wrong(const char* name, std::int64_t value) { complain(fmt::format("{} {}", name, value)); }
  void complain(std::string detail) {
    if (!error) error = Error{ErrorCode::malformed, 0, what_, std::move(detail)};
  }

 private:
  std::int64_t number_below(const char* name, std::int64_t bound) {
    const std::int64_t value = row_.integer(at_++);
    if (value >= 0 && value < bound) return value;
    wrong(name, value);
    return 0;
  }

  const Statement& row_;
  std::string what_;
  int at_ = 0;
};

std::vector<std::uint32_t> caps_of(Columns& columns, const char* name) {
  const auto words = nlohmann::json::parse(columns.text(), nullptr, false);
  std::vector<std::uint32_t> caps;
  if (!words.is_array()) {
    columns.complain(fmt::format("{}: not a list of numbers", name));
    return caps;
  }
  for (const auto& word : words) {
    if (!word.is_number_unsigned() || word.get<std::uint64_t>() > UINT32_MAX) {
      columns.complain(fmt::format("{}: not a list of 32-bit numbers", name));
      break;
    }
    caps.push_back(word.get<std::uint32_t>());
  }
  return caps;
}

std::optional<std::uint32_t> nullable_word(Columns& columns, const char* name) {
  const auto value = columns.nullable();
  if (!value) return std::nullopt;
  if (!std::in_range<std::uint32_t>(*value)) columns.wrong(name, *value);
  return static_cast<std::uint32_t>(*value);
}

DirectionRow read_direction(Columns& columns) {
  DirectionRow row;
  row.peer = columns.number<PeerNumber>("peer");
  row.link = columns.number<LinkId>("link");
  row.endpoint = columns.text();
  row.common_caps = caps_of(columns, "common_caps");
  row.channel_caps = caps_of(columns, "channel_caps");
  if (columns.is_null())
    columns.nullable();
  else
    row.ending = columns.choice("ending", Ending::refused);
  if (const auto ended = columns.nullable()) row.ended = instant(*ended);
  row.bytes = columns.number<std::uint64_t>("bytes");
  return row;
}

}  // namespace

const char* const select_messages_with_bodies =
    "SELECT m.id, m.sent, m.arrived, m.connection, m.direction, m.serial, m.type, m.size,"
    " m.sub_list, m.hash, m.blob, b.size, m.body, b.data"
    " FROM message m LEFT JOIN blob b ON b.id = m.blob";
const char* const select_messages =
    "SELECT m.id, m.sent, m.arrived, m.connection, m.direction, m.serial, m.type, m.size,"
    " m.sub_list, m.hash FROM message m";

Result<MessageRow> read_message(const Statement& row, bool body) {
  Columns columns(row, fmt::format("message {}", row.integer(0)));
  MessageRow message;
  message.id = columns.number<MessageId>("id");
  message.sent = columns.time();
  if (const auto arrived = columns.nullable()) message.arrived = instant(*arrived);
  message.connection = columns.number<ConnectionId>("connection");
  message.by = columns.side("direction");
  message.serial = columns.number<std::uint64_t>("serial");
  message.type = columns.number<std::uint16_t>("type");
  message.size = columns.number<std::uint32_t>("size");
  message.sub_list = columns.number<std::uint32_t>("sub_list");
  message.hash = columns.number<std::uint64_t>("hash");
  if (columns.error) return std::unexpected(std::move(*columns.error));
  if (!body) return message;
  const std::string what = fmt::format("message {}", message.id);
  if (!columns.nullable()) {
    message.body = SharedBytes::copy_of(row.blob(12));
  } else if (row.is_null(13)) {
    return fail(ErrorCode::malformed, "its blob is missing", 0, what);
  } else {
    message.body = TRY(unpack(row.blob(13), row.integer(11), what));
  }
  if (message.body.size() != message.size)
    return fail(
        ErrorCode::malformed,
        fmt::format("size {}, but the body has {} bytes", message.size, message.body.size()), 0,
        what);
  return message;
}

const char* select_connections(std::int64_t version) {
  return version < 2 ? "SELECT *, 0 AS carrier FROM connection ORDER BY id"
                     : "SELECT * FROM connection ORDER BY id";
}

Result<ConnectionRow> read_connection(const Statement& row) {
  Columns columns(row, fmt::format("connection {}", row.integer(0)));
  ConnectionRow connection;
  connection.id = columns.number<ConnectionId>("id");
  connection.link = columns.number<LinkNumber>("link");
  connection.kind = columns.choice("kind", LinkKind::value);
  connection.address = columns.text();
  connection.opened = columns.time();
  connection.transport = columns.choice("transport", Transport::unknown);
  connection.channel = static_cast<wire::ChannelType>(columns.number<std::uint8_t>("channel"));
  connection.channel_id = columns.number<std::uint8_t>("channel_id");
  connection.session_id = columns.number<std::uint32_t>("session_id");
  connection.link_error = nullable_word(columns, "link_error");
  connection.link_result = nullable_word(columns, "link_result");
  connection.auth = nullable_word(columns, "auth");
  connection.header_bytes = columns.number<std::uint32_t>("header_bytes");
  if (connection.header_bytes != 0 && connection.header_bytes != 6 && connection.header_bytes != 18)
    columns.wrong("header_bytes", connection.header_bytes);
  connection.client = read_direction(columns);
  connection.server = read_direction(columns);
  connection.carrier = columns.choice("carrier", Carrier::tls_websocket);
  if (columns.error) return std::unexpected(std::move(*columns.error));
  return connection;
}

const char* const select_stream_bytes =
    "SELECT connection, direction, offset, kind, sent, bytes FROM stream_bytes";

Result<StreamBytesRow> read_stream_bytes(const Statement& row) {
  Columns columns(row, "stream_bytes");
  StreamBytesRow piece;
  piece.connection = columns.number<ConnectionId>("connection");
  piece.by = columns.side("direction");
  piece.offset = columns.number<std::uint64_t>("offset");
  piece.kind = columns.choice("kind", StreamBytesKind::descriptor);
  piece.sent = columns.time();
  const BytesView bytes = columns.blob();
  piece.bytes.assign(bytes.begin(), bytes.end());
  if (columns.error) return std::unexpected(std::move(*columns.error));
  return piece;
}

const char* const select_inputs =
    "SELECT at, peer, kind, connection, side, value, id FROM input ORDER BY id";

Result<InputRow> read_input(const Statement& row, const std::vector<ConnectionRow>& connections) {
  Columns columns(row, fmt::format("input {}", row.integer(6)));
  InputRow input;
  input.at = columns.time();
  input.peer = columns.number<PeerNumber>("peer");
  input.kind = columns.choice("kind", InputKind::refused);
  input.connection = columns.number<ConnectionId>("connection");
  input.side = columns.side("side");
  input.value = columns.number<std::uint64_t>("value");
  const bool linked = input.kind != InputKind::fired && input.kind != InputKind::refused;
  if (linked && (input.connection == 0 || input.connection > connections.size()))
    columns.wrong("connection", input.connection);
  if (columns.error) return std::unexpected(std::move(*columns.error));
  if (linked) input.link = connections[input.connection - 1].side(input.side).link;
  if (input.kind == InputKind::refused) input.link = static_cast<LinkId>(input.value);
  return input;
}

void append_header(Bytes& out, const MessageRow& row, std::uint32_t header_bytes) {
  if (header_bytes == 18) append_little_endian(out, row.serial, 8);
  if (header_bytes != 0) {
    append_little_endian(out, row.type, 2);
    append_little_endian(out, row.size, 4);
  }
  if (header_bytes == 18) append_little_endian(out, row.sub_list, 4);
}

}  // namespace spicebench::recorder
