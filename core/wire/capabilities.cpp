// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/wire/capabilities.hpp"

#include <span>

namespace spicebench::wire {
namespace {

constexpr std::string_view common_bits[] = {"auth_selection", "auth_spice", "auth_sasl",
                                            "mini_header"};
constexpr std::string_view main_bits[] = {"semi_seamless_migrate", "name_and_uuid",
                                          "agent_connected_tokens", "seamless_migrate"};
constexpr std::string_view display_bits[] = {
    "sized_stream",          "monitors_config", "composite",        "a8_surface",
    "stream_report",         "lz4_compression", "pref_compression", "gl_scanout",
    "multi_codec",           "codec_mjpeg",     "codec_vp8",        "codec_h264",
    "pref_video_codec_type", "codec_vp9",       "codec_h265"};
constexpr std::string_view inputs_bits[] = {"key_scancode"};
constexpr std::string_view playback_bits[] = {"celt_0_5_1", "volume", "latency", "opus"};
constexpr std::string_view record_bits[] = {"celt_0_5_1", "volume", "opus"};
constexpr std::string_view spicevmc_bits[] = {"data_compress_lz4"};
constexpr std::string_view agent_bits[] = {"mouse_state",
                                           "monitors_config",
                                           "reply",
                                           "clipboard",
                                           "display_config",
                                           "clipboard_by_demand",
                                           "clipboard_selection",
                                           "sparse_monitors_config",
                                           "guest_lineend_lf",
                                           "guest_lineend_crlf",
                                           "max_clipboard",
                                           "audio_volume_sync",
                                           "monitors_config_position",
                                           "file_xfer_disabled",
                                           "file_xfer_detailed_errors",
                                           "graphics_device_info",
                                           "clipboard_no_release_on_regrab",
                                           "clipboard_grab_serial"};  // §5.6

std::span<const std::string_view> bits_of(ChannelType channel) {
  switch (channel) {
    case ChannelType::common:
      return common_bits;
    case ChannelType::main:
      return main_bits;
    case ChannelType::display:
      return display_bits;
    case ChannelType::inputs:
      return inputs_bits;
    case ChannelType::playback:
      return playback_bits;
    case ChannelType::record:
      return record_bits;
    case ChannelType::usbredir:
    case ChannelType::port:
    case ChannelType::webdav:
      return spicevmc_bits;
    case ChannelType::agent:
      return agent_bits;
    default:
      return {};
  }
}

struct Row {
  MessageKey message;
  std::string_view capability;  // of the message's channel, announced by the receiver
};
constexpr Row to_client(ChannelType channel, std::uint16_t id, std::string_view capability) {
  return {{channel, Side::server, id}, capability};
}
constexpr Row to_server(ChannelType channel, std::uint16_t id, std::string_view capability) {
  return {{channel, Side::client, id}, capability};
}
constexpr Row rows[] = {
    to_client(ChannelType::main, 101, "semi_seamless_migrate"),
    to_client(ChannelType::main, 113, "name_and_uuid"),
    to_client(ChannelType::main, 114, "name_and_uuid"),
    to_client(ChannelType::main, 115, "agent_connected_tokens"),
    to_client(ChannelType::main, 116, "seamless_migrate"),
    to_client(ChannelType::display, 316, "sized_stream"),
    to_client(ChannelType::display, 317, "monitors_config"),
    to_client(ChannelType::display, 318, "composite"),
    to_client(ChannelType::display, 319, "stream_report"),
    to_client(ChannelType::display, 320, "gl_scanout"),
    to_client(ChannelType::display, 321, "gl_scanout"),
    to_server(ChannelType::display, 102, "stream_report"),
    to_server(ChannelType::display, 103, "pref_compression"),
    to_server(ChannelType::display, 105, "pref_video_codec_type"),
    to_server(ChannelType::inputs, 104, "key_scancode"),
    to_client(ChannelType::playback, 105, "volume"),
    to_client(ChannelType::playback, 106, "volume"),
    to_client(ChannelType::playback, 107, "latency"),
    to_client(ChannelType::record, 103, "volume"),
    to_client(ChannelType::record, 104, "volume"),
    to_client(ChannelType::usbredir, 102, "data_compress_lz4"),
    to_server(ChannelType::usbredir, 102, "data_compress_lz4"),
    to_client(ChannelType::port, 102, "data_compress_lz4"),
    to_server(ChannelType::port, 102, "data_compress_lz4"),
    to_client(ChannelType::webdav, 102, "data_compress_lz4"),
    to_server(ChannelType::webdav, 102, "data_compress_lz4"),
    to_server(ChannelType::agent, 1, "mouse_state"),
    to_server(ChannelType::agent, 2, "monitors_config"),
    to_server(ChannelType::agent, 5, "display_config"),
    to_server(ChannelType::agent, 7, "clipboard_by_demand"),
    to_client(ChannelType::agent, 7, "clipboard_by_demand"),
    to_server(ChannelType::agent, 8, "clipboard_by_demand"),
    to_client(ChannelType::agent, 8, "clipboard_by_demand"),
    to_server(ChannelType::agent, 9, "clipboard_by_demand"),
    to_client(ChannelType::agent, 9, "clipboard_by_demand"),
    to_server(ChannelType::agent, 14, "max_clipboard"),
    to_server(ChannelType::agent, 15, "audio_volume_sync"),
    to_server(ChannelType::agent, 16, "graphics_device_info"),
};

}  // namespace

std::string_view capability_name(ChannelType channel, std::uint32_t bit) {
  const auto bits = bits_of(channel);
  return bit < bits.size() ? bits[bit] : std::string_view{};
}

std::optional<NeededCapability> needed_capability(const MessageKey& key) {
  for (const Row& row : rows) {
    if (row.message != key) continue;
    const auto bits = bits_of(key.channel);
    for (std::uint32_t bit = 0; bit < bits.size(); ++bit)
      if (bits[bit] == row.capability)
        return NeededCapability{key.sender == Side::server ? Side::client : Side::server,
                                key.channel, bit};
  }
  return std::nullopt;
}

}  // namespace spicebench::wire
