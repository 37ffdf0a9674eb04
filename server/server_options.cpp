// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/server_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/auth/ticket.hpp"
#include "core/base/json_fields.hpp"
#include "core/wire/display_channel.hpp"
#include "server/session/transport_policy.hpp"
#include "server/video/stream_agents.hpp"

namespace spicebench::server {

using nlohmann::json;

json to_json(const ServerOptions& options) {
  json object{{"name", options.name},
              {"uuid", options.uuid},
              {"max_clients", options.max_clients},
              {"allow_client_mouse", options.allow_client_mouse},
              {"copy_paste", options.copy_paste},
              {"file_transfer", options.file_transfer},
              {"agent_mouse", options.agent_mouse},
              {"net_test_bytes", options.net_test_bytes},
              {"ack_window", options.ack_window},
              {"pipe_limit", options.pipe_limit},
              {"compression", options.compression},
              {"zlib_glz_wan_compression", options.zlib_glz_wan_compression},
              {"streaming_video", options.streaming_video},
              {"video_codecs", options.video_codecs},
              {"jpeg_wan_compression", options.jpeg_wan_compression},
              {"ram_hint_mb", options.ram_hint_mb},
              {"link_timeout_s", options.link_timeout_s},
              {"display_init_timeout_s", options.display_init_timeout_s},
              {"half_open_links", options.half_open_links},
              {"half_open_links_per_address", options.half_open_links_per_address},
              {"watch_clients", options.watch_clients},
              {"secure_channels", options.secure_channels},
              {"plain_channels", options.plain_channels}};
  // What hardly anybody changes is said only if it is.
  const ServerOptions usual;
  if (options.playback_compression != usual.playback_compression)
    object["playback_compression"] = options.playback_compression;
  if (options.playback_latency_ms != usual.playback_latency_ms)
    object["playback_latency_ms"] = options.playback_latency_ms;
  if (options.password) object["password"] = *options.password;
  if (options.password_expires_s) object["password_expires_s"] = *options.password_expires_s;
  return object;
}

namespace {

void read_net_test(JsonFields& fields, std::vector<std::uint32_t>& sizes) {
  const json* list = fields.take("net_test_bytes");
  if (!list) return;
  const auto wrong = [&](ErrorCode code, std::string detail) {
    fields.set_error({code, 0, "net_test_bytes", std::move(detail)});
  };
  if (!list->is_array() || list->size() > net_test_bytes_reference.size())
    return wrong(ErrorCode::malformed, "at most three sizes are wanted, this is " + list->dump());
  sizes.clear();
  for (const json& size : *list) {
    if (!size.is_number_unsigned())
      return wrong(ErrorCode::malformed, "a whole number is wanted, this is " + size.dump());
    if (size.get<std::uint64_t>() > net_test_bytes_max)
      return wrong(ErrorCode::out_of_range,
                   fmt::format("{}, at most {}", size.dump(), net_test_bytes_max));
    sizes.push_back(size.get<std::uint32_t>());
  }
}

void read_names(JsonFields& fields, const char* key, std::vector<std::string>& names) {
  const json* list = fields.take(key);
  if (!list) return;
  if (!list->is_array() || !std::ranges::all_of(*list, &json::is_string))
    return fields.set_error(
        {ErrorCode::malformed, 0, key, "a list of names is wanted, this is " + list->dump()});
  names = list->get<std::vector<std::string>>();
}

}  // namespace

Result<ServerOptions> server_options_from_json(const json& object) {
  ServerOptions options;
  JsonFields fields(object);
  fields.read("name", options.name);
  fields.read("uuid", options.uuid);
  if (std::string password; fields.take("password")) {
    fields.read("password", password);
    options.password = password;
  }
  if (std::uint32_t expires = 0; fields.take("password_expires_s")) {
    fields.read("password_expires_s", expires);
    options.password_expires_s = expires;
  }
  fields.read("max_clients", options.max_clients, 1u, most_clients);
  fields.read("allow_client_mouse", options.allow_client_mouse);
  fields.read("copy_paste", options.copy_paste);
  fields.read("file_transfer", options.file_transfer);
  fields.read("agent_mouse", options.agent_mouse);
  read_net_test(fields, options.net_test_bytes);
  fields.read("ack_window", options.ack_window, 0u, ack_window_max);
  fields.read("pipe_limit", options.pipe_limit, 1u);
  fields.read("compression", options.compression);
  fields.read("zlib_glz_wan_compression", options.zlib_glz_wan_compression);
  fields.read("jpeg_wan_compression", options.jpeg_wan_compression);
  fields.read("streaming_video", options.streaming_video);
  fields.read("video_codecs", options.video_codecs);
  fields.read("playback_compression", options.playback_compression);
  fields.read("playback_latency_ms", options.playback_latency_ms, 0u, playback_latency_max_ms);
  fields.read("ram_hint_mb", options.ram_hint_mb, 0u, 4095u);
  fields.read("link_timeout_s", options.link_timeout_s, 1u);
  fields.read("display_init_timeout_s", options.display_init_timeout_s, 1u);
  fields.read("half_open_links", options.half_open_links, 1u, most_half_open_links_settable);
  fields.read("half_open_links_per_address", options.half_open_links_per_address, 1u,
              most_half_open_links_settable);
  fields.read("watch_clients", options.watch_clients);
  read_names(fields, "secure_channels", options.secure_channels);
  read_names(fields, "plain_channels", options.plain_channels);
  if (auto policy = TransportPolicy::of(options.secure_channels, options.plain_channels); !policy)
    fields.set_error(std::move(policy.error()));
  if (!wire::display::image_compression_named(options.compression))
    fields.set_error({ErrorCode::malformed, 0, "compression",
                      fmt::format("\"{}\", known are off, auto_glz, auto_lz, quic, glz, lz and lz4",
                                  options.compression)});
  for (const auto& [key, when] :
       {std::pair{"zlib_glz_wan_compression", &options.zlib_glz_wan_compression},
        std::pair{"jpeg_wan_compression", &options.jpeg_wan_compression}})
    if (*when != "auto" && *when != "always" && *when != "never")
      fields.set_error({ErrorCode::malformed, 0, key,
                        fmt::format("\"{}\", known are auto, always and never", *when)});
  if (!is_streaming_mode(options.streaming_video))
    fields.set_error(
        {ErrorCode::malformed, 0, "streaming_video",
         fmt::format("\"{}\", known are off, filter and all", options.streaming_video)});
  if (auto codecs = video_codecs_from(options.video_codecs); !codecs)
    fields.set_error(std::move(codecs.error()).within("video_codecs"));
  if (options.password && options.password->size() > auth::longest_password)
    fields.set_error(
        {ErrorCode::out_of_range, 0, "password",
         fmt::format("{} bytes, at most {}", options.password->size(), auth::longest_password)});
  if (!options.uuid.empty())
    if (auto uuid = parse_uuid(options.uuid); !uuid)
      fields.set_error(std::move(uuid.error()).within("uuid"));
  CHECKED(fields.finish());
  return options;
}

Result<std::array<std::uint8_t, 16>> parse_uuid(const std::string& text) {
  constexpr std::string_view shape = "00000000-0000-0000-0000-000000000000";
  const auto wrong = [&] {
    return fail(ErrorCode::malformed, fmt::format("\"{}\", wanted is {}", text, shape));
  };
  if (text.size() != shape.size()) return wrong();
  std::array<std::uint8_t, 16> uuid{};
  std::size_t digits = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (shape[i] == '-') {
      if (c != '-') return wrong();
      continue;
    }
    int digit = 0;
    if (c >= '0' && c <= '9')
      digit = c - '0';
    else if (c >= 'a' && c <= 'f')
      digit = c - 'a' + 10;
    else if (c >= 'A' && c <= 'F')
      digit = c - 'A' + 10;
    else
      return wrong();
    auto& byte = uuid[digits++ / 2];
    byte = static_cast<std::uint8_t>(byte << 4 | digit);
  }
  return uuid;
}

}  // namespace spicebench::server
