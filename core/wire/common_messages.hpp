// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "core/base/shared_bytes.hpp"
#include "core/wire/ids.hpp"

// Messages that every channel has (protocol.md §3). `u32` in a comment names the wire type where
// the member's own type does not.
namespace spicebench::wire::common {

struct ChannelWait {
  std::uint8_t channel_type = 0, channel_id = 0;
  std::uint64_t message_serial = 0;
  bool operator==(const ChannelWait&) const = default;
};

// Server to client
struct Migrate {
  static constexpr MessageKey message{ChannelType::common, Side::server, 1};
  std::uint32_t flags = 0;  // 1 need_flush, 2 need_data_transfer
  bool operator==(const Migrate&) const = default;
};
struct MigrateData {
  static constexpr MessageKey message{ChannelType::common, Side::server, 2};
  SharedBytes data;  // to the end
  bool operator==(const MigrateData&) const = default;
};
struct SetAck {
  static constexpr MessageKey message{ChannelType::common, Side::server, 3};
  std::uint32_t generation = 0, window = 0;
  bool operator==(const SetAck&) const = default;
};
struct Ping {
  static constexpr MessageKey message{ChannelType::common, Side::server, 4};
  std::uint32_t id = 0;
  std::uint64_t timestamp = 0;
  SharedBytes data;  // to the end
  bool operator==(const Ping&) const = default;
};
struct WaitForChannels {
  static constexpr MessageKey message{ChannelType::common, Side::server, 5};
  std::vector<ChannelWait> wait_list;  // u8 count
  bool operator==(const WaitForChannels&) const = default;
};
struct Disconnecting {
  static constexpr MessageKey message{ChannelType::common, Side::server, 6};
  std::uint64_t time_stamp = 0;
  std::uint32_t reason = 0;  // LinkError
  bool operator==(const Disconnecting&) const = default;
};
struct Notify {
  static constexpr MessageKey message{ChannelType::common, Side::server, 7};
  std::uint64_t time_stamp = 0;
  std::uint32_t severity = 0, visibility = 0, what = 0;
  SharedBytes message_text;  // u32 message_len
  SharedBytes terminator;    // to the end: spice-server appends a NUL that it does not count
  bool operator==(const Notify&) const = default;
};
// With the mini header a list of sub-messages is a message of its own; it is split by
// split_sub_messages (sub_message.hpp), which clamps what spice-server overstates (§2.3).
struct List {
  static constexpr MessageKey message{ChannelType::common, Side::server, 8};
  SharedBytes data;  // SubMessageList and sub-messages, to the end
  bool operator==(const List&) const = default;
};
// A mark of the number space; never sent.
struct BaseLast {
  static constexpr MessageKey message{ChannelType::common, Side::server, 100};
  bool operator==(const BaseLast&) const = default;
};

// Client to server
struct AckSync {
  static constexpr MessageKey message{ChannelType::common, Side::client, 1};
  std::uint32_t generation = 0;
  bool operator==(const AckSync&) const = default;
};
struct Ack {
  static constexpr MessageKey message{ChannelType::common, Side::client, 2};
  bool operator==(const Ack&) const = default;
};
struct Pong {
  static constexpr MessageKey message{ChannelType::common, Side::client, 3};
  std::uint32_t id = 0;
  std::uint64_t timestamp = 0;
  bool operator==(const Pong&) const = default;
};
struct MigrateFlushMark {
  static constexpr MessageKey message{ChannelType::common, Side::client, 4};
  bool operator==(const MigrateFlushMark&) const = default;
};
struct ClientMigrateData {
  static constexpr MessageKey message{ChannelType::common, Side::client, 5};
  SharedBytes data;  // to the end
  bool operator==(const ClientMigrateData&) const = default;
};
struct ClientDisconnecting {
  static constexpr MessageKey message{ChannelType::common, Side::client, 6};
  std::uint64_t time_stamp = 0;
  std::uint32_t reason = 0;  // LinkError
  bool operator==(const ClientDisconnecting&) const = default;
};

}  // namespace spicebench::wire::common
