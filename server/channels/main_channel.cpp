// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/channels/main_channel.hpp"

#include <fmt/format.h>

namespace spicebench::server {

using namespace wire::main_channel;
using State = MainChannel::State;

namespace {

constexpr StateSet<State> any{State::fresh, State::listed};

constexpr MainTable::Row rows[] = {
    common_row<MainChannel, &Channel::ack_sync>(any),
    common_row<MainChannel, &Channel::ack>(any),
    common_row<MainChannel, &Channel::pong>(any),
    common_row<MainChannel, &Channel::disconnecting>(any),
    state_row<&MainChannel::attach_channels>(any, State::listed),
    state_row<&MainChannel::mouse_mode_request>(any, any),
    state_row<&MainChannel::agent_start>(any, any),
    state_row<&MainChannel::agent_data>(any, any),
    state_row<&MainChannel::agent_token>(any, any),
    state_row<&MainChannel::client_info>(any, any),
    state_row<&MainChannel::quality_indicator>(any, any),
    state_row<&MainChannel::migrate_connected>(any, any),
    state_row<&MainChannel::migrate_connected_seamless>(any, any),
    state_row<&MainChannel::migrate_connect_error>(any, any),
    state_row<&MainChannel::migrate_end>(any, any),
};
constexpr std::string_view state_names[] = {"fresh", "listed"};
constexpr MainTable table("main", state_names, rows);

}  // namespace

const MainTable& main_table() {
  return table;
}

MainChannel::MainChannel(ChannelLink link, MouseModes& mouse, Agent& agent,
                         std::uint32_t session_id, std::vector<ChannelId> channels)
    : Channel(wire::ChannelType::main, std::move(link)),
      mouse_(mouse),
      agent_(agent),
      session_id_(session_id),
      channels_(std::move(channels)) {
  mouse_.attach(*this);
  agent_.attach(*this, this->link().connection);
}

MainChannel::~MainChannel() {
  agent_.detach(*this);
  mouse_.detach(*this);
}

void MainChannel::open() {
  const ServerOptions& options = services().options;
  media_times_told_ = services().media_clock.announcements();
  outbox().send(Init{
      .session_id = session_id_,
      .display_channels_hint = 1,
      .supported_mouse_modes = mouse_.supported(),
      .current_mouse_mode = mouse_.current(),
      .agent_connected = agent_.connected(),
      .agent_tokens = agent_tokens,
      .multi_media_time = services().media_clock.told_at(services().now),
      .ram_hint = options.ram_hint_mb << 20,
  });
  if (wire::link::has_cap(link().caps, wire::link::MainCap::name_and_uuid)) {
    if (!options.name.empty()) {
      Bytes name(options.name.size() + 1);  // the NUL counts
      std::ranges::copy(as_bytes(options.name), name.begin());
      outbox().send(Name{SharedBytes(std::move(name))});
    }
    if (const auto uuid = parse_uuid(options.uuid)) outbox().send(Uuid{*uuid});
  }
  if (link().transport == Transport::unix_socket) return;  // nothing to measure
  for (const auto& ping : net_test_->start(options.net_test_bytes, services().now))
    outbox().send(ping);
}

// Frames need more time to get there than clients were told, or sound has ended that was the clock.
void MainChannel::pump() {
  if (outbox().may_take()) tell_mouse_modes();
  const MediaClock& clock = services().media_clock;
  if (std::exchange(media_times_told_, clock.announcements()) == clock.announcements()) return;
  outbox().send(MultiMediaTime{clock.told_at(services().now)});
}

Result<void> MainChannel::dispatch(const wire::MessageInfo& info, const void* message) {
  state_ = TRY(table.dispatch(*this, state_, info.key, message, info.name));
  return {};
}

Result<void> MainChannel::pong(const wire::common::Pong& message) {
  if (link().liveness && link().liveness->answered(message, services().now)) return {};
  if (net_test_->answer(message, services().now) == NetTest::Effect::forged)
    warn(ErrorCode::malformed, "pong with a timestamp that was not sent");
  return {};
}

// As many as a client could want; the list never changes.
Result<State> MainChannel::attach_channels(const AttachChannels&) {
  const auto second = nanoseconds(services().now) / 1'000'000'000;
  if (second != lists_in_second_) lists_ = 0;
  lists_in_second_ = second;
  if (++lists_ > channel_lists_per_second) {
    if (lists_ == channel_lists_per_second + 1)
      warn(ErrorCode::out_of_range, "more channel lists asked for than anybody needs");
    return State::listed;
  }
  outbox().send(ChannelsList{channels_});
  return State::listed;
}

void MainChannel::offer(ChannelId channel) {
  if (std::ranges::find(channels_, channel) != channels_.end()) return;
  channels_.push_back(channel);
  if (state_ == State::listed) outbox().send(ChannelsList{{channel}});
}

Result<State> MainChannel::mouse_mode_request(const MouseModeRequest& message) {
  if (auto changed = mouse_.request(message.mode); !changed) {
    if (changed.error().code != ErrorCode::unsupported) return std::unexpected(changed.error());
    warn(changed.error().code, changed.error().detail);
  }
  return state_;
}

// Agent

Result<State> MainChannel::agent_start(const AgentStart& message) {
  agent_.start(*this, message.num_tokens);
  return state_;
}

Result<State> MainChannel::agent_data(const AgentDataToServer& message) {
  CHECKED(agent_.data(*this, message.data));
  return state_;
}

Result<State> MainChannel::agent_token(const AgentTokenToServer& message) {
  agent_.grant(*this, message.num_tokens);
  return state_;
}

void MainChannel::agent_came() {
  if (wire::link::has_cap(link().caps, wire::link::MainCap::agent_connected_tokens))
    outbox().send(AgentConnectedTokens{agent_tokens});
  else
    outbox().send(AgentConnected{});
}

void MainChannel::agent_went() {
  outbox().send(AgentDisconnected{static_cast<std::uint32_t>(wire::LinkError::ok)});
}

void MainChannel::agent_said(const SharedBytes& block) {
  outbox().send(AgentDataToClient{block});
}

void MainChannel::return_tokens(std::uint32_t tokens) {
  outbox().send(AgentTokenToClient{tokens});
}

void MainChannel::agent_waits(bool waits) {
  if (agent_error_) return;
  if (waits)
    services().outputs.emplace_back(
        Arm{link().connection, services().now + std::chrono::seconds(agent_wait_limit_s)});
  else
    services().outputs.emplace_back(Disarm{link().connection});
}

void MainChannel::agent_failed(Error error) {
  if (agent_error_) return;
  agent_error_ = std::move(error);
  services().outputs.emplace_back(Arm{link().connection, services().now});
}

Result<void> MainChannel::deadline_passed() {
  if (agent_error_) return std::unexpected(*agent_error_);
  return fail(ErrorCode::out_of_range,
              fmt::format("the agent's messages have waited {} s for tokens of the client",
                          agent_wait_limit_s));
}

Result<State> MainChannel::migrate_connected(const MigrateConnected&) {
  return not_migrating(true);
}
Result<State> MainChannel::migrate_connected_seamless(const MigrateConnectedSeamless&) {
  return not_migrating(true);
}
Result<State> MainChannel::migrate_connect_error(const MigrateConnectError&) {
  return not_migrating(false);
}
Result<State> MainChannel::migrate_end(const ClientMigrateEnd&) {
  return not_migrating(false);
}

Result<State> MainChannel::not_migrating(bool cancel) {
  warn(ErrorCode::out_of_order, "there is no migration");
  if (cancel) outbox().send(MigrateCancel{});
  return state_;
}

// A client that does not read is told of the last change alone.
void MainChannel::mouse_modes_changed(const MouseModes&) {
  mouse_modes_news_ = true;
  if (backlog() < most_untold_changes) tell_mouse_modes();
}

void MainChannel::tell_mouse_modes() {
  if (!std::exchange(mouse_modes_news_, false)) return;
  outbox().send(MouseModeChanged{static_cast<std::uint16_t>(mouse_.supported()),
                                 static_cast<std::uint16_t>(mouse_.current())});
}

void MainChannel::warn_of_insecure_keyboard() {
  constexpr std::uint32_t severity_warning = 1, visibility_high = 2, general = 0;
  outbox().send(wire::common::Notify{
      .time_stamp = static_cast<std::uint64_t>(nanoseconds(services().now)),
      .severity = severity_warning,
      .visibility = visibility_high,
      .what = general,
      .message_text = SharedBytes::copy_of("keyboard channel is insecure"),
  });
}

nlohmann::json MainChannel::describe() const {
  nlohmann::json json = describe_outbox();
  json["state"] = table.name_of(state_);
  json["session_id"] = session_id_;
  json["net_test"] = {{"finished", net_test_->finished()},
                      {"latency_ns", net_test_->latency().count()},
                      {"bits_per_second", net_test_->bits_per_second()}};
  return json;
}

}  // namespace spicebench::server
