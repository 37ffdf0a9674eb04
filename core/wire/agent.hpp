// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <array>
#include <cstdint>
#include <variant>
#include <vector>

#include "core/base/shared_bytes.hpp"
#include "core/wire/ids.hpp"

// The protocol of the guest agent (protocol.md §5), which main carries in AGENT_DATA. Side::client
// is what goes to the agent, from the client or from the server itself; Side::server what comes
// from it. A number means the same in both directions.
namespace spicebench::wire::agent {

constexpr std::uint32_t protocol = 1;
constexpr std::size_t header_bytes = 20, most_chunk_bytes = 2048;
constexpr std::uint32_t most_message_bytes = 100 << 20;

// Stands before every message. The size is that of the message's own bytes.
struct Header {
  std::uint32_t protocol = agent::protocol, type = 0;
  std::uint64_t opaque = 0;  // 0; kept when relayed
  std::uint32_t size = 0;
  bool operator==(const Header&) const = default;
};

enum class Cap : std::uint32_t {
  mouse_state = 0,
  monitors_config = 1,
  reply = 2,
  clipboard = 3,
  display_config = 4,
  clipboard_by_demand = 5,
  clipboard_selection = 6,
  sparse_monitors_config = 7,
  guest_lineend_lf = 8,
  guest_lineend_crlf = 9,
  max_clipboard = 10,
  audio_volume_sync = 11,
  monitors_config_position = 12,
  file_xfer_disabled = 13,
  file_xfer_detailed_errors = 14,
  graphics_device_info = 15,
  clipboard_no_release_on_regrab = 16,
  clipboard_grab_serial = 17,
};
enum ClipboardType : std::uint32_t {
  clipboard_none = 0,
  clipboard_utf8_text = 1,
  clipboard_image_png = 2,
  clipboard_image_bmp = 3,
  clipboard_image_tiff = 4,
  clipboard_image_jpg = 5,
  clipboard_file_list = 6,  // "copy" or "cut", then absolute paths, each ends in NUL
};
enum FileXferResult : std::uint32_t {
  xfer_can_send_data = 0,
  xfer_cancelled = 1,
  xfer_error = 2,
  xfer_success = 3,
  xfer_not_enough_space = 4,
  xfer_session_locked = 5,
  xfer_vdagent_not_connected = 6,
  xfer_disabled = 7,
};

// First in every message of the clipboard, if both ends have Cap::clipboard_selection.
struct Selection {
  std::uint8_t selection = 0;  // 0 clipboard, 1 primary, 2 secondary
  std::array<std::uint8_t, 3> reserved{};
  bool operator==(const Selection&) const = default;
};

// To the agent
struct MouseState {
  static constexpr MessageKey message{ChannelType::agent, Side::client, 1};
  std::uint32_t x = 0, y = 0, buttons = 0;  // buttons: those of the inputs channel, one bit higher
  std::uint8_t display_id = 0;
  bool operator==(const MouseState&) const = default;
};
struct Monitor {
  std::uint32_t height = 0, width = 0, depth = 0;  // height first; 0 × 0: off
  std::int32_t x = 0, y = 0;                       // valid with flag use_pos
  bool operator==(const Monitor&) const = default;
};
struct PhysicalSize {
  std::uint16_t height = 0, width = 0;  // mm
  bool operator==(const PhysicalSize&) const = default;
};
enum MonitorsFlags : std::uint32_t { monitors_use_pos = 1, monitors_physical_size = 2 };
struct MonitorsConfig {
  static constexpr MessageKey message{ChannelType::agent, Side::client, 2};
  std::uint32_t flags = 0;
  std::vector<Monitor> monitors;             // u32 num_of_monitors before the flags; at most 256
  std::vector<PhysicalSize> physical_sizes;  // as many, if flag physical_size is set
  bool operator==(const MonitorsConfig&) const = default;
};
struct DisplayConfig {
  static constexpr MessageKey message{ChannelType::agent, Side::client, 5};
  std::uint32_t flags = 0, depth = 0;
  bool operator==(const DisplayConfig&) const = default;
};
struct FileXferStart {
  static constexpr MessageKey message{ChannelType::agent, Side::client, 10};
  std::uint32_t id = 0;
  SharedBytes data;  // to the end: a key file with name and size, ends in NUL
  bool operator==(const FileXferStart&) const = default;
};
struct FileXferData {
  static constexpr MessageKey message{ChannelType::agent, Side::client, 12};
  std::uint32_t id = 0;
  SharedBytes data;  // u64 size
  bool operator==(const FileXferData&) const = default;
};
struct ClientDisconnected {
  static constexpr MessageKey message{ChannelType::agent, Side::client, 13};
  bool operator==(const ClientDisconnected&) const = default;
};
struct MaxClipboard {
  static constexpr MessageKey message{ChannelType::agent, Side::client, 14};
  std::int32_t max = -1;  // bytes; -1: no limit
  bool operator==(const MaxClipboard&) const = default;
};
struct AudioVolumeSync {
  static constexpr MessageKey message{ChannelType::agent, Side::client, 15};
  std::uint8_t is_playback = 0, mute = 0;
  std::vector<std::uint16_t> volume;  // u8 nchannels
  bool operator==(const AudioVolumeSync&) const = default;
};
struct DeviceDisplayInfo {
  std::uint32_t channel_id = 0, monitor_id = 0, device_display_id = 0;
  SharedBytes device_address;  // u32 length, ends in NUL: "pci/0000/02.0"
  bool operator==(const DeviceDisplayInfo&) const = default;
};
struct GraphicsDeviceInfo {
  static constexpr MessageKey message{ChannelType::agent, Side::client, 16};
  std::vector<DeviceDisplayInfo> displays;  // u32 count
  bool operator==(const GraphicsDeviceInfo&) const = default;
};

// From the agent
struct Reply {
  static constexpr MessageKey message{ChannelType::agent, Side::server, 3};
  std::uint32_t type = 0;   // of what is replied to
  std::uint32_t error = 1;  // 1 success, 2 error
  bool operator==(const Reply&) const = default;
};

// Both ways
template <Side sender>
struct Clipboard {
  static constexpr MessageKey message{ChannelType::agent, sender, 4};
  Selection selection;
  std::uint32_t type = 0;  // ClipboardType; none and no data: refused
  SharedBytes data;        // to the end
  bool operator==(const Clipboard&) const = default;
};
template <Side sender>
struct AnnounceCapabilities {
  static constexpr MessageKey message{ChannelType::agent, sender, 6};
  std::uint32_t request = 0;        // not 0: announce yours
  std::vector<std::uint32_t> caps;  // words, to the end; bits are Cap
  bool operator==(const AnnounceCapabilities&) const = default;
};
template <Side sender>
struct ClipboardGrab {
  static constexpr MessageKey message{ChannelType::agent, sender, 7};
  Selection selection;
  std::uint32_t serial = 0;          // there if both ends have Cap::clipboard_grab_serial
  std::vector<std::uint32_t> types;  // ClipboardType, to the end; at most 256
  bool operator==(const ClipboardGrab&) const = default;
};
template <Side sender>
struct ClipboardRequest {
  static constexpr MessageKey message{ChannelType::agent, sender, 8};
  Selection selection;
  std::uint32_t type = 0;
  bool operator==(const ClipboardRequest&) const = default;
};
template <Side sender>
struct ClipboardRelease {
  static constexpr MessageKey message{ChannelType::agent, sender, 9};
  Selection selection;
  bool operator==(const ClipboardRelease&) const = default;
};
// What may follow a result, if both ends have Cap::file_xfer_detailed_errors.
struct FileXferIoError {
  std::uint8_t error_type = 0;  // 0: GLib I/O error
  std::uint32_t error_code = 0;
  bool operator==(const FileXferIoError&) const = default;
};
struct FileXferErrorDetail {
  std::vector<FileXferIoError> error;  // to the end; one or none
  bool operator==(const FileXferErrorDetail&) const = default;
};
struct FileXferSpaceDetail {
  std::vector<std::uint64_t> disk_free_space;  // to the end; one or none
  bool operator==(const FileXferSpaceDetail&) const = default;
};
struct FileXferOtherDetail {
  SharedBytes data;  // to the end; nothing today
  bool operator==(const FileXferOtherDetail&) const = default;
};
template <Side sender>
struct FileXferStatus {
  static constexpr MessageKey message{ChannelType::agent, sender, 11};
  std::uint32_t id = 0, result = 0;  // FileXferResult: says which detail is set
  std::variant<std::monostate, FileXferErrorDetail, FileXferSpaceDetail, FileXferOtherDetail>
      detail = FileXferOtherDetail{};
  bool operator==(const FileXferStatus&) const = default;
};

}  // namespace spicebench::wire::agent
