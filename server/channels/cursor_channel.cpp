// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/channels/cursor_channel.hpp"

namespace spicebench::server {

using namespace wire::cursor;
using State = CursorChannel::State;

namespace {

constexpr CursorTable::Row rows[] = {
    common_row<CursorChannel, &Channel::ack_sync>(State::up),
    common_row<CursorChannel, &Channel::ack>(State::up),
    common_row<CursorChannel, &Channel::pong>(State::up),
    common_row<CursorChannel, &Channel::disconnecting>(State::up),
    common_row<CursorChannel, &Channel::migrate_data_unasked>(State::up),
};
constexpr std::string_view state_names[] = {"up"};
constexpr CursorTable table("cursor", state_names, rows);

}  // namespace

const CursorTable& cursor_table() {
  return table;
}

CursorChannel::CursorChannel(ChannelLink link, CursorWorker& worker, std::uint32_t ack_window)
    : Channel(wire::ChannelType::cursor, std::move(link)),
      worker_(worker),
      ack_window_(ack_window) {}

CursorChannel::~CursorChannel() {
  worker_.detach(*this);
}

void CursorChannel::open() {
  outbox().send(outbox().window().open(ack_window_));
  worker_.attach(*this);
}

Result<void> CursorChannel::dispatch(const wire::MessageInfo& info, const void* message) {
  CHECKED(table.dispatch(*this, State::up, info.key, message, info.name));
  return {};
}

void CursorChannel::pump() {
  while (!pipe_.empty() && outbox().may_take()) {
    take(pipe_.front());
    pipe_.pop_front();
  }
}

void CursorChannel::take(const CursorItem& item) {
  if (const auto* set = item.message.as<Set>()) {
    Set message = *set;
    message.cursor = for_client(set->cursor);
    outbox().send(message);
    return;
  }
  if (const auto* init = item.message.as<Init>()) {
    cache_.clear();
    Init message = *init;
    message.cursor = for_client(init->cursor);
    outbox().send(message);
    return;
  }
  if (item.message.as<InvalAll>()) cache_.clear();
  outbox().send(item.message);
}

Cursor CursorChannel::for_client(const Cursor& cursor) {
  if (!cursor.header) return {};
  Cursor message{.flags = 0, .header = cursor.header, .data = {}};
  const std::uint64_t key = cursor.header->unique;
  if (key != 0 && cache_.use(key)) {
    message.flags = cursor_from_cache;
    return message;
  }
  message.data = cursor.data;
  std::vector<std::uint64_t> dropped;
  if (key != 0 && cache_.add(key, 1, 0, dropped)) message.flags = cursor_cache_me;
  for (const std::uint64_t id : dropped) outbox().send(InvalOne{id});
  return message;
}

nlohmann::json CursorChannel::describe() const {
  nlohmann::json json = describe_outbox();
  json["state"] = table.name_of(State::up);
  json["pipe"] = pipe_.size();
  json["cached_shapes"] = cache_.count();
  return json;
}

}  // namespace spicebench::server
