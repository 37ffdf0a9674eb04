// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recorder/store/cursors.hpp"

#include <fmt/format.h>

#include "recorder/store/rows.hpp"

namespace spicebench::recorder {

Query::Query(SharedDatabase opened, std::string_view sql) : database(std::move(opened)) {
  auto prepared = Statement::prepare(*database, sql);
  if (prepared)
    statement = std::move(*prepared);
  else
    error = std::move(prepared.error());
}

Result<bool> Query::step() {
  if (error) return std::unexpected(*error);
  if (done) return false;
  const bool row = TRY(statement.step());
  done = !row;
  return row;
}

MessageCursor::MessageCursor(std::unique_ptr<State> state) : state_(std::move(state)) {}
MessageCursor::MessageCursor(MessageCursor&&) noexcept = default;
MessageCursor& MessageCursor::operator=(MessageCursor&&) noexcept = default;
MessageCursor::~MessageCursor() = default;

Result<std::optional<MessageRow>> MessageCursor::next() {
  if (!TRY(state_->query.step())) return std::nullopt;
  return TRY(read_message(state_->query.statement, state_->bodies));
}

InputCursor::InputCursor(std::unique_ptr<State> state) : state_(std::move(state)) {}
InputCursor::InputCursor(InputCursor&&) noexcept = default;
InputCursor& InputCursor::operator=(InputCursor&&) noexcept = default;
InputCursor::~InputCursor() = default;

Result<std::optional<InputRow>> InputCursor::next() {
  if (!TRY(state_->query.step())) return std::nullopt;
  return TRY(read_input(state_->query.statement, state_->connections));
}

StreamCursor::StreamCursor(std::unique_ptr<State> state) : state_(std::move(state)) {}
StreamCursor::StreamCursor(StreamCursor&&) noexcept = default;
StreamCursor& StreamCursor::operator=(StreamCursor&&) noexcept = default;
StreamCursor::~StreamCursor() = default;

Result<bool> StreamCursor::State::make_more() {
  if (taken == ready.size()) {
    ready.clear();
    taken = 0;
  }
  if (!piece && TRY(pieces.step())) piece = TRY(read_stream_bytes(pieces.statement));
  if (piece && piece->offset == position) {
    append(ready, piece->bytes);
    position += piece->bytes.size();
    piece.reset();
    return true;
  }
  const auto message = TRY(messages.next());
  if (message) {
    append_header(ready, *message, header_bytes);
    append(ready, message->body);
    position += header_bytes + message->body.size();
    return true;
  }
  if (piece)
    return fail(ErrorCode::malformed,
                fmt::format("stream bytes recorded at {}, none before", piece->offset), position,
                what);
  return false;
}

Result<Bytes> StreamCursor::take(std::size_t count) {
  State& state = *state_;
  while (state.ready.size() - state.taken < count && TRY(state.make_more())) {
  }
  const std::size_t size = std::min(count, state.ready.size() - state.taken);
  const auto from = state.ready.begin() + static_cast<std::ptrdiff_t>(state.taken);
  state.taken += size;
  return Bytes(from, from + static_cast<std::ptrdiff_t>(size));
}

Result<Bytes> StreamCursor::rest() {
  while (TRY(state_->make_more())) {
  }
  return take(state_->ready.size() - state_->taken);
}

}  // namespace spicebench::recorder
