// SPDX-License-Identifier: LGPL-2.1-or-later
#include <benchmark/benchmark.h>
#include <sqlite3.h>

#include <filesystem>
#include <string>

#include "recorder/import/import.hpp"

namespace spicebench {
namespace {

namespace fs = std::filesystem;

fs::path scratch() {
  return fs::temp_directory_path() / "spicebench_import_bench.spicerec";
}

// A whole import: file, packets, TCP, layers, framing, recording with its index.
void import_capture(benchmark::State& state, const char* name) {
  const fs::path capture =
      fs::path(SPICEBENCH_SOURCE_DIR) / "corpus/captures" / name / "capture.pcapng.zst";
  std::uint64_t messages = 0;
  for (auto _ : state) {
    const auto report = recorder::import_capture(capture, scratch());
    if (!report) {
      state.SkipWithError(report.error().text().c_str());
      break;
    }
    messages += report->messages;
  }
  fs::remove(scratch());
  state.SetItemsProcessed(static_cast<std::int64_t>(messages));
}
BENCHMARK_CAPTURE(import_capture, plain, "x-off-desktop");
BENCHMARK_CAPTURE(import_capture, tls, "x-tls-ticket");
BENCHMARK_CAPTURE(import_capture, websocket, "x-html5-direct");

// Yardstick: as many rows as a capture has messages, through SQLite alone, into a file of their
// own.
void yardstick_sqlite_file(benchmark::State& state) {
  constexpr int rows = 5000;
  for (auto _ : state) {
    fs::remove(scratch());
    sqlite3* db = nullptr;
    sqlite3_open(scratch().c_str(), &db);
    sqlite3_exec(db,
                 "PRAGMA synchronous=OFF; PRAGMA journal_mode=OFF;"
                 "CREATE TABLE t(id INTEGER PRIMARY KEY, a, b, c, d, e, f, g, h, i, body); BEGIN",
                 nullptr, nullptr, nullptr);
    sqlite3_stmt* insert = nullptr;
    sqlite3_prepare_v2(db, "INSERT INTO t VALUES(?,?,?,?,?,?,?,?,?,?,?)", -1, &insert, nullptr);
    const std::string body(60, 'x');
    for (int row = 1; row <= rows; ++row) {
      for (int column = 1; column <= 10; ++column) sqlite3_bind_int64(insert, column, row);
      sqlite3_bind_blob(insert, 11, body.data(), static_cast<int>(body.size()), SQLITE_STATIC);
      sqlite3_step(insert);
      sqlite3_reset(insert);
    }
    sqlite3_finalize(insert);
    sqlite3_exec(db, "COMMIT", nullptr, nullptr, nullptr);
    sqlite3_close(db);
  }
  fs::remove(scratch());
  state.SetItemsProcessed(state.iterations() * rows);
}
BENCHMARK(yardstick_sqlite_file);

}  // namespace
}  // namespace spicebench
