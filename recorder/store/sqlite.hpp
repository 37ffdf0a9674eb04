// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"

// The little of SQLite that the store uses, with errors as values. Inside recorder/store only.
namespace spicebench::recorder {

// An open file.
struct Database {
  sqlite3* handle = nullptr;
  std::filesystem::path path;

  Database() = default;
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database() { close(); }
  void close();
  // `flags` as for sqlite3_open_v2.
  Result<void> open(const std::filesystem::path& file, int flags);
  Result<void> run(const char* sql);
  // What SQLite last complained about, with the name of the file.
  Error last_error() const;
};

// A prepared statement. Columns and parameters count from 0.
class Statement {
 public:
  Statement() = default;
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&& other) noexcept;
  ~Statement() { sqlite3_finalize(handle_); }
  static Result<Statement> prepare(Database& database, std::string_view sql);

  void bind(int at, std::int64_t value) { sqlite3_bind_int64(handle_, at + 1, value); }
  void bind(int at, std::optional<std::int64_t> value);
  void bind_text(int at, std::string_view value);  // not copied: must live until step()
  void bind_blob(int at, BytesView value);         // the same
  void bind_null(int at) { sqlite3_bind_null(handle_, at + 1); }
  // Runs to the next row. False: done, and ready to be bound and run again.
  Result<bool> step();
  // Runs a statement that yields no rows; false: look at Database::last_error().
  bool run_once();
  void reset() { sqlite3_reset(handle_); }

  std::int64_t integer(int column) const { return sqlite3_column_int64(handle_, column); }
  std::optional<std::int64_t> nullable(int column) const;
  std::string_view text(int column) const;  // valid until the next step or reset
  BytesView blob(int column) const;         // the same
  bool is_null(int column) const { return sqlite3_column_type(handle_, column) == SQLITE_NULL; }

 private:
  Database* database_ = nullptr;
  sqlite3_stmt* handle_ = nullptr;
};

}  // namespace spicebench::recorder
