// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <memory>

#include "recorder/store/reader.hpp"
#include "recorder/store/sqlite.hpp"

// From rows of the file to the structs of schema.hpp, trusting no value. Inside recorder/store
// only.
namespace spicebench::recorder {

constexpr std::uint64_t most_body_bytes = std::uint64_t{257} << 20;  // 256 MiB of display, and room

// A message with bodies: columns of message_columns_with_body; else of message_columns.
extern const char* const select_messages_with_bodies;
extern const char* const select_messages;
Result<MessageRow> read_message(const Statement& row, bool body);

const char* select_connections(std::int64_t version);  // of the format
Result<ConnectionRow> read_connection(const Statement& row);

extern const char* const select_stream_bytes;
Result<StreamBytesRow> read_stream_bytes(const Statement& row);

extern const char* const select_inputs;
// `connections` by id from 1, to find the peer's number of the link.
Result<InputRow> read_input(const Statement& row, const std::vector<ConnectionRow>& connections);

// The bytes before the body of a message on the wire; nothing if header_bytes is 0.
void append_header(Bytes& out, const MessageRow& row, std::uint32_t header_bytes);

}  // namespace spicebench::recorder
