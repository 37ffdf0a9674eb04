// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recorder/store/writer_state.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

#include "core/wire/message.hpp"
#include "recorder/store/packed.hpp"
#include "recorder/store/tables.hpp"

namespace spicebench::recorder {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t rows_per_commit = 8192;
constexpr std::size_t bytes_per_commit = 8u << 20;
constexpr std::size_t most_pending = 2048;  // messages whose arrival is waited for

}  // namespace

Result<void> may_replace(const fs::path& path) {
  std::error_code ignored;
  if (!fs::exists(path, ignored) ||
      (fs::is_regular_file(path, ignored) && fs::is_empty(path, ignored)))
    return {};
  char head[72] = {};
  std::ifstream(path, std::ios::binary).read(head, sizeof head);
  std::uint32_t id = 0;  // big endian at byte 68 of an SQLite file
  for (int i = 68; i < 72; ++i) id = id << 8 | static_cast<unsigned char>(head[i]);
  if (std::memcmp(head, "SQLite format 3", 16) == 0 && id == application_id) return {};
  return fail(ErrorCode::denied, "exists and is not a recording: not replaced", 0, path.string());
}

void remove_recording(const fs::path& path) {
  std::error_code ignored;
  for (const char* suffix : {"", "-wal", "-shm", "-journal"})
    fs::remove(fs::path(path).concat(suffix), ignored);
}

bool Writer::State::begin() {
  if (auto begun = database.run("BEGIN"); !begun) {
    keep(std::move(begun.error()));
    return false;
  }
  return in_transaction = true;
}

void Writer::State::run(Statement& statement, std::size_t size) {
  if (!statement.run_once()) return keep(database.last_error());
  rows += 1;
  bytes += size;
}

void Writer::State::commit_if_due() {
  if (rows >= rows_per_commit || bytes >= bytes_per_commit) commit();
}

void Writer::State::commit() {
  while (!pending.empty()) write_front();
  if (!in_transaction) return;
  in_transaction = false;
  rows = bytes = 0;
  if (auto done = database.run("COMMIT"); !done) keep(std::move(done.error()));
}

void Writer::State::write_known() {
  while (!pending.empty() && (pending.front().row.arrived || pending.size() > most_pending))
    write_front();
}

