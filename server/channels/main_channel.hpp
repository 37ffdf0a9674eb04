// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "core/wire/main_channel.hpp"
#include "server/agent/agent.hpp"
#include "server/channels/channel.hpp"
#include "server/session/mouse_modes.hpp"
#include "server/session/net_test.hpp"

namespace spicebench::server {

// The main channel of one client: session, channel list, mouse mode, network test, and the way to
// the guest's agent.
//
// Source: protocol.md §4.1, §9.3; channels.md §5.
class MainChannel final : public Channel, private MouseModeListener, private AgentClient {
 public:
  enum class State : std::uint8_t { fresh, listed };

  // `channels`: what the client may link, in the order in which it is told.
  MainChannel(ChannelLink link, MouseModes& mouse, Agent& agent, std::uint32_t session_id,
              std::vector<wire::main_channel::ChannelId> channels);
  ~MainChannel() override;

  void open() override;
  void pump() override;
  nlohmann::json describe() const override;
  Result<void> deadline_passed() override;
  Result<void> pong(const wire::common::Pong& message) override;
  // The client may link this one too. It is told once, and only if it asked for the list.
  void offer(wire::main_channel::ChannelId channel);
  // The client's keyboard channel came up on a transport that everybody can read.
  void warn_of_insecure_keyboard();

  State state() const { return state_; }
  const std::shared_ptr<NetTest>& net_test() const { return net_test_; }

  // The rows of the table.
  Result<State> attach_channels(const wire::main_channel::AttachChannels&);
  Result<State> mouse_mode_request(const wire::main_channel::MouseModeRequest& message);
  Result<State> agent_start(const wire::main_channel::AgentStart& message);
  Result<State> agent_data(const wire::main_channel::AgentDataToServer& message);
  Result<State> agent_token(const wire::main_channel::AgentTokenToServer& message);
  Result<State> client_info(const wire::main_channel::ClientInfo&) { return state_; }
  Result<State> quality_indicator(const wire::main_channel::QualityIndicator&) { return state_; }
  Result<State> migrate_connected(const wire::main_channel::MigrateConnected&);
  Result<State> migrate_connected_seamless(const wire::main_channel::MigrateConnectedSeamless&);
  Result<State> migrate_connect_error(const wire::main_channel::MigrateConnectError&);
  Result<State> migrate_end(const wire::main_channel::ClientMigrateEnd&);

 private:
  Result<void> dispatch(const wire::MessageInfo& info, const void* message) override;
  void mouse_modes_changed(const MouseModes& modes) override;
  void tell_mouse_modes();
  Result<State> not_migrating(bool cancel);
  void agent_came() override;
  void agent_went() override;
  void agent_said(const SharedBytes& block) override;
  void return_tokens(std::uint32_t tokens) override;
  void agent_waits(bool waits) override;
  void agent_failed(Error error) override;
  std::size_t backlog() const override { return outbox().queue().messages(); }

  MouseModes& mouse_;
  Agent& agent_;
  std::uint32_t session_id_;
  std::vector<wire::main_channel::ChannelId> channels_;
  State state_ = State::fresh;
  std::int64_t lists_in_second_ = -1;  // of the server's clock
  std::uint32_t lists_ = 0;            // asked for in that second
  std::shared_ptr<NetTest> net_test_ = std::make_shared<NetTest>();
  std::uint64_t media_times_told_ = 0;
  bool mouse_modes_news_ = false;
  std::optional<Error> agent_error_;  // to end the channel at its deadline, which is now
};

using MainTable = StateTable<MainChannel, MainChannel::State, wire::MessageKey>;
const MainTable& main_table();

}  // namespace spicebench::server
