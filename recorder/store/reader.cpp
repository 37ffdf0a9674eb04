// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recorder/store/reader.hpp"

#include <fmt/format.h>

#include <charconv>
#include <map>
#include <system_error>

#include "recorder/store/cursors.hpp"
#include "recorder/store/rows.hpp"
#include "recorder/store/tables.hpp"

namespace spicebench::recorder {

namespace fs = std::filesystem;

struct Reader::State {
  SharedDatabase database;
  std::map<std::string, std::string, std::less<>> meta;
  std::vector<PeerRow> peers;
  std::vector<ConnectionRow> connections;
  MessageId messages = 0;
  Instant end{};
  std::int64_t version = 0;  // of the format

  Result<void> open(const fs::path& path);
  Result<void> check_marks();
  Result<void> load();
  Result<std::int64_t> number(std::string_view sql);
  Error error(ErrorCode code, std::string detail) const {
    return {code, 0, database->path.string(), std::move(detail)};
  }
};

Result<std::int64_t> Reader::State::number(std::string_view sql) {
  Query query(database, sql);
  if (!TRY(query.step())) return 0;
  return query.statement.integer(0);
}

Result<void> Reader::State::open(const fs::path& path) {
  database = std::make_shared<Database>();
  database->path = path;
  std::error_code failed;
  if (!fs::exists(path, failed))
    return std::unexpected(error(ErrorCode::not_found, "no such file"));
  if (!fs::is_regular_file(path, failed))
    return std::unexpected(error(ErrorCode::malformed, "not a recording: not a file"));
  CHECKED(database->open(path, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX));
  // The file may come from anybody: nothing in it is to be run but queries of our own.
  sqlite3_db_config(database->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(database->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  CHECKED(check_marks());
  return load();
}

Result<void> Reader::State::check_marks() {
  auto id = number("PRAGMA application_id");
  if (!id && (sqlite3_errcode(database->handle) & 0xff) == SQLITE_NOTADB)
    return std::unexpected(error(ErrorCode::malformed, "not a recording: no SQLite file"));
  if (!id) return std::unexpected(std::move(id.error()));
  if (*id != std::int64_t{application_id})
    return std::unexpected(error(
        ErrorCode::malformed,
        fmt::format("not a recording: application id {:#x}, expected {:#x}", *id, application_id)));
  version = TRY(number("PRAGMA user_version"));
  if (version > std::int64_t{format_version})
    return std::unexpected(
        error(ErrorCode::unsupported,
              fmt::format("a recording of version {}, this program reads up to {}", version,
                          format_version)));
  if (version < 1)
    return std::unexpected(error(ErrorCode::malformed, fmt::format("version {}", version)));
  for (const auto table : table_names)
    if (TRY(number(fmt::format(
            "SELECT count(*) FROM sqlite_schema WHERE type='table' AND name='{}'", table))) != 1)
      return std::unexpected(
          error(ErrorCode::malformed, fmt::format("damaged recording: no table {}", table)));
  return {};
}

Result<void> Reader::State::load() {
  Query metas(database, "SELECT key, value FROM meta");
  while (TRY(metas.step())) meta.emplace(metas.statement.text(0), metas.statement.text(1));
  Query names(database, "SELECT number, name FROM peer ORDER BY number");
  while (TRY(names.step()))
    peers.push_back({static_cast<PeerNumber>(names.statement.integer(0)),
                     std::string(names.statement.text(1))});
  Query rows(database, select_connections(version));
  while (TRY(rows.step())) {
    connections.push_back(TRY(read_connection(rows.statement)));
    if (connections.back().id != connections.size())
      return std::unexpected(error(ErrorCode::malformed, "connection ids with a gap"));
  }
  messages = static_cast<MessageId>(TRY(number("SELECT max(id) FROM message")));
  std::int64_t last = 0;
  for (const char* sql : {"SELECT sent FROM message ORDER BY id DESC LIMIT 1",
                          "SELECT at FROM input ORDER BY id DESC LIMIT 1",
                          "SELECT sent FROM stream_bytes ORDER BY id DESC LIMIT 1"})
    last = std::max(last, TRY(number(sql)));
  if (const auto known = meta.find(meta::duration); known != meta.end()) {
    const std::string& text = known->second;
    std::int64_t ns = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), ns).ec == std::errc())
      last = std::max(last, ns);
  }
  end = instant(last);
  return {};
}

Reader::Reader(std::unique_ptr<State> state) : state_(std::move(state)) {}
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;
Reader::~Reader() = default;

Result<Reader> Reader::open(const fs::path& path) {
  auto state = std::make_unique<State>();
  if (auto opened = state->open(path); !opened) {
    Error error = std::move(opened.error());
    if (error.path != path.string()) error = std::move(error).within(path.string());
    return std::unexpected(std::move(error));
  }
  return Reader(std::move(state));
}

const fs::path& Reader::path() const {
  return state_->database->path;
}
std::optional<std::string> Reader::meta(std::string_view key) const {
  const auto found = state_->meta.find(key);
  if (found == state_->meta.end()) return std::nullopt;
  return found->second;
}
const std::vector<PeerRow>& Reader::peers() const {
  return state_->peers;
}
const std::vector<ConnectionRow>& Reader::connections() const {
  return state_->connections;
}
const ConnectionRow* Reader::connection(ConnectionId id) const {
  return id >= 1 && id <= state_->connections.size() ? &state_->connections[id - 1] : nullptr;
}
Instant Reader::end() const {
  return state_->end;
}
MessageId Reader::message_count() const {
  return state_->messages;
}