Result<void> Writer::State::create() {
  CHECKED(may_replace(path));
  remove_recording(written);
  const int file = ::open(written.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
  if (file < 0)
    return fail(ErrorCode::io, fmt::format("cannot create: {}", std::strerror(errno)), 0,
                written.string());
  ::close(file);
  CHECKED(database.open(written, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX));
  // No fsync: what a recording promises is to survive the end of its process, not of the machine.
  // A file that is nothing before it is finished needs no journal at all.
  CHECKED(database.run("PRAGMA synchronous=OFF; PRAGMA page_size=8192; PRAGMA cache_size=-16000;"));
  CHECKED(database.run(placement == Placement::in_place
                           ? "PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=4000;"
                           : "PRAGMA journal_mode=OFF; PRAGMA locking_mode=EXCLUSIVE;"));
  CHECKED(database.run("BEGIN"));
  CHECKED(database.run(create_tables));
  CHECKED(database.run(fmt::format("PRAGMA application_id={}; PRAGMA user_version={}",
                                   application_id, format_version)
                           .c_str()));
  CHECKED(prepare());
  CHECKED(write_names());
  return database.run("COMMIT");
}

Result<void> Writer::State::prepare() {
  const auto insert = [&](std::string_view verb, std::string_view table, int columns) {
    std::string sql = fmt::format("{} INTO {} VALUES(?", verb, table);
    for (int i = 1; i < columns; ++i) sql += ",?";
    return Statement::prepare(database, sql + ")");
  };
  message = TRY(insert("INSERT", "message", 12));
  arrived = TRY(Statement::prepare(database, "UPDATE message SET arrived=? WHERE id=?"));
  blob = TRY(insert("INSERT", "blob", 4));
  stream_bytes = TRY(insert("INSERT", "stream_bytes", 7));
  input = TRY(insert("INSERT", "input", 7));
  connection = TRY(insert("REPLACE", "connection", 30));
  meta = TRY(insert("REPLACE", "meta", 2));
  peer = TRY(insert("REPLACE", "peer", 2));
  fault = TRY(insert("INSERT", "fault", 5));
  notice = TRY(insert("INSERT", "notice", 4));
  screen = TRY(insert("INSERT", "screen", 8));
  return {};
}

Result<void> Writer::State::prepare_device_events() {
  CHECKED(database.run(create_device_event));
  device_event = TRY(Statement::prepare(database, "INSERT INTO device_event VALUES(?,?,?,?)"));
  has_device_events = true;
  return {};
}

Result<void> Writer::State::write_names() {
  using wire::ChannelType;
  Statement channel_name =
      TRY(Statement::prepare(database, "INSERT INTO channel_name VALUES(?,?)"));
  Statement message_name =
      TRY(Statement::prepare(database, "REPLACE INTO message_name VALUES(?,?,?,?)"));
  const auto name_message = [&](ChannelType channel, const wire::MessageInfo& info) {
    message_name.bind(0, static_cast<std::int64_t>(channel));
    message_name.bind(1, static_cast<std::int64_t>(info.key.sender));
    message_name.bind(2, std::int64_t{info.key.id});
    message_name.bind_text(3, info.name);
    run(message_name);
  };
  for (int number = 0; number < 256; ++number) {
    const auto channel = static_cast<ChannelType>(number);
    const auto name = wire::name_of(channel);
    if (name == "unknown") continue;
    channel_name.bind(0, std::int64_t{number});
    channel_name.bind_text(1, name);
    run(channel_name);
    // Common messages are named on every channel that has them; what a channel says itself wins.
    for (const auto& info : wire::all_messages())
      if (info.key.channel == ChannelType::common &&
          wire::find_message(channel, info.key.sender, info.key.id) == &info)
        name_message(channel, info);
  }
  for (const auto& info : wire::all_messages())
    if (info.key.channel != ChannelType::common) name_message(info.key.channel, info);
  const auto name_kinds = [&](const char* sql, auto last) -> Result<void> {
    Statement names = TRY(Statement::prepare(database, sql));
    for (std::int64_t kind = 0; kind <= static_cast<std::int64_t>(last); ++kind) {
      names.bind(0, kind);
      names.bind_text(1, name_of(static_cast<decltype(last)>(kind)));
      run(names);
    }
    return {};
  };
  CHECKED(name_kinds("INSERT INTO input_name VALUES(?,?)", InputKind::refused));
  CHECKED(name_kinds("INSERT INTO stream_bytes_name VALUES(?,?)", StreamBytesKind::descriptor));
  CHECKED(name_kinds("INSERT INTO transport_name VALUES(?,?)", Transport::unknown));
  CHECKED(name_kinds("INSERT INTO carrier_name VALUES(?,?)", Carrier::tls_websocket));
  if (error) return std::unexpected(*error);
  return {};
}

// The row of `blob` that holds this body; a new one if none does.
std::int64_t Writer::State::store_blob(const Hash128& hash, BytesView body) {
  const auto [known, fresh] = blobs.emplace(hash, static_cast<std::int64_t>(blobs.size()) + 1);
  if (!fresh) return known->second;
  const BytesView packed = pack(body, compressed);
  const auto hash_bytes = hash.bytes();
  blob.bind(0, known->second);
  blob.bind_blob(1, hash_bytes);
  blob.bind(2, static_cast<std::int64_t>(body.size()));
  blob.bind_blob(3, packed);
  run(blob, packed.size());
  return known->second;
}

void Writer::State::write_front() {
  const Pending& first = pending.front();
  const MessageRow& row = first.row;
  if (ready()) {
    message.bind(0, static_cast<std::int64_t>(row.id));
    message.bind(1, nanoseconds(row.sent));
    message.bind(2, row.arrived ? std::optional(nanoseconds(*row.arrived)) : std::nullopt);
    message.bind(3, std::int64_t{row.connection});
    message.bind(4, static_cast<std::int64_t>(row.by));
    message.bind(5, static_cast<std::int64_t>(row.serial));
    message.bind(6, std::int64_t{row.type});
    message.bind(7, std::int64_t{row.size});
    message.bind(8, std::int64_t{row.sub_list});
    message.bind(9, static_cast<std::int64_t>(row.hash));
    if (first.blob == 0) {
      message.bind_blob(10, BytesView(bodies).subspan(first.body_offset, row.size));
      message.bind_null(11);
    } else {
      message.bind_null(10);
      message.bind(11, first.blob);
    }
    run(message, first.blob == 0 ? row.size : 0);
  }
  pending.pop_front();
  if (pending.empty()) bodies.clear();
}

Result<void> Writer::State::close_file() {
  for (Statement* statement : {&message, &arrived, &blob, &stream_bytes, &input, &connection, &meta,
                               &peer, &fault, &notice, &screen, &device_event})
    *statement = Statement();
  if (!error) {
    if (placement == Placement::in_place) CHECKED(database.run("PRAGMA wal_checkpoint(TRUNCATE)"));
    CHECKED(database.run("PRAGMA journal_mode=DELETE"));
  }
  database.close();
  return {};
}

}  // namespace spicebench::recorder
