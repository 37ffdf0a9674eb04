// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recorder/store/sqlite.hpp"

#include <fmt/format.h>

#include <utility>

namespace spicebench::recorder {

void Database::close() {
  sqlite3_close_v2(handle);
  handle = nullptr;
}

Result<void> Database::open(const std::filesystem::path& file, int flags) {
  path = file;
  if (sqlite3_open_v2(file.c_str(), &handle, flags, nullptr) == SQLITE_OK) return {};
  return std::unexpected(last_error());
}

Result<void> Database::run(const char* sql) {
  if (sqlite3_exec(handle, sql, nullptr, nullptr, nullptr) == SQLITE_OK) return {};
  return std::unexpected(last_error());
}

Error Database::last_error() const {
  const int code = sqlite3_errcode(handle) & 0xff;
  const bool damaged = code == SQLITE_CORRUPT || code == SQLITE_NOTADB || code == SQLITE_ERROR;
  const char* text = handle ? sqlite3_errmsg(handle) : "no memory";
  return {damaged ? ErrorCode::malformed : ErrorCode::io, 0, path.string(), text};
}

Result<Statement> Statement::prepare(Database& database, std::string_view sql) {
  Statement statement;
  statement.database_ = &database;
  if (sqlite3_prepare_v3(database.handle, sql.data(), static_cast<int>(sql.size()),
                         SQLITE_PREPARE_PERSISTENT, &statement.handle_, nullptr) != SQLITE_OK)
    return std::unexpected(database.last_error());
  return statement;
}

Statement::Statement(Statement&& other) noexcept
    : database_(other.database_), handle_(std::exchange(other.handle_, nullptr)) {}

Statement& Statement::operator=(Statement&& other) noexcept {
  std::swap(database_, other.database_);
  std::swap(handle_, other.handle_);
  return *this;
}

void Statement::bind(int at, std::optional<std::int64_t> value) {
  if (value)
    bind(at, *value);
  else
    bind_null(at);
}

void Statement::bind_text(int at, std::string_view value) {
  sqlite3_bind_text64(handle_, at + 1, value.data() ? value.data() : "", value.size(),
                      SQLITE_STATIC, SQLITE_UTF8);
}

void Statement::bind_blob(int at, BytesView value) {
  if (value.empty())  // a null pointer would bind NULL
    sqlite3_bind_zeroblob(handle_, at + 1, 0);
  else
    sqlite3_bind_blob64(handle_, at + 1, value.data(), value.size(), SQLITE_STATIC);
}

Result<bool> Statement::step() {
  const int outcome = sqlite3_step(handle_);
  if (outcome == SQLITE_ROW) return true;
  if (outcome != SQLITE_DONE) {
    Error error = database_->last_error();
    sqlite3_reset(handle_);
    return std::unexpected(std::move(error));
  }
  sqlite3_reset(handle_);
  return false;
}

bool Statement::run_once() {
  const int outcome = sqlite3_step(handle_);
  return sqlite3_reset(handle_) == SQLITE_OK && outcome == SQLITE_DONE;
}

std::optional<std::int64_t> Statement::nullable(int column) const {
  if (is_null(column)) return std::nullopt;
  return integer(column);
}

std::string_view Statement::text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(handle_, column));
  return {text ? text : "", static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}

BytesView Statement::blob(int column) const {
  const auto* data = static_cast<const std::byte*>(sqlite3_column_blob(handle_, column));
  return {data, data ? static_cast<std::size_t>(sqlite3_column_bytes(handle_, column)) : 0};
}

}  // namespace spicebench::recorder
