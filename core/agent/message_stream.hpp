// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <optional>
#include <vector>

#include "core/wire/agent.hpp"
#include "core/wire/message.hpp"

namespace spicebench::agent {

// A whole message of the agent's protocol: header and body.
Bytes bytes_of(const wire::AnyMessage& message, const wire::Context& context = {});

// The pieces in which it is carried: of at most 2048 bytes, the whole header in the first.
std::vector<SharedBytes> blocks_of(const SharedBytes& message);

// Puts the messages of one direction together again.
class Assembler {
 public:
  struct Whole {
    std::uint32_t type = 0;
    SharedBytes body;
  };
  //   most  bytes of a message that are taken, its header left out
  explicit Assembler(std::uint32_t most) : most_(most) {}

  // The message that this block ends; nothing: there is more of it to come.
  // Errors: truncated (a block shorter than its header), malformed (another protocol, more bytes
  // than the message has), out_of_range (too large). What was under way is void then.
  Result<std::optional<Whole>> take(const SharedBytes& block);
  void reset() { pieces_.clear(); }
  void set_most(std::uint32_t most) { most_ = most; }  // of messages from now on
  std::size_t held() const { return pieces_.size(); }  // bytes

 private:
  Result<std::optional<Whole>> take_checked(const SharedBytes& block);

  std::uint32_t most_;
  wire::agent::Header header_;
  Bytes pieces_;  // header included; empty: nothing is under way
};

}  // namespace spicebench::agent
