// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/channels/main_channel.hpp"

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

MainChannel::MainChannel(ChannelLink link, MouseModes& mouse, std::uint32_t session_id,
                         std::vector<ChannelId> channels)
    : Channel(wire::ChannelType::main, std::move(link)),
      mouse_(mouse),
      session_id_(session_id),
      channels_(std::move(channels)) {
  mouse_.attach(*this);
}

MainChannel::~MainChannel() {
  mouse_.detach(*this);
}

void MainChannel::open() {
  const ServerOptions& options = services().options;
  told_latency_ms_ = services().media_clock.latency_ms();
  outbox().send(Init{
      .session_id = session_id_,
      .display_channels_hint = 1,
      .supported_mouse_modes = mouse_.supported(),
      .current_mouse_mode = mouse_.current(),
      .agent_connected = 0,
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
  for (const auto& ping : net_test_->start(options.net_test_bytes, services().now))
    outbox().send(ping);
}

// Frames need more time to get there than clients were told.
void MainChannel::pump() {
  const MediaClock& clock = services().media_clock;
  if (told_latency_ms_ == clock.latency_ms()) return;
  told_latency_ms_ = clock.latency_ms();
  outbox().send(MultiMediaTime{clock.told_at(services().now)});
}

Result<void> MainChannel::dispatch(const wire::MessageInfo& info, const void* message) {
  state_ = TRY(table.dispatch(*this, state_, info.key, message, info.name));
  return {};
}

Result<void> MainChannel::pong(const wire::common::Pong& message) {
  if (net_test_->answer(message, services().now) == NetTest::Effect::forged)
    warn(ErrorCode::malformed, "pong with a timestamp that was not sent");
  return {};
}

Result<State> MainChannel::attach_channels(const AttachChannels&) {
  outbox().send(ChannelsList{channels_});
  return State::listed;
}

Result<State> MainChannel::mouse_mode_request(const MouseModeRequest& message) {
  if (auto changed = mouse_.request(message.mode); !changed) {
    if (changed.error().code != ErrorCode::unsupported) return std::unexpected(changed.error());
    warn(changed.error().code, changed.error().detail);
  }
  return state_;
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

void MainChannel::mouse_modes_changed(const MouseModes& modes) {
  outbox().send(MouseModeChanged{static_cast<std::uint16_t>(modes.supported()),
                                 static_cast<std::uint16_t>(modes.current())});
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
