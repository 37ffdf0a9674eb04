// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>

#include "core/wire/inputs_channel.hpp"
#include "server/agent/agent.hpp"
#include "server/channels/channel.hpp"
#include "server/session/keyboard.hpp"
#include "server/session/mouse_modes.hpp"

namespace spicebench::server {

// Keyboard and pointer of one client: every event goes at once to the device, or, if the guest has
// an agent that moves its pointer, to that.
//
// Source: protocol.md §4.4, §9.5; channels.md §8.
class InputsChannel final : public Channel, private Typist {
 public:
  enum class State : std::uint8_t { up };

  InputsChannel(ChannelLink link, Keyboard& keyboard, const MouseModes& mouse, Agent& agent);
  ~InputsChannel() override;  // lets go of every key that it holds down

  void open() override;
  nlohmann::json describe() const override;
  State state() const { return State::up; }

  // The rows of the table.
  Result<State> key_down(const wire::inputs::KeyDown& message);
  Result<State> key_up(const wire::inputs::KeyUp& message);
  Result<State> key_modifiers(const wire::inputs::KeyModifiers& message);
  Result<State> key_scancode(const wire::inputs::KeyScancode& message);
  Result<State> mouse_motion(const wire::inputs::MouseMotion& message);
  Result<State> mouse_position(const wire::inputs::MousePosition& message);
  Result<State> mouse_press(const wire::inputs::MousePress& message);
  Result<State> mouse_release(const wire::inputs::MouseRelease& message);

 private:
  Result<void> dispatch(const wire::MessageInfo& info, const void* message) override;
  void locks_are(std::uint16_t modifiers) override;
  void type_code(std::uint32_t code);
  void count_motion();
  Result<State> button(std::uint8_t number, std::uint16_t buttons_state, bool pressed);

  Keyboard& keyboard_;
  const MouseModes& mouse_;
  Agent& agent_;
  std::uint32_t unacknowledged_ = 0;  // motions since the last acknowledgement
};

using InputsTable = StateTable<InputsChannel, InputsChannel::State, wire::MessageKey>;
const InputsTable& inputs_table();

}  // namespace spicebench::server
