// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "core/base/shared_bytes.hpp"
#include "core/wire/ids.hpp"

// The user link: what a user (script, window, test) does to a SPICE client, and what it is told.
// The user is the client end, the SPICE client the server end.
namespace spicebench::wire::user {

// User to client
struct KeyDown {
  static constexpr MessageKey message{ChannelType::user, Side::client, 1};
  std::uint32_t code = 0;  // set-1 scancode as in inputs::KeyDown
  bool operator==(const KeyDown&) const = default;
};
struct KeyUp {
  static constexpr MessageKey message{ChannelType::user, Side::client, 2};
  std::uint32_t code = 0;
  bool operator==(const KeyUp&) const = default;
};
// Absolute position on a display; the client turns it into motion in server mouse mode.
struct PointerTo {
  static constexpr MessageKey message{ChannelType::user, Side::client, 3};
  std::uint32_t x = 0, y = 0;
  std::uint8_t display_id = 0;
  bool operator==(const PointerTo&) const = default;
};
struct PointerBy {
  static constexpr MessageKey message{ChannelType::user, Side::client, 4};
  std::int32_t dx = 0, dy = 0;
  bool operator==(const PointerBy&) const = default;
};
struct ButtonDown {
  static constexpr MessageKey message{ChannelType::user, Side::client, 5};
  std::uint8_t button = 0;  // inputs::Button
  bool operator==(const ButtonDown&) const = default;
};
struct ButtonUp {
  static constexpr MessageKey message{ChannelType::user, Side::client, 6};
  std::uint8_t button = 0;
  bool operator==(const ButtonUp&) const = default;
};
// The user's lock keys, as on focus.
struct Locks {
  static constexpr MessageKey message{ChannelType::user, Side::client, 7};
  std::uint16_t modifiers = 0;  // inputs::KeyboardModifiers
  bool operator==(const Locks&) const = default;
};
struct Disconnect {
  static constexpr MessageKey message{ChannelType::user, Side::client, 8};
  bool operator==(const Disconnect&) const = default;
};

// Client to user
struct ChannelUp {
  static constexpr MessageKey message{ChannelType::user, Side::server, 1};
  std::uint8_t channel_type = 0, channel_id = 0;
  bool operator==(const ChannelUp&) const = default;
};
// The primary surface may be shown (MARK).
struct ScreenReady {
  static constexpr MessageKey message{ChannelType::user, Side::server, 2};
  std::uint32_t width = 0, height = 0;
  bool operator==(const ScreenReady&) const = default;
};
struct MouseModeIs {
  static constexpr MessageKey message{ChannelType::user, Side::server, 3};
  std::uint32_t mode = 0;
  bool operator==(const MouseModeIs&) const = default;
};
struct Disconnected {
  static constexpr MessageKey message{ChannelType::user, Side::server, 4};
  std::uint32_t link_error = 0;
  SharedBytes reason;  // to the end, text
  bool operator==(const Disconnected&) const = default;
};

}  // namespace spicebench::wire::user
