// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <array>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "server/constants.hpp"

namespace spicebench::server {

// What a server is configured with; with the seed and its inputs, all that decides what it sends.
struct ServerOptions {
  std::string name;  // of the machine, shown by clients; empty: not announced
  std::string uuid;  // "8-4-4-4-12" hexadecimal digits; empty: not announced
  // Absent: ticketing is off (a ticket is read all the same); empty: nobody is admitted.
  std::optional<std::string> password;
  // Seconds on the server's clock after which the password admits nobody; absent: never.
  std::optional<std::uint32_t> password_expires_s;
  // Clients at the same time; one more takes the place of the one that came first.
  std::uint32_t max_clients = 1;
  bool allow_client_mouse = true;  // offer mouse mode CLIENT while the guest has a tablet
  // The guest's agent: what it may exchange with clients, and whether it gets mouse events.
  bool copy_paste = true, file_transfer = true, agent_mouse = true;
  // Bytes in the pings of the network test, in order; empty: no test. At most three.
  std::vector<std::uint32_t> net_test_bytes{net_test_bytes_reference.begin(),
                                            net_test_bytes_reference.end()};
  std::uint32_t ack_window = ack_window_normal;     // messages; display doubles it on a slow link
  std::uint32_t pipe_limit = pipe_limit_reference;  // items; above it the guest has to wait
  // Of images: off, auto_glz, auto_lz, quic, glz, lz or lz4; a client may prefer another.
  std::string compression = "off";
  // GLZ inside zlib: auto (for clients on a slow link), always or never.
  std::string zlib_glz_wan_compression = "auto";
  std::string jpeg_wan_compression = "auto";  // the same, of JPEG instead of QUIC
  // Film in what the guest draws: off, filter (what looks like film) or all (what moves).
  std::string streaming_video = "off";
  // Names in the order of preference, between commas: mjpeg, vp8, h264, vp9.
  std::string video_codecs = "mjpeg,h264,vp8,vp9";
  bool playback_compression = true;  // Opus for clients that take it, if the rate allows
  // Milliseconds of sound that clients are asked to keep at least; 0: they are not asked.
  std::uint32_t playback_latency_ms = 0;
  std::uint32_t ram_hint_mb = 64;  // video memory told to clients, MiB
  std::uint32_t link_timeout_s = link_stage_limit_s, display_init_timeout_s = client_wait_limit_s;
  // Links without authentication, together and from one peer address: one more ends the oldest.
  std::uint32_t half_open_links = most_half_open_links;
  std::uint32_t half_open_links_per_address = most_half_open_links_per_address;
  bool watch_clients = false;  // ping clients that are quiet, and end those that do not move
  // Channels that must, or must not, come over TLS; "default" stands for all that are in no list.
  std::vector<std::string> secure_channels, plain_channels;

  bool operator==(const ServerOptions&) const = default;
};

nlohmann::json to_json(const ServerOptions& options);
// Missing keys keep their defaults.
//   errors  malformed (unknown key, wrong type, not a UUID, unknown compression or channel),
//           out_of_range; the path names the key
Result<ServerOptions> server_options_from_json(const nlohmann::json& json);
// Errors: malformed.
Result<std::array<std::uint8_t, 16>> parse_uuid(const std::string& text);

}  // namespace spicebench::server
