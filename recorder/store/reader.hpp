// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "recorder/store/schema.hpp"

namespace spicebench::recorder {

struct Database;  // the open file, shared by a reader and its cursors

struct MessageFilter {
  ConnectionId connection = 0;  // 0: all
  std::optional<Side> by;
  MessageId first = 1;
  bool bodies = true;  // false: rows come with an empty body, only `size` tells
};
// Messages in the order of their ids. Cursors pull, so that two recordings can be walked in step;
// they stay valid when the reader moves or goes.
class MessageCursor {
 public:
  MessageCursor(MessageCursor&&) noexcept;
  MessageCursor& operator=(MessageCursor&&) noexcept;
  ~MessageCursor();
  // Nothing: the end. An error (malformed: a blob that does not unpack, a size that is not the
  // body's) names the message in its path.
  Result<std::optional<MessageRow>> next();

 private:
  friend class Reader;
  struct State;
  explicit MessageCursor(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};
class InputCursor {
 public:
  InputCursor(InputCursor&&) noexcept;
  InputCursor& operator=(InputCursor&&) noexcept;
  ~InputCursor();
  Result<std::optional<InputRow>> next();

 private:
  friend class Reader;
  struct State;
  explicit InputCursor(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};
// The bytes of one direction of a stream connection as they went over the link: message headers are
// made anew from the rows, the rest is as stored.
class StreamCursor {
 public:
  StreamCursor(StreamCursor&&) noexcept;
  StreamCursor& operator=(StreamCursor&&) noexcept;
  ~StreamCursor();
  // The next `count` bytes; fewer only at the end of the stream.
  Result<Bytes> take(std::size_t count);
  Result<Bytes> rest();

 private:
  friend class Reader;
  struct State;
  explicit StreamCursor(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Reads a recording. Opens read-only; never changes the file.
class Reader {
 public:
  // Errors: not_found, malformed (no SQLite file, not a recording, damaged), unsupported (a newer
  // version); they name the file.
  static Result<Reader> open(const std::filesystem::path& path);
  Reader(Reader&&) noexcept;
  Reader& operator=(Reader&&) noexcept;
  ~Reader();

  const std::filesystem::path& path() const;
  std::optional<std::string> meta(std::string_view key) const;
  const std::vector<PeerRow>& peers() const;
  const std::vector<ConnectionRow>& connections() const;  // by id
  // Null: there is none of this id.
  const ConnectionRow* connection(ConnectionId id) const;
  // The time of the last thing recorded.
  Instant end() const;

  MessageId message_count() const;
  Result<MessageRow> message(MessageId id) const;
  MessageCursor messages(const MessageFilter& filter = {}) const;
  InputCursor inputs() const;
  StreamCursor stream(ConnectionId connection, Side by) const;
  Result<std::vector<StreamBytesRow>> stream_bytes(ConnectionId connection) const;
  Result<std::vector<FaultRow>> faults() const;
  Result<std::vector<NoticeRow>> notices() const;
  Result<std::vector<ScreenRow>> screens() const;
  // In order, until `each` says false. None if the run was not traced.
  Result<void> device_events(const std::function<bool(const DeviceEventRow&)>& each) const;

  // The first message whose row no longer is what the recorder wrote (its chained hash does not
  // fit); nothing if all are. Arrival times are not covered.
  Result<std::optional<MessageId>> first_edited() const;

 private:
  struct State;
  explicit Reader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace spicebench::recorder
