// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <deque>
#include <map>

#include "recorder/store/sqlite.hpp"
#include "recorder/store/writer.hpp"

// What a Writer is inside: the file while it is written. Inside recorder/store only.
namespace spicebench::recorder {

// An error unless a recording may be put at `path`: nothing is there, or an older recording.
Result<void> may_replace(const std::filesystem::path& path);
// Removes the file and what SQLite puts beside it.
void remove_recording(const std::filesystem::path& path);

struct Writer::State {
  std::filesystem::path path, written;  // where it shall be, where it is while it is written
  Placement placement{};
  Database database;
  Statement message, arrived, blob, stream_bytes, input, connection, meta, peer, fault, notice,
      screen, device_event;
  bool has_device_events = false;
  std::optional<Error> error;
  bool finished = false, in_transaction = false;
  std::size_t rows = 0, bytes = 0;  // since the last commit
  ConnectionId connections = 0;
  MessageId messages = 0;
  std::uint64_t chain = 0;
  Instant end{};

  // Messages that wait, in order, for their arrival to become known, so that most rows are written
  // once. Their small bodies lie in `bodies`.
  struct Pending {
    MessageRow row;
    std::size_t body_offset = 0;
    std::int64_t blob = 0;  // 0: the body is in the row
  };
  std::deque<Pending> pending;
  Bytes bodies;
  std::map<Hash128, std::int64_t> blobs;
  Bytes compressed;

  void keep(Error e) {
    if (!error) error = std::move(e);
  }
  void note(Instant at) {
    if (at > end) end = at;
  }
  // Before a row is bound: false if nothing is to be written any more.
  bool ready() { return !error && (in_transaction || begin()); }
  bool begin();
  // Runs an insertion; `size`: how many bytes it adds, roughly.
  void run(Statement& statement, std::size_t size = 0);
  void commit_if_due();
  void commit();

  Result<void> create();
  Result<void> prepare();
  Result<void> prepare_device_events();
  Result<void> write_names();
  std::int64_t store_blob(const Hash128& hash, BytesView body);
  void write_front();  // the first of `pending`
  void write_known();  // those at the front whose arrival is known, and any beyond the limit
  Result<void> close_file();
};

}  // namespace spicebench::recorder
