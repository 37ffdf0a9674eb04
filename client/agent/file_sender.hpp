// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "core/wire/agent.hpp"
#include "core/wire/message.hpp"

namespace spicebench::client {

// Files on their way to the guest. One piece of one file is under way at a time, each file in turn:
// so other messages wait for no more than a piece.
//
// Source: channels.md §12.9, protocol.md §5.8.
class FileSender {
 public:
  using Send = std::function<void(wire::AnyMessage)>;
  using Ended = std::function<void(std::uint32_t id, std::uint32_t result)>;  // FileXferResult
  static constexpr std::size_t piece_bytes = 65536;

  FileSender(Send send, Ended ended) : send_(std::move(send)), ended_(std::move(ended)) {}

  void start(std::uint32_t id, const std::string& name, SharedBytes data);
  // The user does not want it any more. False: no such file is under way.
  bool cancel(std::uint32_t id);
  void handle(const wire::agent::FileXferStatus<Side::server>& message);
  // The way to the agent is free for one more piece. False: there is none to be sent.
  bool send_piece();
  void fail_all(wire::agent::FileXferResult result);
  std::size_t running() const { return files_.size(); }

 private:
  struct File {
    SharedBytes data;
    std::size_t sent = 0;
    enum class State : std::uint8_t { waits, sending, sent_all } state = State::waits;
  };
  void end(std::uint32_t id, std::uint32_t result);

  Send send_;
  Ended ended_;
  std::map<std::uint32_t, File> files_;
  std::uint32_t last_ = 0;  // whose piece went last
};

}  // namespace spicebench::client
