// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recorder/store/checkpoints.hpp"

#include <fmt/format.h>

#include <system_error>

#include "recorder/store/packed.hpp"
#include "recorder/store/sqlite.hpp"

namespace spicebench::recorder {

namespace {

// The triggers are why a state can be trusted: whoever changes a message or its bytes loses what
// was made from them.
const char* const create_tables = R"sql(
CREATE TABLE IF NOT EXISTS checkpoint(
  message INTEGER, kind TEXT, size INTEGER, state BLOB, PRIMARY KEY(message, kind));
CREATE TABLE IF NOT EXISTS checkpoint_part(hash BLOB PRIMARY KEY, size INTEGER, data BLOB)
  WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS checkpoint_updated AFTER UPDATE ON message
  BEGIN DELETE FROM checkpoint WHERE message >= OLD.id; END;
CREATE TRIGGER IF NOT EXISTS checkpoint_deleted AFTER DELETE ON message
  BEGIN DELETE FROM checkpoint WHERE message >= OLD.id; END;
CREATE TRIGGER IF NOT EXISTS checkpoint_inserted AFTER INSERT ON message
  BEGIN DELETE FROM checkpoint WHERE message >= NEW.id; END;
CREATE TRIGGER IF NOT EXISTS checkpoint_blob_updated AFTER UPDATE ON blob
  BEGIN DELETE FROM checkpoint; END;
)sql";

}  // namespace

struct Checkpoints::State {
  Database database;
  bool there = false;  // the tables are
  Statement find, find_part, add, add_part;
  Bytes scratch;

  Result<void> prepare(Access access) {
    find = TRY(Statement::prepare(
        database,
        "SELECT message, size, state FROM checkpoint WHERE message <= ? AND kind = ?"
        " ORDER BY message DESC LIMIT 1"));
    find_part =
        TRY(Statement::prepare(database, "SELECT size, data FROM checkpoint_part WHERE hash = ?"));
    if (access == Access::read) return {};
    add = TRY(Statement::prepare(database, "INSERT OR REPLACE INTO checkpoint VALUES(?,?,?,?)"));
    add_part = TRY(Statement::prepare(database, "INSERT INTO checkpoint_part VALUES(?,?,?)"));
    return {};
  }
};

Checkpoints::Checkpoints(std::unique_ptr<State> state) : state_(std::move(state)) {}
Checkpoints::Checkpoints(Checkpoints&&) noexcept = default;
Checkpoints& Checkpoints::operator=(Checkpoints&&) noexcept = default;
Checkpoints::~Checkpoints() = default;

Result<Checkpoints> Checkpoints::open(const std::filesystem::path& recording, Access access) {
  auto state = std::make_unique<State>();
  const int mode = access == Access::read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
  CHECKED(state->database.open(recording, mode | SQLITE_OPEN_NOMUTEX));
  sqlite3_db_config(state->database.handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(state->database.handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  if (access == Access::write) {
    if (sqlite3_db_readonly(state->database.handle, "main") == 1)
      return fail(ErrorCode::io, fmt::format("{}: must not be written", recording.string()));
    CHECKED(state->database.run("BEGIN"));
    CHECKED(state->database.run(create_tables));
    state->there = true;
  } else {
    auto tables =
        TRY(Statement::prepare(state->database,
                               "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN"
                               " ('checkpoint', 'checkpoint_part')"));
    state->there = TRY(tables.step()) && tables.integer(0) == 2;
  }
  if (state->there) CHECKED(state->prepare(access));
  return Checkpoints(std::move(state));
}

Result<std::optional<Checkpoints::Checkpoint>> Checkpoints::at_or_before(
    MessageId message, std::string_view kind) const {
  if (!state_->there) return std::nullopt;
  Statement& find = state_->find;
  find.bind(0, static_cast<std::int64_t>(message));
  find.bind_text(1, kind);
  std::optional<Checkpoint> found;
  if (TRY(find.step())) {
    const SharedBytes state = TRY(unpack(find.blob(2), find.integer(1), "checkpoint.state"));
    found = {static_cast<MessageId>(find.integer(0)),
             Bytes(state.view().begin(), state.view().end())};
  }
  find.reset();
  return found;
}

Result<void> Checkpoints::add(MessageId message, std::string_view kind, BytesView bytes) {
  Statement& add = state_->add;
  add.bind(0, static_cast<std::int64_t>(message));
  add.bind_text(1, kind);
  add.bind(2, static_cast<std::int64_t>(bytes.size()));
  add.bind_blob(3, pack(bytes, state_->scratch));
  if (!add.run_once()) return std::unexpected(state_->database.last_error());
  return {};
}

Result<Hash128> Checkpoints::put_part(BytesView bytes) {
  const Hash128 hash = hash128(bytes);
  const auto key = hash.bytes();
  Statement& find = state_->find_part;
  find.bind_blob(0, key);
  const bool known = TRY(find.step());
  find.reset();
  if (known) return hash;
  Statement& add = state_->add_part;
  add.bind_blob(0, key);
  add.bind(1, static_cast<std::int64_t>(bytes.size()));
  add.bind_blob(2, pack(bytes, state_->scratch));
  if (!add.run_once()) return std::unexpected(state_->database.last_error());
  return hash;
}

Result<SharedBytes> Checkpoints::part(const Hash128& hash, std::size_t size) const {
  if (!state_->there) return fail(ErrorCode::not_found, "there are no checkpoints");
  const auto key = hash.bytes();
  Statement& find = state_->find_part;
  find.bind_blob(0, key);
  if (!TRY(find.step()))
    return fail(ErrorCode::not_found, fmt::format("checkpoint part {}: not there", hash.hex()));
  auto bytes = unpack(find.blob(1), find.integer(0), "checkpoint_part");
  find.reset();
  if (bytes && (bytes->size() != size || hash128(*bytes) != hash))
    return fail(ErrorCode::malformed, fmt::format("checkpoint part {}: other bytes", hash.hex()));
  return bytes;
}

Result<void> Checkpoints::commit() && {
  return state_->database.run("COMMIT");
}

}  // namespace spicebench::recorder
