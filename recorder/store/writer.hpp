// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>

#include "core/base/result.hpp"
#include "recorder/store/schema.hpp"

namespace spicebench::recorder {

// Writes one recording, mode 0600. Rows are written in large transactions (WAL), so a killed
// process leaves a file that opens and lacks at most what came after the last commit(). finish()
// leaves one closed file. An error (disk full …) is kept and returned by finish(); rows after it
// are dropped.
class Writer {
 public:
  enum class Placement {
    in_place,   // written under its own name; unfinished, it stays and can be read
    on_finish,  // written beside it without a journal, renamed by finish(); unfinished, nothing is
                // left
  };
  // Replaces an existing recording at `path`; refuses to replace any other file.
  static Result<Writer> create(const std::filesystem::path& path,
                               Placement placement = Placement::in_place);
  Writer(Writer&&) noexcept;
  Writer& operator=(Writer&&) noexcept;
  ~Writer();  // without finish(): see Placement

  void set_meta(std::string_view key, std::string_view value);
  void add_peer(PeerNumber number, std::string_view name);
  // Stores the row; row.id 0 is a new connection and gets the next id, which is returned. Call
  // again with the id whenever the row changed.
  ConnectionId put_connection(const ConnectionRow& row);
  // id, size and hash of the row are given by the writer; the body is `body`. Returns the id.
  MessageId add_message(const MessageRow& row, BytesView body);
  // The message's last byte was handled at its other end.
  void set_arrived(MessageId id, Instant at);
  void add_stream_bytes(const StreamBytesRow& row);
  void add_input(const InputRow& row);
  void add_fault(const FaultRow& row);
  void add_notice(const NoticeRow& row);
  void add_screen(const ScreenRow& row);
  // The table is made with its first row.
  void add_device_event(const DeviceEventRow& row);

  MessageId message_count() const;
  std::uint64_t rolling_hash() const;  // over all message rows so far
  const std::optional<Error>& error() const;
  // Everything so far is in the file. Also happens by itself after some thousand rows.
  void commit();
  // Closes: one file, no WAL beside it.
  Result<void> finish();

 private:
  struct State;
  explicit Writer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace spicebench::recorder
