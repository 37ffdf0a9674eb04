// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <optional>
#include <set>

#include "client/channel.hpp"
#include "client/connection.hpp"
#include "core/wire/inputs_channel.hpp"
#include "core/wire/user_link.hpp"

namespace spicebench::client {

// The inputs channel (protocol.md §4.4, channels.md §8): what the user does, on its way to the
// guest.
enum class InputsState : std::uint8_t { up };
class Inputs final : public TableChannel<Inputs, InputsState> {
 public:
  explicit Inputs(Connection& connection) : connection_(connection) {}
  static const Table& table();
  void user_event(const wire::AnyMessage& event);

  // Motions without acknowledgement; at most_outstanding the next are held back and merged.
  static constexpr std::uint32_t most_outstanding = 8, motions_per_ack = 4;

  Result<InputsState> init(const wire::inputs::Init& message);
  Result<InputsState> key_modifiers(const wire::inputs::KeyModifiersChanged& message);
  Result<InputsState> motion_ack(const wire::inputs::MouseMotionAck& message);

 private:
  void key(std::uint32_t code, bool down);
  void pointer_to(std::uint32_t x, std::uint32_t y, std::uint8_t display_id);
  void pointer_by(std::int32_t dx, std::int32_t dy);
  void button(std::uint8_t number, bool down);
  void send_motion();  // what is held back, now
  void move_held();    // what is held back, if the window allows
  void sync_locks();

  struct Position {
    std::uint32_t x = 0, y = 0;
    std::uint8_t display_id = 0;
  };
  Connection& connection_;
  std::uint32_t outstanding_ = 0;
  std::uint16_t buttons_ = 0;                // wire::inputs::ButtonMask
  Position pointer_;                         // where the user's pointer is
  std::optional<Position> held_position_;    // client mouse mode
  std::int64_t held_dx_ = 0, held_dy_ = 0;   // server mouse mode
  std::set<std::uint32_t> held_keys_;        // make codes
  std::uint16_t guest_locks_ = 0;            // wire::inputs::KeyboardModifiers
  std::optional<std::uint16_t> user_locks_;  // unknown until the user tells
};

}  // namespace spicebench::client
