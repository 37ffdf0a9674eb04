// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "core/base/shared_bytes.hpp"
#include "core/wire/ids.hpp"

// The main channel (protocol.md §4.1).
namespace spicebench::wire::main_channel {

struct ChannelId {
  std::uint8_t type = 0, id = 0;
  bool operator==(const ChannelId&) const = default;
};
enum MouseMode : std::uint32_t { mouse_mode_server = 1, mouse_mode_client = 2 };
// Where a migration goes: part of three messages.
struct Destination {
  std::uint16_t port = 0, sport = 0;        // plain and TLS; 0 or 65535: none
  std::optional<SharedBytes> host;          // NUL-terminated; u32 host_size, pointer
  std::optional<SharedBytes> cert_subject;  // NUL-terminated; u32 cert_subject_size, pointer
  bool operator==(const Destination&) const = default;
};

// Server to client
struct MigrateBegin {
  static constexpr MessageKey message{ChannelType::main, Side::server, 101};
  Destination destination;  // host must be present
  bool operator==(const MigrateBegin&) const = default;
};
struct MigrateCancel {
  static constexpr MessageKey message{ChannelType::main, Side::server, 102};
  bool operator==(const MigrateCancel&) const = default;
};
struct Init {
  static constexpr MessageKey message{ChannelType::main, Side::server, 103};
  std::uint32_t session_id = 0, display_channels_hint = 0, supported_mouse_modes = 0,
                current_mouse_mode = 0, agent_connected = 0, agent_tokens = 0, multi_media_time = 0,
                ram_hint = 0;
  bool operator==(const Init&) const = default;
};
struct ChannelsList {
  static constexpr MessageKey message{ChannelType::main, Side::server, 104};
  std::vector<ChannelId> channels;  // u32 count, at most 256
  bool operator==(const ChannelsList&) const = default;
};
struct MouseModeChanged {
  static constexpr MessageKey message{ChannelType::main, Side::server, 105};
  std::uint16_t supported_modes = 0, current_mode = 0;  // u16 here, u32 in Init
  bool operator==(const MouseModeChanged&) const = default;
};
struct MultiMediaTime {
  static constexpr MessageKey message{ChannelType::main, Side::server, 106};
  std::uint32_t time = 0;  // ms
  bool operator==(const MultiMediaTime&) const = default;
};
struct AgentConnected {
  static constexpr MessageKey message{ChannelType::main, Side::server, 107};
  bool operator==(const AgentConnected&) const = default;
};
struct AgentDisconnected {
  static constexpr MessageKey message{ChannelType::main, Side::server, 108};
  std::uint32_t error_code = 0;  // LinkError
  bool operator==(const AgentDisconnected&) const = default;
};
struct AgentDataToClient {
  static constexpr MessageKey message{ChannelType::main, Side::server, 109};
  SharedBytes data;  // to the end, at most 2048
  bool operator==(const AgentDataToClient&) const = default;
};
struct AgentTokenToClient {
  static constexpr MessageKey message{ChannelType::main, Side::server, 110};
  std::uint32_t num_tokens = 0;
  bool operator==(const AgentTokenToClient&) const = default;
};
struct MigrateSwitchHost {
  static constexpr MessageKey message{ChannelType::main, Side::server, 111};
  Destination destination;  // host may be absent
  bool operator==(const MigrateSwitchHost&) const = default;
};
struct MigrateEnd {
  static constexpr MessageKey message{ChannelType::main, Side::server, 112};
  bool operator==(const MigrateEnd&) const = default;
};
struct Name {
  static constexpr MessageKey message{ChannelType::main, Side::server, 113};
  SharedBytes name;  // u32 name_len, counts a trailing NUL
  bool operator==(const Name&) const = default;
};
struct Uuid {
  static constexpr MessageKey message{ChannelType::main, Side::server, 114};
  std::array<std::uint8_t, 16> uuid{};
  bool operator==(const Uuid&) const = default;
};
struct AgentConnectedTokens {
  static constexpr MessageKey message{ChannelType::main, Side::server, 115};
  std::uint32_t num_tokens = 0;
  bool operator==(const AgentConnectedTokens&) const = default;
};
struct MigrateBeginSeamless {
  static constexpr MessageKey message{ChannelType::main, Side::server, 116};
  Destination destination;  // host must be present
  std::uint32_t src_mig_version = 0;
  bool operator==(const MigrateBeginSeamless&) const = default;
};
struct MigrateDstSeamlessAck {
  static constexpr MessageKey message{ChannelType::main, Side::server, 117};
  bool operator==(const MigrateDstSeamlessAck&) const = default;
};
struct MigrateDstSeamlessNack {
  static constexpr MessageKey message{ChannelType::main, Side::server, 118};
  bool operator==(const MigrateDstSeamlessNack&) const = default;
};

// Client to server
// Obsolete; spice-server disconnects on it.
struct ClientInfo {
  static constexpr MessageKey message{ChannelType::main, Side::client, 101};
  std::uint64_t cache_size = 0;
  bool operator==(const ClientInfo&) const = default;
};
struct MigrateConnected {
  static constexpr MessageKey message{ChannelType::main, Side::client, 102};
  bool operator==(const MigrateConnected&) const = default;
};
struct MigrateConnectError {
  static constexpr MessageKey message{ChannelType::main, Side::client, 103};
  bool operator==(const MigrateConnectError&) const = default;
};
struct AttachChannels {
  static constexpr MessageKey message{ChannelType::main, Side::client, 104};
  bool operator==(const AttachChannels&) const = default;
};
struct MouseModeRequest {
  static constexpr MessageKey message{ChannelType::main, Side::client, 105};
  std::uint16_t mode = 0;
  bool operator==(const MouseModeRequest&) const = default;
};
struct AgentStart {
  static constexpr MessageKey message{ChannelType::main, Side::client, 106};
  std::uint32_t num_tokens = 0;
  bool operator==(const AgentStart&) const = default;
};
struct AgentDataToServer {
  static constexpr MessageKey message{ChannelType::main, Side::client, 107};
  SharedBytes data;  // to the end, at most 2048
  bool operator==(const AgentDataToServer&) const = default;
};
struct AgentTokenToServer {
  static constexpr MessageKey message{ChannelType::main, Side::client, 108};
  std::uint32_t num_tokens = 0;
  bool operator==(const AgentTokenToServer&) const = default;
};
struct ClientMigrateEnd {
  static constexpr MessageKey message{ChannelType::main, Side::client, 109};
  bool operator==(const ClientMigrateEnd&) const = default;
};
struct MigrateDstDoSeamless {
  static constexpr MessageKey message{ChannelType::main, Side::client, 110};
  std::uint32_t src_version = 0;
  bool operator==(const MigrateDstDoSeamless&) const = default;
};
struct MigrateConnectedSeamless {
  static constexpr MessageKey message{ChannelType::main, Side::client, 111};
  bool operator==(const MigrateConnectedSeamless&) const = default;
};
// Reserved; spice-server disconnects on it.
struct QualityIndicator {
  static constexpr MessageKey message{ChannelType::main, Side::client, 112};
  SharedBytes data;  // to the end
  bool operator==(const QualityIndicator&) const = default;
};

}  // namespace spicebench::wire::main_channel
