// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/channels/main.hpp"

#include <fmt/format.h>

#include "client/session.hpp"

namespace spicebench::client {

using namespace wire::main_channel;
using State = MainState;

const Main::Table& Main::table() {
  static constexpr Table::Row rows[] = {
      state_row<&Main::init>(State::linked, State::ready),
      state_row<&Main::channels_list>(State::ready, State::ready),
      state_row<&Main::mouse_mode>(State::ready, State::ready),
      state_row<&Main::multi_media_time>(State::ready, State::ready),
      state_row<&Main::name>(State::ready, State::ready),
      state_row<&Main::uuid>(State::ready, State::ready),
      state_row<&Main::agent_up>(State::ready, State::ready),
      state_row<&Main::agent_up_tokens>(State::ready, State::ready),
      state_row<&Main::agent_down>(State::ready, State::ready),
      state_row<&Main::agent_data>(State::ready, State::ready),
      state_row<&Main::agent_token>(State::ready, State::ready),
      state_row<&Main::migrate_begin>(State::ready, State::ready),
      state_row<&Main::migrate_begin_seamless>(State::ready, State::ready),
  };
  static constexpr std::string_view names[] = {"linked", "ready"};
  static constexpr Table table("main", names, rows);
  return table;
}

Result<void> Main::set_mouse_mode(std::uint32_t supported, std::uint32_t current) {
  if ((current != mouse_mode_server && current != mouse_mode_client) || (current & supported) == 0)
    return fail(ErrorCode::out_of_range,
                fmt::format("mouse mode {}, supported are the bits of {}", current, supported), 0,
                "current_mouse_mode");
  Session& session = connection_.session();
  session.set_mouse_mode(current);
  if (session.options().prefer_client_mouse && current != mouse_mode_client &&
      (supported & mouse_mode_client) != 0)
    connection_.send(MouseModeRequest{mouse_mode_client});
  return {};
}

Result<State> Main::init(const Init& message) {
  Session& session = connection_.session();
  session.session_id = message.session_id;
  session.ram_hint = message.ram_hint;
  session.media_clock.set(message.multi_media_time, session.now());
  CHECKED(set_mouse_mode(message.supported_mouse_modes, message.current_mouse_mode));
  agent_.set_tokens(message.agent_tokens);
  if (message.agent_connected != 0) agent_.connected();
  connection_.send(AttachChannels{});
  return State::ready;
}

// Every list adds; what is there already and what we do not know is passed over.
Result<State> Main::channels_list(const ChannelsList& message) {
  for (const ChannelId& channel : message.channels)
    if (const auto type = static_cast<wire::ChannelType>(channel.type);
        type != wire::ChannelType::main)
      connection_.session().open_channel(type, channel.id);
  return State::ready;
}

Result<State> Main::mouse_mode(const MouseModeChanged& message) {
  CHECKED(set_mouse_mode(message.supported_modes, message.current_mode));
  return State::ready;
}
Result<State> Main::multi_media_time(const MultiMediaTime& message) {
  Session& session = connection_.session();
  session.media_clock.set(message.time, session.now());
  return State::ready;
}
// Names are for windows, and known to whoever reads the recording.
Result<State> Main::name(const Name&) {
  return State::ready;
}
Result<State> Main::uuid(const Uuid&) {
  return State::ready;
}

Result<State> Main::agent_up(const AgentConnected&) {
  agent_.connected();
  return State::ready;
}
Result<State> Main::agent_up_tokens(const AgentConnectedTokens& message) {
  agent_.set_tokens(message.num_tokens);
  agent_.connected();
  return State::ready;
}
Result<State> Main::agent_down(const AgentDisconnected&) {
  agent_.disconnected();
  return State::ready;
}
Result<State> Main::agent_data(const AgentDataToClient& message) {
  CHECKED(agent_.data(message.data));
  return State::ready;
}
Result<State> Main::agent_token(const AgentTokenToClient& message) {
  agent_.grant(message.num_tokens);
  return State::ready;
}

// A client that cannot go where it is sent must say so (protocol.md §8.1).
Result<State> Main::migrate_begin(const MigrateBegin&) {
  connection_.send(MigrateConnectError{});
  return State::ready;
}
Result<State> Main::migrate_begin_seamless(const MigrateBeginSeamless&) {
  connection_.send(MigrateConnectError{});
  return State::ready;
}

}  // namespace spicebench::client
