// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>

#include "core/base/result.hpp"
#include "core/base/shared_bytes.hpp"
#include "core/wire/agent.hpp"

namespace spicebench::server {

// What an administrator forbids. May change at any time: it holds from the next message on.
struct AgentPolicy {
  bool copy_paste = true, file_transfer = true;
};

// Judges the blocks of one direction, message by message: where a message ends, and whether it may
// pass. It keeps no bytes.
//
// Source: channels.md §12.2. DIFFERS: more than a message of no bytes announced is an error too.
class MessageFilter {
 public:
  enum class Verdict : std::uint8_t {
    pass,
    discard,
    monitors,  // the monitors of a client: for the guest's driver, or else to be passed
  };

  explicit MessageFilter(const AgentPolicy& policy) : policy_(policy) {}

  // The verdict on one block, which is that of its message.
  // Errors: out_of_range (more than 2048 bytes, more than its message has), truncated (the header
  // is not all in its first block), malformed (another protocol).
  Result<Verdict> judge(BytesView block);
  // Whether the next block begins a message.
  bool at_start() const { return left_ == 0; }
  std::uint32_t type() const { return type_; }  // of the message of the last block
  // Whether messages are refused from now on: the rest of one under way at once, and for good.
  void discard_all(bool on);
  // What is under way is forgotten.
  void reset() { left_ = 0; }

 private:
  Verdict verdict_on(std::uint32_t type) const;

  const AgentPolicy& policy_;
  bool discard_all_ = true;
  std::uint64_t left_ = 0;  // bytes of the message under way
  std::uint32_t type_ = 0;
  Verdict verdict_ = Verdict::discard;
};

// What clients are to see of the agent's capabilities where something is forbidden. `block` is the
// first of an announcement; of other bytes nothing is changed.
SharedBytes rewrite_capabilities(const SharedBytes& block, const AgentPolicy& policy);

}  // namespace spicebench::server
