// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/wire/capabilities.hpp"

#include <algorithm>

#include "core/wire/agent.hpp"
#include "core/wire/link.hpp"
#include "core/wire/tables.hpp"

namespace spicebench::wire {
namespace {

using namespace link;

// Names of bits as those of flags: of the first word, there is no second yet.
template <class Cap>
constexpr Name named(Cap cap, std::string_view name) {
  return {std::uint64_t{1} << static_cast<std::uint32_t>(cap), name};
}
constexpr Name common_entries[] = {
    named(CommonCap::auth_selection, "auth_selection"),
    named(CommonCap::auth_spice, "auth_spice"),
    named(CommonCap::auth_sasl, "auth_sasl"),
    named(CommonCap::mini_header, "mini_header"),
};
constexpr Name main_entries[] = {
    named(MainCap::semi_seamless_migrate, "semi_seamless_migrate"),
    named(MainCap::name_and_uuid, "name_and_uuid"),
    named(MainCap::agent_connected_tokens, "agent_connected_tokens"),
    named(MainCap::seamless_migrate, "seamless_migrate"),
};
constexpr Name display_entries[] = {
    named(DisplayCap::sized_stream, "sized_stream"),
    named(DisplayCap::monitors_config, "monitors_config"),
    named(DisplayCap::composite, "composite"),
    named(DisplayCap::a8_surface, "a8_surface"),
    named(DisplayCap::stream_report, "stream_report"),
    named(DisplayCap::lz4_compression, "lz4_compression"),
    named(DisplayCap::pref_compression, "pref_compression"),
    named(DisplayCap::gl_scanout, "gl_scanout"),
    named(DisplayCap::multi_codec, "multi_codec"),
    named(DisplayCap::codec_mjpeg, "codec_mjpeg"),
    named(DisplayCap::codec_vp8, "codec_vp8"),
    named(DisplayCap::codec_h264, "codec_h264"),
    named(DisplayCap::pref_video_codec_type, "pref_video_codec_type"),
    named(DisplayCap::codec_vp9, "codec_vp9"),
    named(DisplayCap::codec_h265, "codec_h265"),
};
constexpr Name inputs_entries[] = {
    named(InputsCap::key_scancode, "key_scancode"),
};
constexpr Name playback_entries[] = {
    named(PlaybackCap::celt_0_5_1, "celt_0_5_1"),
    named(PlaybackCap::volume, "volume"),
    named(PlaybackCap::latency, "latency"),
    named(PlaybackCap::opus, "opus"),
};
constexpr Name record_entries[] = {
    named(RecordCap::celt_0_5_1, "celt_0_5_1"),
    named(RecordCap::volume, "volume"),
    named(RecordCap::opus, "opus"),
};
constexpr Name spicevmc_entries[] = {
    named(SpicevmcCap::data_compress_lz4, "data_compress_lz4"),
};
constexpr Name agent_entries[] = {
    named(agent::Cap::mouse_state, "mouse_state"),
    named(agent::Cap::monitors_config, "monitors_config"),
    named(agent::Cap::reply, "reply"),
    named(agent::Cap::clipboard, "clipboard"),
    named(agent::Cap::display_config, "display_config"),
    named(agent::Cap::clipboard_by_demand, "clipboard_by_demand"),
    named(agent::Cap::clipboard_selection, "clipboard_selection"),
    named(agent::Cap::sparse_monitors_config, "sparse_monitors_config"),
    named(agent::Cap::guest_lineend_lf, "guest_lineend_lf"),
    named(agent::Cap::guest_lineend_crlf, "guest_lineend_crlf"),
    named(agent::Cap::max_clipboard, "max_clipboard"),
    named(agent::Cap::audio_volume_sync, "audio_volume_sync"),
    named(agent::Cap::monitors_config_position, "monitors_config_position"),
    named(agent::Cap::file_xfer_disabled, "file_xfer_disabled"),
    named(agent::Cap::file_xfer_detailed_errors, "file_xfer_detailed_errors"),
    named(agent::Cap::graphics_device_info, "graphics_device_info"),
    named(agent::Cap::clipboard_no_release_on_regrab, "clipboard_no_release_on_regrab"),
    named(agent::Cap::clipboard_grab_serial, "clipboard_grab_serial"),
};
constexpr Names common_names{true, common_entries};
constexpr Names main_names{true, main_entries};
constexpr Names display_names{true, display_entries};
constexpr Names inputs_names{true, inputs_entries};
constexpr Names playback_names{true, playback_entries};
constexpr Names record_names{true, record_entries};
constexpr Names spicevmc_names{true, spicevmc_entries};

const Names* names_of(ChannelType channel) {
  switch (channel) {
    case ChannelType::common:
      return &common_names;
    case ChannelType::main:
      return &main_names;
    case ChannelType::display:
      return &display_names;
    case ChannelType::inputs:
      return &inputs_names;
    case ChannelType::playback:
      return &playback_names;
    case ChannelType::record:
      return &record_names;
    case ChannelType::usbredir:
    case ChannelType::port:
    case ChannelType::webdav:
      return &spicevmc_names;
    case ChannelType::agent:
      return &agent::cap_names;
    default:
      return nullptr;
  }
}

struct Row {
  MessageKey message;
  std::uint32_t bit;  // of the message's channel, set by the receiver
};
template <class Cap>
constexpr Row to_client(ChannelType channel, std::uint16_t id, Cap cap) {
  return {{channel, Side::server, id}, static_cast<std::uint32_t>(cap)};
}
template <class Cap>
constexpr Row to_server(ChannelType channel, std::uint16_t id, Cap cap) {
  return {{channel, Side::client, id}, static_cast<std::uint32_t>(cap)};
}
constexpr Row rows[] = {
    to_client(ChannelType::main, 101, MainCap::semi_seamless_migrate),
    to_client(ChannelType::main, 113, MainCap::name_and_uuid),
    to_client(ChannelType::main, 114, MainCap::name_and_uuid),
    to_client(ChannelType::main, 115, MainCap::agent_connected_tokens),
    to_client(ChannelType::main, 116, MainCap::seamless_migrate),
    to_client(ChannelType::display, 316, DisplayCap::sized_stream),
    to_client(ChannelType::display, 317, DisplayCap::monitors_config),
    to_client(ChannelType::display, 318, DisplayCap::composite),
    to_client(ChannelType::display, 319, DisplayCap::stream_report),
    to_client(ChannelType::display, 320, DisplayCap::gl_scanout),
    to_client(ChannelType::display, 321, DisplayCap::gl_scanout),
    to_server(ChannelType::display, 102, DisplayCap::stream_report),
    to_server(ChannelType::display, 103, DisplayCap::pref_compression),
    to_server(ChannelType::display, 105, DisplayCap::pref_video_codec_type),
    to_server(ChannelType::inputs, 104, InputsCap::key_scancode),
    to_client(ChannelType::playback, 105, PlaybackCap::volume),
    to_client(ChannelType::playback, 106, PlaybackCap::volume),
    to_client(ChannelType::playback, 107, PlaybackCap::latency),
    to_client(ChannelType::record, 103, RecordCap::volume),
    to_client(ChannelType::record, 104, RecordCap::volume),
    to_client(ChannelType::usbredir, 102, SpicevmcCap::data_compress_lz4),
    to_server(ChannelType::usbredir, 102, SpicevmcCap::data_compress_lz4),
    to_client(ChannelType::port, 102, SpicevmcCap::data_compress_lz4),
    to_server(ChannelType::port, 102, SpicevmcCap::data_compress_lz4),
    to_client(ChannelType::webdav, 102, SpicevmcCap::data_compress_lz4),
    to_server(ChannelType::webdav, 102, SpicevmcCap::data_compress_lz4),
    to_server(ChannelType::agent, 1, agent::Cap::mouse_state),
    to_server(ChannelType::agent, 2, agent::Cap::monitors_config),
    to_server(ChannelType::agent, 5, agent::Cap::display_config),
    to_server(ChannelType::agent, 7, agent::Cap::clipboard_by_demand),
    to_client(ChannelType::agent, 7, agent::Cap::clipboard_by_demand),
    to_server(ChannelType::agent, 8, agent::Cap::clipboard_by_demand),
    to_client(ChannelType::agent, 8, agent::Cap::clipboard_by_demand),
    to_server(ChannelType::agent, 9, agent::Cap::clipboard_by_demand),
    to_client(ChannelType::agent, 9, agent::Cap::clipboard_by_demand),
    to_server(ChannelType::agent, 14, agent::Cap::max_clipboard),
    to_server(ChannelType::agent, 15, agent::Cap::audio_volume_sync),
    to_server(ChannelType::agent, 16, agent::Cap::graphics_device_info),
};

}  // namespace

constinit const Names agent::cap_names{true, agent_entries};

std::string_view capability_name(ChannelType channel, std::uint32_t bit) {
  const Names* names = names_of(channel);
  if (!names || bit >= 64) return {};
  const auto found = std::ranges::find(names->entries, std::uint64_t{1} << bit, &Name::value);
  return found == names->entries.end() ? std::string_view{} : found->name;
}

std::optional<NeededCapability> needed_capability(const MessageKey& key) {
  const auto row = std::ranges::find(rows, key, &Row::message);
  if (row == std::end(rows)) return std::nullopt;
  return NeededCapability{key.sender == Side::server ? Side::client : Side::server, key.channel,
                          row->bit};
}

}  // namespace spicebench::wire
