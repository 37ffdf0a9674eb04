// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fmt/format.h>

#include <algorithm>

#include "core/agent/message_stream.hpp"
#include "core/wire/inputs_channel.hpp"
#include "server/agent/agent.hpp"

// The way from the clients, and from the server itself, to the guest's agent.
namespace spicebench::server {

namespace agent = wire::agent;
namespace device = wire::device;
using Verdict = MessageFilter::Verdict;

// Before AGENT_START nothing is relayed and nothing costs; the framing of a block is not looked at
// either, as it may be the rest of a message to an agent that is gone.
Result<void> Agent::data(AgentClient& client, const SharedBytes& block) {
  AgentSession& one = session(client);
  if (block.size() > agent_block_bytes)
    return fail(ErrorCode::out_of_range,
                fmt::format("{} bytes, at most {}", block.size(), agent_block_bytes), 0, "data");
  if (!one.started) return {};
  if (one.tokens == 0) return fail(ErrorCode::denied, "the client had no tokens left", 0, "data");
  --one.tokens;
  const bool first = one.filter.at_start();
  auto verdict = one.filter.judge(block);
  if (!verdict) return std::unexpected(std::move(verdict).error().within("data"));
  one.held.push_back({block, *verdict, first, one.filter.at_start()});
  send_held();
  return {};
}

// What a client left half said must be void before others go on.
void Agent::send_held() {
  if (client_left_) return;
  for (bool progress = true; progress;) {
    progress = false;
    for (AgentSession& one : sessions_)
      while (!one.held.empty() && send_held(one)) progress = true;
  }
}

// Sends the oldest block on its way. False: it has to wait.
bool Agent::send_held(AgentSession& one) {
  HeldBlock& block = one.held.front();
  if (block.verdict == Verdict::monitors) {
    if (monitors_.session && monitors_.session != &one) return false;
    if (block.first && !monitors_.session) {
      monitors_ = {&one, ++last_request_, std::nullopt, {}};
      if (services_.device)
        services_.to_device(device::ClientMonitors{monitors_.request_id, 1, {}});
      else
        monitors_.accepted = false;
    }
    if (!monitors_.accepted) return false;
  }
  const bool passes = block.verdict == Verdict::pass ||
                      (block.verdict == Verdict::monitors && !*monitors_.accepted);
  if (passes && writer_ && writer_ != &one) return false;
  const HeldBlock now = std::move(block);
  one.held.pop_front();
  if (passes) {
    write(ChunkReader::client, now.bytes, one.link);
    writer_ = now.last ? nullptr : &one;
    if (now.last && monitors_.session == &one) monitors_ = {};
    return true;
  }
  if (now.verdict == Verdict::monitors) collect_monitors(one, now);
  one.consumed();
  return true;
}

// The guest's driver takes the client's monitors: the agent does not hear of them.
void Agent::collect_monitors(AgentSession& one, const HeldBlock& block) {
  append(monitors_.bytes, block.bytes);
  const auto wrong = [&](Error error) {
    monitors_ = {};
    one.client->agent_failed(std::move(error).within("monitors_config"));
  };
  const auto size = load_little_endian(monitors_.bytes.data() + 16, 4);
  if (size > monitors_config_max)
    return wrong({ErrorCode::out_of_range, 0, "size",
                  fmt::format("{}, at most {}", size, monitors_config_max)});
  if (!block.last) return;
  const SharedBytes whole{std::move(monitors_.bytes)};
  const auto config = wire::decode<agent::MonitorsConfig>(
      whole.slice(agent::header_bytes, whole.size() - agent::header_bytes));
  if (!config) return wrong(config.error());
  device::ClientMonitors message{++last_request_, 0, {}};
  for (const agent::Monitor& monitor : config->monitors)
    if (monitor.width != 0 && monitor.height != 0 && message.monitors.size() < most_client_monitors)
      message.monitors.push_back({static_cast<std::uint32_t>(std::max(monitor.x, 0)),
                                  static_cast<std::uint32_t>(std::max(monitor.y, 0)), monitor.width,
                                  monitor.height});
  services_.to_device(std::move(message));
  monitors_ = {};
}

void Agent::answer(const device::ClientMonitorsAnswer& message) {
  if (monitors_.session && message.request_id == monitors_.request_id)
    monitors_.accepted = message.accepted != 0;
}

void Agent::written(WriteOwner owner) {
  if (owner == server_itself) {
    own_under_way_ = false;
    return;
  }
  for (AgentSession& one : sessions_)
    if (one.link == owner) one.consumed();
}

void Agent::write(std::uint32_t port, BytesView message, WriteOwner owner) {
  Bytes chunk;
  append_little_endian(chunk, port, 4);
  append_little_endian(chunk, message.size(), 4);
  append(chunk, message);
  device_->write(std::move(chunk), owner);
}

// What the server itself has to say, one message at a time.
void Agent::write_own() {
  if (own_under_way_) return;
  const auto say = [this](const auto& message) {
    const Bytes whole = spicebench::agent::bytes_of(wire::AnyMessage::of(message));
    write(ChunkReader::server, whole, server_itself);
    own_under_way_ = true;
  };
  if (std::exchange(client_left_, false)) return say(agent::ClientDisconnected{});
  if (std::exchange(displays_due_, false)) return say(displays_);
  if (mouse_states_.empty()) return;
  say(mouse_states_.front());
  mouse_buttons_told_ = mouse_states_.front().buttons;
  mouse_states_.pop_front();
}

// What the agent says to nobody yet is heard here all the same.
void Agent::learn_capabilities(const SharedBytes& block) {
  constexpr std::size_t caps_at = agent::header_bytes + 4, word = 4;
  const auto size = load_little_endian(block.data() + 16, 4);
  if (size < 4 + word || block.size() < caps_at + word) return;
  const auto caps = load_little_endian(block.data() + caps_at, word);
  wants_displays_ = (caps >> static_cast<unsigned>(agent::Cap::graphics_device_info) & 1) != 0 &&
                    !displays_.displays.empty();
  displays_due_ = wants_displays_;
}

void Agent::set_display_address(const device::DisplayAddress& address) {
  displays_ = {};
  Bytes text(address.address.size() + 1);  // ends in NUL
  std::ranges::copy(address.address.view(), text.begin());
  const SharedBytes shared(std::move(text));
  const std::uint32_t monitors = std::min(address.monitors, most_client_monitors);
  for (std::uint32_t i = 0; i < monitors; ++i)
    displays_.displays.push_back(
        {.monitor_id = i, .device_display_id = i, .device_address = shared});
}

void Agent::mouse_moved(std::uint32_t x, std::uint32_t y, std::uint8_t display,
                        std::uint16_t buttons) {
  mouse_state_ = {x, y, std::uint32_t{buttons} << 1, display};
  add_mouse_state();
}

// A step of the wheel is down in the one message that says it was pressed.
void Agent::mouse_buttons(std::uint16_t buttons, std::uint8_t pressed) {
  namespace inputs = wire::inputs;
  constexpr std::uint32_t wheel = inputs::mask_up | inputs::mask_down;
  std::uint32_t now = buttons & ~wheel;
  if (pressed == inputs::button_up) now |= inputs::mask_up;
  if (pressed == inputs::button_down) now |= inputs::mask_down;
  mouse_state_.buttons = now << 1;
  add_mouse_state();
  mouse_state_.buttons &= ~(wheel << 1);
}

// A position replaces the one before that still waits; what buttons did is kept. DIFFERS: the
// reference keeps the last state alone, and may lose a click.
void Agent::add_mouse_state() {
  const auto buttons_before_last = [this] {
    return mouse_states_.size() > 1 ? mouse_states_[mouse_states_.size() - 2].buttons
                                    : mouse_buttons_told_;
  };
  const bool only_moves = !mouse_states_.empty() &&
                          mouse_states_.back().buttons == mouse_state_.buttons &&
                          buttons_before_last() == mouse_state_.buttons;
  if (only_moves || mouse_states_.size() >= most_mouse_states)
    mouse_states_.back() = mouse_state_;
  else
    mouse_states_.push_back(mouse_state_);
}

}  // namespace spicebench::server
