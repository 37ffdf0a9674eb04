// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include "client/agent/agent.hpp"
#include "client/channel.hpp"
#include "client/connection.hpp"
#include "client/status.hpp"
#include "core/wire/main_channel.hpp"

namespace spicebench::client {

// The main channel (protocol.md §4.1, §9.3): makes the session known, opens the other channels.
enum class MainState : std::uint8_t { linked, ready };
class Main final : public TableChannel<Main, MainState> {
 public:
  explicit Main(Connection& connection) : connection_(connection), agent_(connection) {}
  static const Table& table();

  void timer_fired() override { agent_.timer_fired(); }

  Agent& agent() { return agent_; }
  const Agent& agent() const { return agent_; }

  Result<MainState> init(const wire::main_channel::Init& message);
  Result<MainState> channels_list(const wire::main_channel::ChannelsList& message);
  Result<MainState> mouse_mode(const wire::main_channel::MouseModeChanged& message);
  Result<MainState> multi_media_time(const wire::main_channel::MultiMediaTime& message);
  Result<MainState> name(const wire::main_channel::Name& message);
  Result<MainState> uuid(const wire::main_channel::Uuid& message);
  Result<MainState> agent_up(const wire::main_channel::AgentConnected& message);
  Result<MainState> agent_up_tokens(const wire::main_channel::AgentConnectedTokens& message);
  Result<MainState> agent_down(const wire::main_channel::AgentDisconnected& message);
  Result<MainState> agent_data(const wire::main_channel::AgentDataToClient& message);
  Result<MainState> agent_token(const wire::main_channel::AgentTokenToClient& message);
  Result<MainState> migrate_begin(const wire::main_channel::MigrateBegin& message);
  Result<MainState> migrate_begin_seamless(const wire::main_channel::MigrateBeginSeamless& message);

 private:
  Result<void> set_mouse_mode(std::uint32_t supported, std::uint32_t current);

  Connection& connection_;
  Agent agent_;
};

}  // namespace spicebench::client
