// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "client/sound/sound_options.hpp"
#include "core/base/result.hpp"

namespace spicebench::client {

struct ClientOptions {
  std::string server = "spice";     // the address that its channels connect to
  std::string password;             // at most 60 bytes
  std::uint32_t connect_at_ms = 0;  // after the start of the world
  // Announced in the link messages.
  bool mini_header = true;
  bool auth_selection = true;
  bool name_and_uuid = true;           // main
  bool agent_connected_tokens = true;  // main
  bool monitors_config = true;         // display
  bool a8_surface = true;              // display
  bool lz4_compression = true;         // display
  bool sized_stream = true;            // display
  bool stream_report = true;           // display
  // Video codecs (wire::display::VideoCodec) that it can decode; empty: says nothing of them.
  std::vector<std::uint8_t> video_codecs{1, 2, 3, 4};
  // DISPLAY_INIT; the sizes count pixels.
  std::uint8_t pixmap_cache_id = 1, glz_dictionary_id = 1;
  std::int64_t pixmap_cache_size = 80 * 1024 * 1024 / 4;
  std::int32_t glz_window_size = 0;  // 0: half of the server's RAM hint, 12 to 64 MiB, as pixels
  // PREFERRED_COMPRESSION, where the server takes it (protocol.md §4.2.9); 0: not sent.
  std::uint8_t preferred_compression = 0;
  // PREFERRED_VIDEO_CODEC_TYPE, the most preferred first; empty: not sent.
  std::vector<std::uint8_t> preferred_video_codecs;
  bool prefer_client_mouse = true;         // ask for client mouse mode wherever it is supported
  bool share_clipboard = true;             // with the guest's agent
  std::int64_t max_clipboard = 100 << 20;  // bytes of a text that are sent or taken; -1: no limit
  bool sync_modifiers = true;              // bring the guest's lock keys to the user's state
  SoundOptions sound;

  bool operator==(const ClientOptions&) const = default;
};

// As stored in recordings. Reading takes missing keys as the defaults.
//   errors  malformed (no object, unknown key, wrong type), out_of_range
nlohmann::json to_json(const ClientOptions& options);
Result<ClientOptions> client_options_from_json(const nlohmann::json& json);

}  // namespace spicebench::client
