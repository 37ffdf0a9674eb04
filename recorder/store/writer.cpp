// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recorder/store/writer.hpp"

#include <fmt/format.h>

#include <system_error>

#include "recorder/store/tables.hpp"
#include "recorder/store/writer_state.hpp"

namespace spicebench::recorder {

namespace fs = std::filesystem;

namespace {

std::string words_text(const std::vector<std::uint32_t>& words) {
  return fmt::format("[{}]", fmt::join(words, ","));
}

}  // namespace

Writer::Writer(std::unique_ptr<State> state) : state_(std::move(state)) {}
Writer::Writer(Writer&&) noexcept = default;

Writer& Writer::operator=(Writer&& other) noexcept {
  std::swap(state_, other.state_);
  return *this;
}

Writer::~Writer() {
  if (!state_ || state_->finished) return;
  if (state_->placement == Placement::in_place) {
    commit();
    (void)state_->close_file();
  } else {
    state_->database.close();
    remove_recording(state_->written);
  }
}

Result<Writer> Writer::create(const fs::path& path, Placement placement) {
  auto state = std::make_unique<State>();
  state->path = path;
  state->written = placement == Placement::in_place ? path : fs::path(path).concat(".part");
  state->placement = placement;
  auto created = state->create();
  if (!created) {
    // What could not even be begun leaves nothing, unless the path was never ours to touch.
    const bool ours = state->database.handle != nullptr;
    state->database.close();
    if (ours) remove_recording(state->written);
    return std::unexpected(std::move(created.error()));
  }
  return Writer(std::move(state));
}

void Writer::set_meta(std::string_view key, std::string_view value) {
  if (!state_->ready()) return;
  state_->meta.bind_text(0, key);
  state_->meta.bind_text(1, value);
  state_->run(state_->meta);
}

void Writer::add_peer(PeerNumber number, std::string_view name) {
  if (!state_->ready()) return;
  state_->peer.bind(0, std::int64_t{number});
  state_->peer.bind_text(1, name);
  state_->run(state_->peer);
}

ConnectionId Writer::put_connection(const ConnectionRow& row) {
  const ConnectionId id = row.id != 0 ? row.id : ++state_->connections;
  state_->note(row.opened);
  if (!state_->ready()) return id;
  Statement& to = state_->connection;
  int at = 0;
  to.bind(at++, std::int64_t{id});
  to.bind(at++, std::int64_t{row.link});
  to.bind(at++, static_cast<std::int64_t>(row.kind));
  to.bind_text(at++, row.address);
  to.bind(at++, nanoseconds(row.opened));
  to.bind(at++, static_cast<std::int64_t>(row.transport));
  to.bind(at++, static_cast<std::int64_t>(row.channel));
  to.bind(at++, std::int64_t{row.channel_id});
  to.bind(at++, std::int64_t{row.session_id});
  for (const auto& word : {row.link_error, row.link_result, row.auth})
    to.bind(at++, word ? std::optional<std::int64_t>(*word) : std::nullopt);
  to.bind(at++, std::int64_t{row.header_bytes});
  std::string texts[4];  // live until the row is written
  std::string* text = texts;
  for (const Side side : {Side::client, Side::server}) {
    const DirectionRow& end = row.side(side);
    if (end.ended) state_->note(*end.ended);
    to.bind(at++, std::int64_t{end.peer});
    to.bind(at++, std::int64_t{end.link});
    to.bind_text(at++, end.endpoint);
    to.bind_text(at++, *text++ = words_text(end.common_caps));
    to.bind_text(at++, *text++ = words_text(end.channel_caps));
    to.bind(at++,
            end.ending ? std::optional(static_cast<std::int64_t>(*end.ending)) : std::nullopt);
    to.bind(at++, end.ended ? std::optional(nanoseconds(*end.ended)) : std::nullopt);
    to.bind(at++, static_cast<std::int64_t>(end.bytes));
  }
  to.bind(at++, static_cast<std::int64_t>(row.carrier));
  state_->run(to);
  return id;
}

MessageId Writer::add_message(const MessageRow& row, BytesView body) {
  State& state = *state_;
  auto& added = state.pending.emplace_back(State::Pending{row, state.bodies.size(), 0});
  const Hash128 hash = hash128(body);
  const MessageId id = ++state.messages;
  added.row.id = id;
  added.row.size = static_cast<std::uint32_t>(body.size());
  added.row.body = {};
  added.row.hash = state.chain = chained_hash(state.chain, added.row, hash);
  if (body.size() <= inline_body_bytes)
    append(state.bodies, body);
  else if (state.ready())
    added.blob = state.store_blob(hash, body);
  state.note(row.arrived.value_or(row.sent));
  state.write_known();
  state.commit_if_due();
  return id;
}

void Writer::set_arrived(MessageId id, Instant at) {
  State& state = *state_;
  state.note(at);
  const MessageId first = state.messages - state.pending.size() + 1;
  if (id >= first) {
    state.pending[id - first].row.arrived = at;
    state.write_known();
    return;
  }
  if (!state.ready()) return;
  state.arrived.bind(0, nanoseconds(at));
  state.arrived.bind(1, static_cast<std::int64_t>(id));
  state.run(state.arrived);
}

void Writer::add_stream_bytes(const StreamBytesRow& row) {
  state_->note(row.sent);
  if (!state_->ready()) return;
  Statement& to = state_->stream_bytes;
  to.bind_null(0);
  to.bind(1, std::int64_t{row.connection});
  to.bind(2, static_cast<std::int64_t>(row.by));
  to.bind(3, static_cast<std::int64_t>(row.offset));
  to.bind(4, static_cast<std::int64_t>(row.kind));
  to.bind(5, nanoseconds(row.sent));
  to.bind_blob(6, row.bytes);
  state_->run(to, row.bytes.size());
  state_->commit_if_due();
}

void Writer::add_input(const InputRow& row) {
  state_->note(row.at);
  if (!state_->ready()) return;
  Statement& to = state_->input;
  to.bind_null(0);
  to.bind(1, nanoseconds(row.at));
  to.bind(2, std::int64_t{row.peer});
  to.bind(3, static_cast<std::int64_t>(row.kind));
  to.bind(4, std::int64_t{row.connection});
  to.bind(5, static_cast<std::int64_t>(row.side));
  to.bind(6, static_cast<std::int64_t>(row.value));
  state_->run(to);
  state_->commit_if_due();
}

void Writer::add_fault(const FaultRow& row) {
  state_->note(row.at);
  if (!state_->ready()) return;
  Statement& to = state_->fault;
  to.bind_null(0);
  to.bind(1, nanoseconds(row.at));
  to.bind(2, std::int64_t{row.connection});
  to.bind(3, static_cast<std::int64_t>(row.by));
  to.bind_text(4, row.kind);
  state_->run(to);
}

void Writer::add_notice(const NoticeRow& row) {
  state_->note(row.at);
  if (!state_->ready()) return;
  Statement& to = state_->notice;
  to.bind_null(0);
  to.bind(1, nanoseconds(row.at));
  to.bind(2, std::int64_t{row.connection});
  to.bind_text(3, row.text);
  state_->run(to);
}

void Writer::add_screen(const ScreenRow& row) {
  state_->note(row.at);
  if (!state_->ready()) return;
  const auto hash = row.hash.bytes();
  Statement& to = state_->screen;
  to.bind_null(0);
  to.bind(1, nanoseconds(row.at));
  to.bind(2, static_cast<std::int64_t>(row.message));
  to.bind(3, std::int64_t{row.display});
  to.bind(4, std::int64_t{row.surface});
  to.bind(5, std::int64_t{row.width});
  to.bind(6, std::int64_t{row.height});
  to.bind_blob(7, hash);
  state_->run(to);
}

void Writer::add_device_event(const DeviceEventRow& row) {
  state_->note(row.at);
  if (!state_->ready()) return;
  if (!state_->has_device_events)
    if (auto prepared = state_->prepare_device_events(); !prepared)
      return state_->keep(std::move(prepared.error()));
  Statement& to = state_->device_event;
  to.bind_null(0);
  to.bind(1, nanoseconds(row.at));
  to.bind_text(2, row.event);
  to.bind_text(3, row.fields);
  state_->run(to);
  state_->commit_if_due();
}

MessageId Writer::message_count() const {
  return state_->messages;
}
std::uint64_t Writer::rolling_hash() const {
  return state_->chain;
}
const std::optional<Error>& Writer::error() const {
  return state_->error;
}
void Writer::commit() {
  state_->commit();
}

Result<void> Writer::finish() {
  State& state = *state_;
  state.commit();
  set_meta(meta::rolling_hash, fmt::format("{:016x}", state.chain));
  set_meta(meta::duration, fmt::format("{}", nanoseconds(state.end)));
  set_meta(meta::complete, "1");
  if (state.ready())
    if (auto indexed = state.database.run(create_indexes); !indexed)
      state.keep(std::move(indexed.error()));
  state.commit();
  if (state.error) return std::unexpected(*state.error);
  CHECKED(state.close_file());
  if (state.placement == Placement::on_finish) {
    CHECKED(may_replace(state.path));
    std::error_code ignored;  // what SQLite left beside an older recording is not of the new one
    fs::remove(fs::path(state.path).concat("-wal"), ignored);
    fs::remove(fs::path(state.path).concat("-shm"), ignored);
    std::error_code failed;
    fs::rename(state.written, state.path, failed);
    if (failed)
      return fail(ErrorCode::io, fmt::format("cannot rename: {}", failed.message()), 0,
                  state.path.string());
  }
  state.finished = true;
  return {};
}

}  // namespace spicebench::recorder
