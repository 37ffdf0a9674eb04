// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <optional>
#include <string>

#include "client/agent/agent_queue.hpp"
#include "client/agent/file_sender.hpp"
#include "client/agent/windows.hpp"
#include "client/status.hpp"
#include "core/agent/clipboard.hpp"
#include "core/world/peer.hpp"

namespace spicebench::client {

class Connection;

// What the client says to the guest's agent, and hears of it, over the main channel.
class Agent final : private agent::ClipboardHost {
 public:
  explicit Agent(Connection& main);

  // News of the main channel.
  void set_tokens(std::uint32_t tokens) { queue_.set_tokens(tokens); }
  void connected();
  void disconnected();
  void grant(std::uint32_t tokens);
  // Errors: of its framing, a message that is too large. What no message of the agent's may say is
  // noted and passed over.
  Result<void> data(const SharedBytes& block);
  void timer_fired();

  void user_event(const wire::AnyMessage& event);
  AgentStatus status() const;

 private:
  // One change of windows is told together with those that follow within this time.
  static constexpr Duration settle = std::chrono::seconds(1);
  // An old agent releases what it is about to offer anew: only this much later is it gone.
  static constexpr Duration release_delay = std::chrono::milliseconds(500);

  Result<void> handle(const agent::Assembler::Whole& message);
  void capabilities(const wire::agent::AnnounceCapabilities<Side::server>& message);
  void announce(bool ask);
  void tell_windows();
  void offer_copied();
  void send_pieces();
  void arm_timer();
  bool guest_can(wire::agent::Cap cap) const;
  wire::Context context() const;

  // The clipboard's host
  void send(wire::AnyMessage message) override;
  void offered(agent::SelectionId selection, const std::vector<std::uint32_t>& types) override;
  void pasted(agent::SelectionId selection, std::uint32_t type, const SharedBytes& data) override;

  Connection& main_;
  bool connected_ = false, told_settings_ = false;
  AgentQueue queue_;
  agent::Assembler assembler_;
  std::vector<std::uint32_t> own_caps_, guest_caps_;
  agent::Clipboard<Side::client> clipboard_;
  std::optional<std::string> copied_;  // by the user
  bool guest_offers_ = false;          // a text, as users were told
  Windows windows_;
  std::optional<Instant> windows_due_, release_due_;
  FileSender files_;
  std::uint32_t last_file_ = 0;
  AgentStatus status_;
};

}  // namespace spicebench::client
