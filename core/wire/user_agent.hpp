// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>

#include "core/base/shared_bytes.hpp"
#include "core/wire/ids.hpp"

// The user link where the guest's agent and its ports are concerned: clipboard, files, windows.
namespace spicebench::wire::user {

// User to client
// The user copied a text: the guest may have it.
struct CopyText {
  static constexpr MessageKey message{ChannelType::user, Side::client, 40};
  SharedBytes text;  // to the end, UTF-8
  bool operator==(const CopyText&) const = default;
};
// What the user copied is gone.
struct ReleaseText {
  static constexpr MessageKey message{ChannelType::user, Side::client, 41};
  bool operator==(const ReleaseText&) const = default;
};
// The user wants what the guest copied; answered by Pasted.
struct PasteText {
  static constexpr MessageKey message{ChannelType::user, Side::client, 42};
  bool operator==(const PasteText&) const = default;
};
// A file for the guest; answered by FileSent.
struct SendFile {
  static constexpr MessageKey message{ChannelType::user, Side::client, 43};
  SharedBytes name;  // u32 count
  SharedBytes data;  // to the end
  bool operator==(const SendFile&) const = default;
};
// The user stops the transfer of that file.
struct CancelFile {
  static constexpr MessageKey message{ChannelType::user, Side::client, 44};
  std::uint32_t id = 0;  // files are counted from 1
  bool operator==(const CancelFile&) const = default;
};
// The window of a display has another size: the guest should have it too. 0 × 0: it is closed.
struct Resize {
  static constexpr MessageKey message{ChannelType::user, Side::client, 45};
  std::uint32_t display_id = 0, width = 0, height = 0;
  bool operator==(const Resize&) const = default;
};
// Bytes for a port channel.
struct PortWrite {
  static constexpr MessageKey message{ChannelType::user, Side::client, 46};
  std::uint8_t channel_id = 0;
  SharedBytes data;  // to the end
  bool operator==(const PortWrite&) const = default;
};

// Client to user
struct AgentIs {
  static constexpr MessageKey message{ChannelType::user, Side::server, 40};
  std::uint8_t connected = 0;
  bool operator==(const AgentIs&) const = default;
};
// The guest copied something, or no longer has it.
struct GuestOffers {
  static constexpr MessageKey message{ChannelType::user, Side::server, 41};
  std::uint8_t text = 0;  // 1: a text may be pasted
  bool operator==(const GuestOffers&) const = default;
};
struct Pasted {
  static constexpr MessageKey message{ChannelType::user, Side::server, 42};
  std::uint8_t given = 0;  // 0: the guest had nothing
  SharedBytes text;        // to the end
  bool operator==(const Pasted&) const = default;
};
struct FileSent {
  static constexpr MessageKey message{ChannelType::user, Side::server, 43};
  std::uint32_t id = 0;
  std::uint32_t result = 0;  // agent::FileXferResult
  bool operator==(const FileSent&) const = default;
};
struct PortIs {
  static constexpr MessageKey message{ChannelType::user, Side::server, 44};
  std::uint8_t channel_id = 0, opened = 0;
  SharedBytes name;  // to the end
  bool operator==(const PortIs&) const = default;
};
struct PortRead {
  static constexpr MessageKey message{ChannelType::user, Side::server, 45};
  std::uint8_t channel_id = 0;
  SharedBytes data;  // to the end
  bool operator==(const PortRead&) const = default;
};

}  // namespace spicebench::wire::user
