// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/wire/agent.hpp"

#include <algorithm>

#include "core/wire/describe.hpp"
#include "core/wire/inputs_channel.hpp"
#include "core/wire/tables.hpp"

namespace spicebench::wire {
namespace agent {
namespace {

constexpr std::int64_t most_monitors = 256, most_types = 256, most_address_bytes = 256;

constexpr Condition both(Cap cap) {
  return both_agents(static_cast<std::uint32_t>(cap));
}

constexpr Name type_entries[] = {
    {1, "mouse_state"},
    {2, "monitors_config"},
    {3, "reply"},
    {4, "clipboard"},
    {5, "display_config"},
    {6, "announce_capabilities"},
    {7, "clipboard_grab"},
    {8, "clipboard_request"},
    {9, "clipboard_release"},
    {10, "file_xfer_start"},
    {11, "file_xfer_status"},
    {12, "file_xfer_data"},
    {13, "client_disconnected"},
    {14, "max_clipboard"},
    {15, "audio_volume_sync"},
    {16, "graphics_device_info"},
};
constexpr Names type_names{false, type_entries};
constexpr Name selection_entries[] = {{0, "clipboard"}, {1, "primary"}, {2, "secondary"}};
constexpr Names selection_names{false, selection_entries};
constexpr Name clipboard_entries[] = {
    {clipboard_none, "none"},
    {clipboard_utf8_text, "utf8_text"},
    {clipboard_image_png, "image_png"},
    {clipboard_image_bmp, "image_bmp"},
    {clipboard_image_tiff, "image_tiff"},
    {clipboard_image_jpg, "image_jpg"},
    {clipboard_file_list, "file_list"},
};
constexpr Names clipboard_names{false, clipboard_entries};
constexpr Name result_entries[] = {
    {xfer_can_send_data, "can_send_data"},
    {xfer_cancelled, "cancelled"},
    {xfer_error, "error"},
    {xfer_success, "success"},
    {xfer_not_enough_space, "not_enough_space"},
    {xfer_session_locked, "session_locked"},
    {xfer_vdagent_not_connected, "vdagent_not_connected"},
    {xfer_disabled, "disabled"},
};
constexpr Names result_names{false, result_entries};
constexpr Name reply_entries[] = {{1, "success"}, {2, "error"}};
constexpr Names reply_names{false, reply_entries};
constexpr Name display_flag_entries[] = {{1, "disable_wallpaper"},
                                         {2, "disable_font_smooth"},
                                         {4, "disable_animation"},
                                         {8, "set_color_depth"}};
constexpr Names display_flag_names{true, display_flag_entries};
constexpr Name monitors_flag_entries[] = {{monitors_use_pos, "use_pos"},
                                          {monitors_physical_size, "physical_size"}};
constexpr Names monitors_flag_names{true, monitors_flag_entries};
constexpr Name button_entries[] = {
    {inputs::mask_left << 1, "left"},   {inputs::mask_middle << 1, "middle"},
    {inputs::mask_right << 1, "right"}, {inputs::mask_up << 1, "up"},
    {inputs::mask_down << 1, "down"},   {inputs::mask_side << 1, "side"},
    {inputs::mask_extra << 1, "extra"}};
constexpr Names button_names{true, button_entries};

bool ends_in_nul(BytesView text) {
  return !text.empty() && text.back() == std::byte{0};
}

// 8 bytes and 24 for each of the most monitors.
constexpr std::uint32_t most_monitors_config_bytes = 8 + 24 * most_monitors;
std::string bound_header(const Scope& scope) {
  const auto& header = scope.as<Header>();
  return header.type == MonitorsConfig::message.id && header.size > most_monitors_config_bytes
             ? "size of monitors_config is above 6152"
             : "";
}
void settle_header(void* object, const Scope*, Choices&) {
  auto& header = *static_cast<Header*>(object);
  if (header.type == MonitorsConfig::message.id)
    header.size = std::min(header.size, most_monitors_config_bytes);
}
constexpr Field header_fields[] = {
    scalar(MEMBER(Header, protocol)).limited(agent::protocol, agent::protocol),
    scalar(MEMBER(Header, type)).named(type_names),
    scalar(MEMBER(Header, opaque)),
    scalar(MEMBER(Header, size)).limited(0, most_message_bytes),
};
constexpr Field selection_fields[] = {
    scalar(MEMBER(Selection, selection)).named(selection_names),
    array(MEMBER(Selection, reserved)),
};
constexpr Layout selection_layout = describes<Selection>("selection", selection_fields);
template <class T>
constexpr Field selection =
    structure(MEMBER(T, selection), selection_layout).when(both(Cap::clipboard_selection));

// To the agent
constexpr Field mouse_state_fields[] = {
    scalar(MEMBER(MouseState, x)),
    scalar(MEMBER(MouseState, y)),
    scalar(MEMBER(MouseState, buttons)).named(button_names),
    scalar(MEMBER(MouseState, display_id)),
};
constexpr Layout mouse_state_layout = describes<MouseState>("mouse_state", mouse_state_fields);

constexpr Field monitor_fields[] = {
    scalar(MEMBER(Monitor, height)), scalar(MEMBER(Monitor, width)), scalar(MEMBER(Monitor, depth)),
    scalar(MEMBER(Monitor, x)),      scalar(MEMBER(Monitor, y)),
};
constexpr Layout monitor_layout = describes<Monitor>("monitor", monitor_fields);
constexpr Field physical_size_fields[] = {
    scalar(MEMBER(PhysicalSize, height)),
    scalar(MEMBER(PhysicalSize, width)),
};
constexpr Layout physical_size_layout =
    describes<PhysicalSize>("physical_size", physical_size_fields);
std::string check_monitors_config(const Scope& scope) {
  const auto& config = scope.as<MonitorsConfig>();
  const bool sizes = (config.flags & monitors_physical_size) != 0;
  return sizes && config.physical_sizes.size() != config.monitors.size()
             ? "as many physical sizes as monitors are needed"
             : "";
}
void settle_monitors_config(void* object, const Scope*, Choices&) {
  auto& config = *static_cast<MonitorsConfig*>(object);
  if ((config.flags & monitors_physical_size) != 0)
    config.physical_sizes.resize(config.monitors.size());
}
constexpr Field monitors_config_fields[] = {
    count("num_of_monitors", 4, 0).limited(0, most_monitors),
    scalar(MEMBER(MonitorsConfig, flags)).named(monitors_flag_names),
    list(MEMBER(MonitorsConfig, monitors), monitor_layout).counted(0),
    list(MEMBER(MonitorsConfig, physical_sizes), physical_size_layout)
        .counted(0)
        .when(has_bits(MEMBER(MonitorsConfig, flags), monitors_physical_size)),
};
constexpr Layout monitors_config_layout =
    describes<MonitorsConfig>("monitors_config", monitors_config_fields,
                              {.check = check_monitors_config,
                               .settle = settle_monitors_config,
                               .says = "as many physical sizes as monitors"});

constexpr Field display_config_fields[] = {
    scalar(MEMBER(DisplayConfig, flags)).named(display_flag_names),
    scalar(MEMBER(DisplayConfig, depth)),
};
constexpr Layout display_config_layout =
    describes<DisplayConfig>("display_config", display_config_fields);

std::string check_file_xfer_start(const Scope& scope) {
  return ends_in_nul(scope.as<FileXferStart>().data) ? "" : "data does not end in NUL";
}
constexpr Field file_xfer_start_fields[] = {
    scalar(MEMBER(FileXferStart, id)),
    bytes(MEMBER(FileXferStart, data)).to_end().limited(1, INT64_MAX, Enforced::validate).text(),
};
constexpr Layout file_xfer_start_layout =
    describes<FileXferStart>("file_xfer_start", file_xfer_start_fields,
                             {.check = check_file_xfer_start, .says = "data ends in NUL"});

constexpr Field file_xfer_data_fields[] = {
    scalar(MEMBER(FileXferData, id)),
    count("size", 8, 0),
    bytes(MEMBER(FileXferData, data)).counted(0),
};
constexpr Layout file_xfer_data_layout =
    describes<FileXferData>("file_xfer_data", file_xfer_data_fields);

constexpr Layout client_disconnected_layout =
    describes<ClientDisconnected>("client_disconnected", {});

constexpr Field max_clipboard_fields[] = {
    scalar(MEMBER(MaxClipboard, max)).limited(-1, INT32_MAX, Enforced::validate),
};
constexpr Layout max_clipboard_layout =
    describes<MaxClipboard>("max_clipboard", max_clipboard_fields);

constexpr Field audio_volume_sync_fields[] = {
    scalar(MEMBER(AudioVolumeSync, is_playback)),
    scalar(MEMBER(AudioVolumeSync, mute)),
    count("nchannels", 1, 0),
    list(MEMBER(AudioVolumeSync, volume)).counted(0),
};
constexpr Layout audio_volume_sync_layout =
    describes<AudioVolumeSync>("audio_volume_sync", audio_volume_sync_fields);

std::string check_device_display_info(const Scope& scope) {
  return ends_in_nul(scope.as<DeviceDisplayInfo>().device_address)
             ? ""
             : "device_address does not end in NUL";
}
constexpr Field device_display_info_fields[] = {
    scalar(MEMBER(DeviceDisplayInfo, channel_id)),
    scalar(MEMBER(DeviceDisplayInfo, monitor_id)),
    scalar(MEMBER(DeviceDisplayInfo, device_display_id)),
    count("device_address_len", 4, 0).limited(1, most_address_bytes),
    bytes(MEMBER(DeviceDisplayInfo, device_address)).counted(0).text(),
};
constexpr Layout device_display_info_layout = describes<DeviceDisplayInfo>(
    "device_display_info", device_display_info_fields,
    {.check = check_device_display_info, .says = "device_address ends in NUL"});
constexpr Field graphics_device_info_fields[] = {
    count("count", 4, 0),
    list(MEMBER(GraphicsDeviceInfo, displays), device_display_info_layout).counted(0),
};
constexpr Layout graphics_device_info_layout =
    describes<GraphicsDeviceInfo>("graphics_device_info", graphics_device_info_fields);

// From the agent
constexpr Field reply_fields[] = {
    scalar(MEMBER(Reply, type)).named(type_names),
    scalar(MEMBER(Reply, error)).named(reply_names),
};
constexpr Layout reply_layout = describes<Reply>("reply", reply_fields);

// Both ways
template <class T>
constexpr Field clipboard_fields[] = {
    selection<T>,
    scalar(MEMBER(T, type)).named(clipboard_names),
    bytes(MEMBER(T, data)).to_end().text().when(is(MEMBER(T, type), clipboard_utf8_text)),
    bytes(MEMBER(T, data)).to_end().unless(is(MEMBER(T, type), clipboard_utf8_text)),
};
template <class T>
constexpr Layout clipboard_layout = describes<T>("clipboard", clipboard_fields<T>);

template <class T>
constexpr Field announce_fields[] = {
    scalar(MEMBER(T, request)),
    list(MEMBER(T, caps)).to_end().named(cap_names).limited(1, INT64_MAX, Enforced::validate),
};
template <class T>
constexpr Layout announce_layout = describes<T>("announce_capabilities", announce_fields<T>);

template <class T>
constexpr Field grab_fields[] = {
    selection<T>,
    scalar(MEMBER(T, serial)).when(both(Cap::clipboard_grab_serial)),
    list(MEMBER(T, types)).to_end().named(clipboard_names).limited(0, most_types),
};
template <class T>
constexpr Layout grab_layout = describes<T>("clipboard_grab", grab_fields<T>);

template <class T>
constexpr Field request_fields[] = {
    selection<T>,
    scalar(MEMBER(T, type)).named(clipboard_names),
};
template <class T>
constexpr Layout request_layout = describes<T>("clipboard_request", request_fields<T>);

template <class T>
constexpr Field release_fields[] = {selection<T>};
template <class T>
constexpr Layout release_layout = describes<T>("clipboard_release", release_fields<T>);

constexpr Field io_error_fields[] = {
    scalar(MEMBER(FileXferIoError, error_type)),
    scalar(MEMBER(FileXferIoError, error_code)),
};
constexpr Layout io_error_layout = describes<FileXferIoError>("io_error", io_error_fields);
constexpr Field error_detail_fields[] = {
    list(MEMBER(FileXferErrorDetail, error), io_error_layout).to_end().limited(0, 1),
};
constexpr Layout error_detail_layout =
    describes<FileXferErrorDetail>("error_detail", error_detail_fields);
constexpr Field space_detail_fields[] = {
    list(MEMBER(FileXferSpaceDetail, disk_free_space)).to_end().limited(0, 1),
};
constexpr Layout space_detail_layout =
    describes<FileXferSpaceDetail>("space_detail", space_detail_fields);
constexpr Field other_detail_fields[] = {bytes(MEMBER(FileXferOtherDetail, data)).to_end()};
constexpr Layout other_detail_layout =
    describes<FileXferOtherDetail>("other_detail", other_detail_fields);
constexpr Case detail_cases[] = {
    {.value = xfer_error, .alternative = 1, .layout = &error_detail_layout},
    {.value = xfer_not_enough_space, .alternative = 2, .layout = &space_detail_layout},
    {.mask = 0, .alternative = 3, .layout = &other_detail_layout},
};
template <class T>
constexpr Field status_fields[] = {
    scalar(MEMBER(T, id)),
    scalar(MEMBER(T, result)).named(result_names),
    choice(MEMBER(T, detail), MEMBER(T, result), detail_cases),
};
template <class T>
constexpr Layout status_layout = describes<T>("file_xfer_status", status_fields<T>);

constexpr Side to_agent = Side::client, from_agent = Side::server;
constexpr MessageInfo rows[] = {
    row<MouseState>(mouse_state_layout),
    row<MonitorsConfig>(monitors_config_layout),
    row<Reply>(reply_layout),
    row<Clipboard<to_agent>>(clipboard_layout<Clipboard<to_agent>>),
    row<Clipboard<from_agent>>(clipboard_layout<Clipboard<from_agent>>),
    row<DisplayConfig>(display_config_layout),
    row<AnnounceCapabilities<to_agent>>(announce_layout<AnnounceCapabilities<to_agent>>),
    row<AnnounceCapabilities<from_agent>>(announce_layout<AnnounceCapabilities<from_agent>>),
    row<ClipboardGrab<to_agent>>(grab_layout<ClipboardGrab<to_agent>>),
    row<ClipboardGrab<from_agent>>(grab_layout<ClipboardGrab<from_agent>>),
    row<ClipboardRequest<to_agent>>(request_layout<ClipboardRequest<to_agent>>),
    row<ClipboardRequest<from_agent>>(request_layout<ClipboardRequest<from_agent>>),
    row<ClipboardRelease<to_agent>>(release_layout<ClipboardRelease<to_agent>>),
    row<ClipboardRelease<from_agent>>(release_layout<ClipboardRelease<from_agent>>),
    row<FileXferStart>(file_xfer_start_layout),
    row<FileXferStatus<to_agent>>(status_layout<FileXferStatus<to_agent>>),
    row<FileXferStatus<from_agent>>(status_layout<FileXferStatus<from_agent>>),
    row<FileXferData>(file_xfer_data_layout),
    row<ClientDisconnected>(client_disconnected_layout),
    row<MaxClipboard>(max_clipboard_layout),
    row<AudioVolumeSync>(audio_volume_sync_layout),
    row<GraphicsDeviceInfo>(graphics_device_info_layout),
};

}  // namespace

constexpr Layout header_layout =
    describes<Header>("agent_header", header_fields,
                      {.settle = settle_header,
                       .bound = bound_header,
                       .bound_says = "size at most 6152 of monitors_config"});

}  // namespace agent

std::span<const MessageInfo> agent_messages() {
  return agent::rows;
}

}  // namespace spicebench::wire
