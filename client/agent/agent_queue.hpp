// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <algorithm>
#include <deque>
#include <functional>

#include "core/agent/message_stream.hpp"

namespace spicebench::client {

// Messages on their way to the agent, block by block, in order; each block costs a token.
class AgentQueue {
 public:
  explicit AgentQueue(std::function<void(const SharedBytes&)> send) : send_(std::move(send)) {}

  void push(const wire::AnyMessage& message, const wire::Context& context) {
    for (SharedBytes& block : agent::blocks_of(agent::bytes_of(message, context)))
      blocks_.push_back(std::move(block));
    flush();
  }
  void set_tokens(std::uint32_t tokens) { tokens_ = tokens; }
  void grant(std::uint32_t tokens) {
    tokens_ += std::min(tokens, UINT32_MAX - tokens_);
    flush();
  }
  void clear() { blocks_.clear(); }
  bool empty() const { return blocks_.empty(); }
  std::uint32_t tokens() const { return tokens_; }

 private:
  void flush() {
    for (; tokens_ > 0 && !blocks_.empty(); --tokens_) {
      send_(blocks_.front());
      blocks_.pop_front();
    }
  }

  std::function<void(const SharedBytes&)> send_;
  std::deque<SharedBytes> blocks_;
  std::uint32_t tokens_ = 0;
};

}  // namespace spicebench::client
