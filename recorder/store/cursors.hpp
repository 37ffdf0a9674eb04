// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include "recorder/store/reader.hpp"
#include "recorder/store/sqlite.hpp"

// The insides of the reader's cursors. Inside recorder/store only.
namespace spicebench::recorder {

using SharedDatabase = std::shared_ptr<Database>;

// A query that may have failed to prepare: the error comes out of the first step.
struct Query {
  SharedDatabase database;
  Statement statement;
  std::optional<Error> error;
  bool done = false;

  Query(SharedDatabase opened, std::string_view sql);
  // False: no more rows, now and ever after.
  Result<bool> step();
};

struct MessageCursor::State {
  Query query;
  bool bodies;
};
struct InputCursor::State {
  Query query;
  std::vector<ConnectionRow> connections;
};
struct StreamCursor::State {
  Query pieces;
  MessageCursor messages;
  std::uint32_t header_bytes = 0;
  std::string what;                     // "connection 3, server"
  std::uint64_t position = 0;           // in the stream, of the end of `ready`
  Bytes ready;                          // made, not yet taken
  std::size_t taken = 0;                // of `ready`
  std::optional<StreamBytesRow> piece;  // the next one that is no message

  Result<bool> make_more();  // false: the end of the stream
};

}  // namespace spicebench::recorder
