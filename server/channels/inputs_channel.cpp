// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/channels/inputs_channel.hpp"

#include <fmt/format.h>

namespace spicebench::server {

using namespace wire::inputs;
using State = InputsChannel::State;

namespace {

constexpr InputsTable::Row rows[] = {
    common_row<InputsChannel, &Channel::ack_sync>(State::up),
    common_row<InputsChannel, &Channel::ack>(State::up),
    common_row<InputsChannel, &Channel::pong>(State::up),
    common_row<InputsChannel, &Channel::disconnecting>(State::up),
    state_row<&InputsChannel::key_down>(State::up, State::up),
    state_row<&InputsChannel::key_up>(State::up, State::up),
    state_row<&InputsChannel::key_modifiers>(State::up, State::up),
    state_row<&InputsChannel::key_scancode>(State::up, State::up),
    state_row<&InputsChannel::mouse_motion>(State::up, State::up),
    state_row<&InputsChannel::mouse_position>(State::up, State::up),
    state_row<&InputsChannel::mouse_press>(State::up, State::up),
    state_row<&InputsChannel::mouse_release>(State::up, State::up),
};
constexpr std::string_view state_names[] = {"up"};
constexpr InputsTable table("inputs", state_names, rows);

constexpr std::uint16_t known_buttons = mask_left | mask_middle | mask_right | mask_up | mask_down |
                                        mask_side | mask_extra;  // other bits mean nothing

}  // namespace

const InputsTable& inputs_table() {
  return table;
}

InputsChannel::InputsChannel(ChannelLink link, Keyboard& keyboard, const MouseModes& mouse,
                             Agent& agent)
    : Channel(wire::ChannelType::inputs, std::move(link)),
      keyboard_(keyboard),
      mouse_(mouse),
      agent_(agent) {
  keyboard_.attach(*this);
}

InputsChannel::~InputsChannel() {
  keyboard_.detach(*this);
}

void InputsChannel::open() {
  outbox().send(Init{keyboard_.locks()});
}

Result<void> InputsChannel::dispatch(const wire::MessageInfo& info, const void* message) {
  CHECKED(table.dispatch(*this, State::up, info.key, message, info.name));
  return {};
}

void InputsChannel::locks_are(std::uint16_t modifiers) {
  outbox().send(KeyModifiersChanged{modifiers});
}

// Up to four scancode bytes, the first one lowest, ended by a zero byte.
void InputsChannel::type_code(std::uint32_t code) {
  Bytes bytes;
  for (; code != 0 && (code & 0xff) != 0; code >>= 8)
    bytes.push_back(static_cast<std::byte>(code & 0xff));
  ++services().counters.keys;
  keyboard_.type(*this, bytes);
}

Result<State> InputsChannel::key_down(const KeyDown& message) {
  type_code(message.code);
  return State::up;
}

// The break bit is part of the code.
Result<State> InputsChannel::key_up(const KeyUp& message) {
  type_code(message.code);
  return State::up;
}

Result<State> InputsChannel::key_modifiers(const KeyModifiers& message) {
  keyboard_.want_locks(message.modifiers);
  return State::up;
}

Result<State> InputsChannel::key_scancode(const KeyScancode& message) {
  ++services().counters.keys;
  keyboard_.type(*this, message.data);
  return State::up;
}

// In the wrong mode a movement has no effect, but it counts.
Result<State> InputsChannel::mouse_motion(const MouseMotion& message) {
  if (!mouse_.client_mode())
    services().to_device(wire::device::MouseMotion{
        .dx = message.dx,
        .dy = message.dy,
        .buttons_state = static_cast<std::uint16_t>(message.buttons_state & known_buttons)});
  count_motion();
  return State::up;
}

Result<State> InputsChannel::mouse_position(const MousePosition& message) {
  if (mouse_.client_mode() && agent_.takes_mouse())
    agent_.mouse_moved(message.x, message.y, message.display_id,
                       static_cast<std::uint16_t>(message.buttons_state & known_buttons));
  else if (mouse_.client_mode())
    services().to_device(wire::device::MousePosition{
        .x = message.x,
        .y = message.y,
        .buttons_state = static_cast<std::uint16_t>(message.buttons_state & known_buttons),
        .display_id = message.display_id});
  count_motion();
  return State::up;
}

void InputsChannel::count_motion() {
  ServerCounters& counters = services().counters;
  ++counters.motions;
  if (++unacknowledged_ < motions_per_ack) return;
  unacknowledged_ = 0;
  ++counters.motion_acks;
  outbox().send(MouseMotionAck{});
}

Result<State> InputsChannel::mouse_press(const MousePress& message) {
  return button(message.button, message.buttons_state, true);
}

Result<State> InputsChannel::mouse_release(const MouseRelease& message) {
  return button(message.button, message.buttons_state, false);
}

// A wheel step happens at the press of its button.
Result<State> InputsChannel::button(std::uint8_t number, std::uint16_t buttons_state,
                                    bool pressed) {
  if (number < button_left || number > button_extra)
    return fail(ErrorCode::out_of_range, fmt::format("button {}, allowed 1 to 7", number), 0,
                "button");
  ++services().counters.buttons;
  if (mouse_.client_mode() && agent_.takes_mouse()) {
    agent_.mouse_buttons(static_cast<std::uint16_t>(buttons_state & known_buttons),
                         pressed ? number : std::uint8_t{0});
    return State::up;
  }
  const std::int32_t step = number == button_up ? -1 : number == button_down ? 1 : 0;
  services().to_device(wire::device::MouseButtons{
      .dz = pressed ? step : 0,
      .buttons_state = static_cast<std::uint16_t>(buttons_state & known_buttons)});
  return State::up;
}

nlohmann::json InputsChannel::describe() const {
  nlohmann::json json = describe_outbox();
  json["state"] = table.name_of(State::up);
  json["unacknowledged_motions"] = unacknowledged_;
  return json;
}

}  // namespace spicebench::server