Result<MessageRow> Reader::message(MessageId id) const {
  if (id == 0 || id > state_->messages)
    return fail(ErrorCode::not_found,
                fmt::format("no message {}: there are {}", id, state_->messages), 0,
                path().string());
  Query query(state_->database, fmt::format("{} WHERE m.id = {}", select_messages_with_bodies, id));
  if (!TRY(query.step()))
    return fail(ErrorCode::malformed, fmt::format("message {} is missing", id), 0, path().string());
  return read_message(query.statement, true);
}

MessageCursor Reader::messages(const MessageFilter& filter) const {
  std::string sql =
      fmt::format("{} WHERE m.id >= {}",
                  filter.bodies ? select_messages_with_bodies : select_messages, filter.first);
  if (filter.connection != 0) sql += fmt::format(" AND m.connection = {}", filter.connection);
  if (filter.by) sql += fmt::format(" AND m.direction = {}", static_cast<int>(*filter.by));
  sql += " ORDER BY m.id";
  return MessageCursor(std::make_unique<MessageCursor::State>(
      MessageCursor::State{Query(state_->database, sql), filter.bodies}));
}

InputCursor Reader::inputs() const {
  return InputCursor(std::make_unique<InputCursor::State>(
      InputCursor::State{Query(state_->database, select_inputs), state_->connections}));
}

StreamCursor Reader::stream(ConnectionId id, Side by) const {
  const ConnectionRow* row = connection(id);
  const std::string sql = fmt::format("{} WHERE connection = {} AND direction = {} ORDER BY offset",
                                      select_stream_bytes, id, static_cast<int>(by));
  return StreamCursor(std::make_unique<StreamCursor::State>(
      StreamCursor::State{Query(state_->database, sql),
                          messages({.connection = id, .by = by}),
                          row ? row->header_bytes : 0,
                          fmt::format("connection {}, {}", id, name_of(by)),
                          0,
                          {},
                          0,
                          {}}));
}

Result<std::vector<StreamBytesRow>> Reader::stream_bytes(ConnectionId id) const {
  Query query(state_->database, fmt::format("{} WHERE connection = {} ORDER BY direction, offset",
                                            select_stream_bytes, id));
  std::vector<StreamBytesRow> rows;
  while (TRY(query.step())) rows.push_back(TRY(read_stream_bytes(query.statement)));
  return rows;
}

Result<std::vector<FaultRow>> Reader::faults() const {
  Query query(state_->database, "SELECT at, connection, direction, kind FROM fault ORDER BY id");
  std::vector<FaultRow> rows;
  const Statement& row = query.statement;
  while (TRY(query.step()))
    rows.push_back({instant(row.integer(0)), static_cast<ConnectionId>(row.integer(1)),
                    row.integer(2) == 0 ? Side::client : Side::server, std::string(row.text(3))});
  return rows;
}

Result<std::vector<NoticeRow>> Reader::notices() const {
  Query query(state_->database, "SELECT at, connection, text FROM notice ORDER BY id");
  std::vector<NoticeRow> rows;
  const Statement& row = query.statement;
  while (TRY(query.step()))
    rows.push_back({instant(row.integer(0)), static_cast<ConnectionId>(row.integer(1)),
                    std::string(row.text(2))});
  return rows;
}

Result<std::vector<ScreenRow>> Reader::screens() const {
  Query query(state_->database,
              "SELECT at, message, display, surface, width, height, hash FROM screen ORDER BY id");
  std::vector<ScreenRow> rows;
  const Statement& row = query.statement;
  while (TRY(query.step())) {
    const BytesView hash = row.blob(6);
    if (hash.size() != 16)
      return fail(ErrorCode::malformed, fmt::format("hash of {} bytes", hash.size()), 0, "screen");
    Hash128 value;
    for (std::size_t i = 0; i < 8; ++i) {
      value.high = value.high << 8 | std::to_integer<std::uint64_t>(hash[i]);
      value.low = value.low << 8 | std::to_integer<std::uint64_t>(hash[8 + i]);
    }
    rows.push_back({instant(row.integer(0)), static_cast<MessageId>(row.integer(1)),
                    static_cast<std::uint8_t>(row.integer(2)),
                    static_cast<std::uint32_t>(row.integer(3)),
                    static_cast<std::uint32_t>(row.integer(4)),
                    static_cast<std::uint32_t>(row.integer(5)), value});
  }
  return rows;
}

Result<void> Reader::device_events(const std::function<bool(const DeviceEventRow&)>& each) const {
  Query table(state_->database,
              "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'device_event'");
  if (!TRY(table.step())) return {};
  Query query(state_->database, "SELECT at, event, fields FROM device_event ORDER BY id");
  const Statement& row = query.statement;
  while (TRY(query.step()))
    if (!each({instant(row.integer(0)), std::string(row.text(1)), std::string(row.text(2))})) break;
  return {};
}

Result<std::optional<MessageId>> Reader::first_edited() const {
  std::uint64_t chain = 0;
  MessageId expected = 1;
  MessageCursor cursor = messages();
  while (auto row = TRY(cursor.next())) {
    chain = chained_hash(chain, *row, hash128(row->body));
    if (row->id != expected++ || row->hash != chain) return row->id;
  }
  return std::nullopt;
}

}  // namespace spicebench::recorder
