// SPDX-License-Identifier: LGPL-2.1-or-later
#include <benchmark/benchmark.h>
#include <sqlite3.h>

#include <filesystem>

#include "recorder/store/writer.hpp"

namespace spicebench {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t body_bytes = 60;

fs::path scratch(const char* name) {
  return fs::temp_directory_path() / name;
}

// Yardstick: the same row through SQLite alone, one prepared statement, one transaction.
void yardstick_sqlite_insert(benchmark::State& state) {
  const fs::path path = scratch("spicebench_yardstick.sqlite");
  fs::remove(path);
  sqlite3* db = nullptr;
  sqlite3_open(path.c_str(), &db);
  sqlite3_exec(
      db,
      "PRAGMA journal_mode=WAL; CREATE TABLE t(id INTEGER PRIMARY KEY, a, b, c, d, e, body); BEGIN",
      nullptr, nullptr, nullptr);
  sqlite3_stmt* insert = nullptr;
  sqlite3_prepare_v2(db, "INSERT INTO t(a,b,c,d,e,body) VALUES(?,?,?,?,?,?)", -1, &insert, nullptr);
  const Bytes body(body_bytes);
  std::int64_t at = 0;
  for (auto _ : state) {
    for (int column = 1; column <= 5; ++column) sqlite3_bind_int64(insert, column, at++);
    sqlite3_bind_blob(insert, 6, body.data(), static_cast<int>(body.size()), SQLITE_STATIC);
    sqlite3_step(insert);
    sqlite3_reset(insert);
  }
  sqlite3_finalize(insert);
  sqlite3_exec(db, "COMMIT", nullptr, nullptr, nullptr);
  sqlite3_close(db);
  fs::remove(path);
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(yardstick_sqlite_insert);

void recorder_add_message(benchmark::State& state) {
  const fs::path path = scratch("spicebench_bench.spicerec");
  fs::remove(path);
  auto writer = recorder::Writer::create(path);
  if (!writer) {
    state.SkipWithError("no recording");
    return;
  }
  recorder::ConnectionRow connection;
  recorder::MessageRow row;
  row.connection = writer->put_connection(connection);
  const Bytes body(body_bytes);
  for (auto _ : state) {
    row.serial++;
    row.sent = instant(static_cast<std::int64_t>(row.serial));
    writer->add_message(row, body);
  }
  if (!writer->finish()) state.SkipWithError("not finished");
  fs::remove(path);
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(recorder_add_message);

}  // namespace
}  // namespace spicebench
