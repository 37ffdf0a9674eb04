// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <deque>

#include "server/channels/channel.hpp"
#include "server/display/cursor_worker.hpp"
#include "server/display/lru_cache.hpp"

namespace spicebench::server {

// The cursor channel of one client: a pipe of pointer messages, and the model of its shape cache.
//
// Source: protocol.md §4.5; display-pipeline.md §15.3, §23.
class CursorChannel final : public Channel, private CursorClient {
 public:
  enum class State : std::uint8_t { up };

  CursorChannel(ChannelLink link, CursorWorker& worker, std::uint32_t ack_window);
  ~CursorChannel() override;

  void open() override;
  void pump() override;
  nlohmann::json describe() const override;
  State state() const { return State::up; }
  std::size_t pipe_length() const override { return pipe_.size(); }

 private:
  Result<void> dispatch(const wire::MessageInfo& info, const void* message) override;
  void append(CursorItem item) override { pipe_.push_back(std::move(item)); }
  void take(const CursorItem& item);
  // Says by flags what the client has, and tells it first what to drop.
  wire::cursor::Cursor for_client(const wire::cursor::Cursor& cursor);

  CursorWorker& worker_;
  std::uint32_t ack_window_;
  std::deque<CursorItem> pipe_;
  LruCache cache_{cursor_cache_entries};
};

using CursorTable = StateTable<CursorChannel, CursorChannel::State, wire::MessageKey>;
const CursorTable& cursor_table();

}  // namespace spicebench::server
