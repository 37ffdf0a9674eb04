// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>

#include "core/base/side.hpp"

namespace spicebench::wire {

// Channel types of the protocol (protocol.md §0.3), and what else has messages in the catalogue:
// the protocols that lie inside the messages of a channel (inner.hpp) and the stage before the
// first message (link.hpp), which are no channels on the wire, and the internal links,
// which are recorded like channels but never leave the process.
enum class ChannelType : std::uint8_t {
  common = 0,  // messages that every channel has
  main = 1,
  display = 2,
  inputs = 3,
  cursor = 4,
  playback = 5,
  record = 6,
  tunnel = 7,  // obsolete: number reserved, no messages
  smartcard = 8,
  usbredir = 9,
  port = 10,
  webdav = 11,
  link = 0xe0,        // link stage of every connection; numbers of our own
  agent = 0xe1,       // inside main: guest agent
  webdav_mux = 0xe2,  // inside webdav: HTTP connections side by side
  usb = 0xe3,         // inside usbredir: USB redirection packets
  device = 0xf0,      // internal: QXL device (client end) and server
  user = 0xf1,        // internal: user (client end) and SPICE client
  admin = 0xf2,       // internal: who runs a SPICE server (client end) and that
};

// What a message is known by on its wire. Every message struct carries its own as `message`.
struct MessageKey {
  ChannelType channel{};
  Side sender{};
  std::uint16_t id{};
  auto operator<=>(const MessageKey&) const = default;
};

// Link error and result codes (protocol.md §1.4); also reasons of DISCONNECTING.
enum class LinkError : std::uint32_t {
  ok = 0,
  error = 1,
  invalid_magic = 2,
  invalid_data = 3,
  version_mismatch = 4,
  need_secured = 5,
  need_unsecured = 6,
  permission_denied = 7,
  bad_connection_id = 8,
  channel_not_available = 9,
};

}  // namespace spicebench::wire
