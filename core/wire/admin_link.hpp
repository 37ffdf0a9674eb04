// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>

#include "core/base/shared_bytes.hpp"
#include "core/wire/ids.hpp"

// The admin link: who runs a SPICE server tells it whom to let in, and is told who comes and goes
// (channels.md §2.7, §2.13). The admin is the client end, the server the server end. Each request
// gets one answer, Done or Refused, in order.
namespace spicebench::wire::admin {

// What becomes of clients that are there: they stay; they go; nothing changes if there is one.
enum class Connected : std::uint8_t { keep = 0, disconnect = 1, fail = 2 };

// Admin to server
struct SetPassword {
  static constexpr MessageKey message{ChannelType::admin, Side::client, 1};
  std::uint8_t connected = 0;    // Connected
  std::uint32_t lifetime_s = 0;  // 0: for ever
  std::uint8_t none = 0;         // 1: there is no password, and nobody may log in
  SharedBytes password;          // to the end, text; at most 60 bytes
  bool operator==(const SetPassword&) const = default;
};
// The password, with another end of its life.
struct ExpirePassword {
  static constexpr MessageKey message{ChannelType::admin, Side::client, 2};
  std::uint8_t never = 0;
  std::uint32_t after_s = 0;  // from now; 0: now
  bool operator==(const ExpirePassword&) const = default;
};
// Any ticket passes.
struct SetNoauth {
  static constexpr MessageKey message{ChannelType::admin, Side::client, 3};
  bool operator==(const SetNoauth&) const = default;
};

// Server to admin
struct Done {
  static constexpr MessageKey message{ChannelType::admin, Side::server, 1};
  bool operator==(const Done&) const = default;
};
struct Refused {
  static constexpr MessageKey message{ChannelType::admin, Side::server, 2};
  SharedBytes reason;  // to the end, text
  bool operator==(const Refused&) const = default;
};
// A link, by the server's number of it: accepted; let in as a channel; gone, whatever it was.
struct LinkConnected {
  static constexpr MessageKey message{ChannelType::admin, Side::server, 3};
  std::uint32_t link = 0;
  std::uint8_t tls = 0;
  SharedBytes peer;  // to the end, text; empty: not known
  bool operator==(const LinkConnected&) const = default;
};
struct LinkInitialized {
  static constexpr MessageKey message{ChannelType::admin, Side::server, 4};
  std::uint32_t link = 0, session_id = 0;
  std::uint8_t channel_type = 0, channel_id = 0, tls = 0;
  bool operator==(const LinkInitialized&) const = default;
};
struct LinkDisconnected {
  static constexpr MessageKey message{ChannelType::admin, Side::server, 5};
  std::uint32_t link = 0;
  bool operator==(const LinkDisconnected&) const = default;
};

}  // namespace spicebench::wire::admin
