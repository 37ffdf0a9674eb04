// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/agent/agent.hpp"

#include <algorithm>
#include <cassert>
#include <nlohmann/json.hpp>

namespace spicebench::server {

Agent::Agent(Services& services, MouseModes& mouse)
    : services_(services),
      mouse_(mouse),
      policy_{services.options.copy_paste, services.options.file_transfer},
      from_agent_(policy_) {}

bool Agent::adopt(CharDevice& device) {
  if (device_) return false;
  device_ = &device;
  device.set_user(this);
  return true;
}

// The agent's life

void Agent::device_opened() {
  removed_ = false;
  device_->set_attached(true);
  device_->set_reading(true);
  from_agent_.discard_all(sessions_.empty());
  mouse_.set_agent(services_.options.agent_mouse);
}

void Agent::device_closed() {
  device_->set_attached(false);
  forget_agent();
}

void Agent::forget_agent() {
  reader_ = {};
  from_agent_.reset();
  from_agent_.discard_all(true);
  for (AgentSession& session : sessions_) session.agent_is_gone();
  writer_ = nullptr;
  monitors_ = {};
  own_under_way_ = client_left_ = wants_displays_ = displays_due_ = false;
  mouse_states_.clear();
  mouse_.set_agent(false);
}

void Agent::remove_agent(Error error) {
  services_.report_device(std::move(error).within("agent"));
  removed_ = true;
  for (const AgentSession& session : sessions_) device_->drop_writes(session.link);
  device_->set_attached(false);
  forget_agent();
}

// Clients

void Agent::attach(AgentClient& client, LinkId link) {
  AgentSession& session = sessions_.emplace_back(client, link, policy_);
  session.told_opening = opening();
  if (connected()) from_agent_.discard_all(false);
}

void Agent::detach(AgentClient& client) {
  const auto found = std::ranges::find(sessions_, &client, &AgentSession::client);
  assert(found != sessions_.end());
  if (connected()) {
    device_->drop_writes(found->link);
    const bool half_way = writer_ == &*found;
    if (half_way || sessions_.size() == 1) client_left_ = true;
    if (half_way) writer_ = nullptr;
    if (monitors_.session == &*found) monitors_ = {};
  }
  sessions_.erase(found);
  if (sessions_.empty()) from_agent_.discard_all(true);
}

AgentSession& Agent::session(AgentClient& client) {
  const auto found = std::ranges::find(sessions_, &client, &AgentSession::client);
  assert(found != sessions_.end());
  return *found;
}

// For an agent that is gone, or one that the client has not heard of yet, it is void.
void Agent::start(AgentClient& client, std::uint32_t tokens) {
  AgentSession& one = session(client);
  if (!connected() || one.told_opening != opening()) return;
  one.started = true;
  one.filter.discard_all(false);
  one.send_tokens = tokens;
  displays_due_ = wants_displays_;
}

void Agent::grant(AgentClient& client, std::uint32_t tokens) {
  AgentSession& one = session(client);
  if (one.started) one.send_tokens += tokens;
}

// To the clients

// Whoever does not read hears of an agent that came and went, came and went once.
bool Agent::tell_clients() {
  bool told = false;
  for (AgentSession& one : sessions_) {
    if (one.told_opening == opening() || one.client->backlog() > 0) continue;
    if (one.told_opening != 0) one.client->agent_went();
    if (opening() != 0) one.client->agent_came();
    one.told_opening = opening();
    told = true;
  }
  return told;
}

bool Agent::pump() {
  bool progress = tell_clients();
  if (!device_->opened()) return progress;
  if (removed_) {
    device_->discard_unread();
    return progress;
  }
  for (AgentSession& one : sessions_) {
    const bool waited = !one.waiting.empty();
    for (; !one.waiting.empty() && one.send_tokens > 0; --one.send_tokens, progress = true) {
      one.client->agent_said(one.waiting.front());
      one.waiting.pop_front();
    }
    if (waited && one.waiting.empty()) one.client->agent_waits(false);
  }
  progress |= read();
  write_own();
  send_held();
  return progress;
}

// Somebody can take a block, or there is nobody whose it would be.
bool Agent::may_read() const {
  const auto started = [](const AgentSession& one) { return one.started; };
  if (std::ranges::any_of(sessions_, [](const AgentSession& one) {
        return one.started && one.client->backlog() >= agent_read_buffers;
      }))
    return false;
  return std::ranges::none_of(sessions_, started) ||
         std::ranges::any_of(sessions_, [](const AgentSession& one) {
           return one.started && one.send_tokens > 0 && one.waiting.empty();
         });
}

bool Agent::read() {
  bool progress = false;
  while (may_read()) {
    auto block = reader_.next(*device_);
    if (!block) {
      remove_agent(std::move(block).error());
      return true;
    }
    if (!*block) break;
    if ((*block)->port != ChunkReader::client) continue;
    const bool first = from_agent_.at_start();
    const auto verdict = from_agent_.judge((*block)->bytes);
    if (!verdict) {
      remove_agent(verdict.error());
      return true;
    }
    constexpr auto announcement = wire::agent::AnnounceCapabilities<Side::server>::message.id;
    const bool tells = first && from_agent_.type() == announcement;
    if (tells) learn_capabilities((*block)->bytes);
    if (*verdict == MessageFilter::Verdict::discard) continue;
    deliver(tells ? rewrite_capabilities((*block)->bytes, policy_) : (*block)->bytes);
    progress = true;
  }
  return progress;
}

void Agent::deliver(const SharedBytes& block) {
  for (AgentSession& one : sessions_) {
    if (!one.started) continue;
    if (one.waiting.empty() && one.send_tokens > 0) {
      --one.send_tokens;
      one.client->agent_said(block);
      continue;
    }
    if (one.waiting.empty()) one.client->agent_waits(true);
    one.waiting.push_back(block);
    if (one.waiting.size() > agent_queue_blocks)
      one.client->agent_failed({ErrorCode::out_of_range, 0, "agent_token",
                                "the agent's messages wait for a client that gives no tokens"});
  }
}

nlohmann::json Agent::describe() const {
  nlohmann::json json{{"opening", opening()}, {"removed", removed_}};
  json["sessions"] = nlohmann::json::array();
  for (const AgentSession& one : sessions_)
    json["sessions"].push_back({{"connection", one.link},
                                {"started", one.started},
                                {"tokens", one.tokens},
                                {"send_tokens", one.send_tokens},
                                {"held", one.held.size()},
                                {"waiting", one.waiting.size()}});
  return json;
}

}  // namespace spicebench::server
