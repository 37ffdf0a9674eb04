// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <deque>

#include "server/agent/message_filter.hpp"
#include "server/constants.hpp"
#include "server/session/services.hpp"

namespace spicebench::server {

// A client as the agent's relay sees it: its main channel.
class AgentClient {
 public:
  virtual ~AgentClient() = default;
  virtual void agent_came() = 0;
  virtual void agent_went() = 0;
  virtual void agent_said(const SharedBytes& block) = 0;
  virtual void return_tokens(std::uint32_t tokens) = 0;
  // Blocks wait for it to give tokens, or no longer do.
  virtual void agent_waits(bool waits) = 0;
  // It broke a rule that could not be judged at once.
  virtual void agent_failed(Error error) = 0;
  // Messages that wait to be written to its link.
  virtual std::size_t backlog() const = 0;
};

// A block of a client's on its way to the guest.
struct HeldBlock {
  SharedBytes bytes;
  MessageFilter::Verdict verdict;
  bool first, last;  // of its message
};

// What the relay knows of one client.
struct AgentSession {
  AgentSession(AgentClient& c, LinkId l, const AgentPolicy& policy)
      : client(&c), link(l), filter(policy) {}

  AgentClient* client;
  LinkId link;
  std::uint32_t told_opening = 0;  // which of the agent's the client was told of; 0: none
  bool started = false;            // AGENT_START came for that one

  // To the guest
  MessageFilter filter;
  std::uint32_t tokens = agent_tokens;  // that the client may spend
  std::uint32_t to_return = 0;          // spent, and their messages consumed
  std::deque<HeldBlock> held;           // received, and not on their way yet
  std::deque<SharedBytes> waiting;      // to the client, without tokens
  std::uint64_t send_tokens = 0;        // that the client gave

  // Gives back what its messages cost, in batches.
  void consumed() {
    if (++to_return < agent_tokens_batch) return;
    tokens += to_return;
    client->return_tokens(std::exchange(to_return, 0));
  }
  void agent_is_gone() {
    started = false;
    filter.reset();
    filter.discard_all(true);
    tokens = agent_tokens;
    to_return = 0;
    held.clear();
    if (!waiting.empty()) client->agent_waits(false);
    waiting.clear();
    send_tokens = 0;
  }
};

}  // namespace spicebench::server
