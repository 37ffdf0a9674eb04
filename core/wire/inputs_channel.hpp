// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "core/base/shared_bytes.hpp"
#include "core/wire/ids.hpp"

// The inputs channel (protocol.md §4.4).
namespace spicebench::wire::inputs {

enum KeyboardModifiers : std::uint16_t { scroll_lock = 1, num_lock = 2, caps_lock = 4 };
enum Button : std::uint8_t {
  button_left = 1,
  button_middle,
  button_right,
  button_up,
  button_down,
  button_side,
  button_extra
};
enum ButtonMask : std::uint16_t {
  mask_left = 1,
  mask_middle = 2,
  mask_right = 4,
  mask_up = 8,
  mask_down = 16,
  mask_side = 32,
  mask_extra = 64
};

// Server to client
struct Init {
  static constexpr MessageKey message{ChannelType::inputs, Side::server, 101};
  std::uint16_t keyboard_modifiers = 0;
  bool operator==(const Init&) const = default;
};
struct KeyModifiersChanged {
  static constexpr MessageKey message{ChannelType::inputs, Side::server, 102};
  std::uint16_t modifiers = 0;
  bool operator==(const KeyModifiersChanged&) const = default;
};
struct MouseMotionAck {
  static constexpr MessageKey message{ChannelType::inputs, Side::server, 111};
  bool operator==(const MouseMotionAck&) const = default;
};

// Client to server
struct KeyDown {
  static constexpr MessageKey message{ChannelType::inputs, Side::client, 101};
  std::uint32_t code = 0;  // up to four set-1 scancode bytes, first one lowest
  bool operator==(const KeyDown&) const = default;
};
struct KeyUp {
  static constexpr MessageKey message{ChannelType::inputs, Side::client, 102};
  std::uint32_t code = 0;
  bool operator==(const KeyUp&) const = default;
};
struct KeyModifiers {
  static constexpr MessageKey message{ChannelType::inputs, Side::client, 103};
  std::uint16_t modifiers = 0;
  bool operator==(const KeyModifiers&) const = default;
};
struct KeyScancode {
  static constexpr MessageKey message{ChannelType::inputs, Side::client, 104};
  SharedBytes data;  // to the end, at most 2048
  bool operator==(const KeyScancode&) const = default;
};
struct MouseMotion {
  static constexpr MessageKey message{ChannelType::inputs, Side::client, 111};
  std::int32_t dx = 0, dy = 0;
  std::uint16_t buttons_state = 0;
  bool operator==(const MouseMotion&) const = default;
};
struct MousePosition {
  static constexpr MessageKey message{ChannelType::inputs, Side::client, 112};
  std::uint32_t x = 0, y = 0;
  std::uint16_t buttons_state = 0;
  std::uint8_t display_id = 0;
  bool operator==(const MousePosition&) const = default;
};
struct MousePress {
  static constexpr MessageKey message{ChannelType::inputs, Side::client, 113};
  std::uint8_t button = 0;
  std::uint16_t buttons_state = 0;
  bool operator==(const MousePress&) const = default;
};
struct MouseRelease {
  static constexpr MessageKey message{ChannelType::inputs, Side::client, 114};
  std::uint8_t button = 0;
  std::uint16_t buttons_state = 0;
  bool operator==(const MouseRelease&) const = default;
};

}  // namespace spicebench::wire::inputs
