// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/options.hpp"

#include "core/auth/ticket.hpp"
#include "core/base/json_fields.hpp"
#include "core/video/video_decoder.hpp"

namespace spicebench::client {

nlohmann::json to_json(const ClientOptions& options) {
  nlohmann::json json{{"password", options.password},
                      {"mini_header", options.mini_header},
                      {"auth_selection", options.auth_selection},
                      {"name_and_uuid", options.name_and_uuid},
                      {"agent_connected_tokens", options.agent_connected_tokens},
                      {"monitors_config", options.monitors_config},
                      {"server", options.server},
                      {"connect_at_ms", options.connect_at_ms},
                      {"a8_surface", options.a8_surface},
                      {"lz4_compression", options.lz4_compression},
                      {"sized_stream", options.sized_stream},
                      {"stream_report", options.stream_report},
                      {"video_codecs", options.video_codecs},
                      {"preferred_video_codecs", options.preferred_video_codecs},
                      {"pixmap_cache_id", options.pixmap_cache_id},
                      {"glz_dictionary_id", options.glz_dictionary_id},
                      {"pixmap_cache_size", options.pixmap_cache_size},
                      {"glz_window_size", options.glz_window_size},
                      {"preferred_compression", options.preferred_compression},
                      {"prefer_client_mouse", options.prefer_client_mouse},
                      {"share_clipboard", options.share_clipboard},
                      {"max_clipboard", options.max_clipboard},
                      {"sync_modifiers", options.sync_modifiers}};
  // What hardly anybody changes is said only if it is.
  if (options.sound != SoundOptions{}) json["sound"] = to_json(options.sound);
  return json;
}

namespace {

// Names or, as recordings have them, numbers.
void read_codecs(JsonFields& fields, std::string_view key, std::vector<std::uint8_t>& codecs) {
  constexpr std::uint8_t last = static_cast<std::uint8_t>(wire::display::VideoCodec::h265);
  const nlohmann::json* list = fields.take(key);
  if (!list) return;
  codecs.clear();
  const auto wrong = [&](std::string found) {
    fields.set_error(
        {ErrorCode::malformed, 0, std::string(key),
         "a list of mjpeg, vp8, h264, vp9 and h265 is wanted, this has " + std::move(found)});
  };
  if (!list->is_array()) return wrong(list->dump());
  for (const nlohmann::json& item : *list) {
    std::uint8_t codec = 0;
    for (std::uint8_t n = 1; n <= last; ++n)
      if (item == n || item == std::string(video::codec_name(n))) codec = n;
    if (codec == 0) return wrong(item.dump());
    codecs.push_back(codec);
  }
}

}  // namespace

Result<ClientOptions> client_options_from_json(const nlohmann::json& json) {
  ClientOptions options;
  JsonFields fields(json);
  fields.read("password", options.password);
  fields.read("mini_header", options.mini_header);
  fields.read("auth_selection", options.auth_selection);
  fields.read("name_and_uuid", options.name_and_uuid);
  fields.read("agent_connected_tokens", options.agent_connected_tokens);
  fields.read("monitors_config", options.monitors_config);
  fields.read("server", options.server);
  fields.read("connect_at_ms", options.connect_at_ms);
  fields.read("a8_surface", options.a8_surface);
  fields.read("lz4_compression", options.lz4_compression);
  fields.read("sized_stream", options.sized_stream);
  fields.read("stream_report", options.stream_report);
  read_codecs(fields, "video_codecs", options.video_codecs);
  read_codecs(fields, "preferred_video_codecs", options.preferred_video_codecs);
  fields.read("pixmap_cache_id", options.pixmap_cache_id);
  fields.read("glz_dictionary_id", options.glz_dictionary_id);
  // Bounds of protocol.md §10.6.
  fields.read("pixmap_cache_size", options.pixmap_cache_size, std::int64_t{0},
              std::int64_t{1} << 40);
  fields.read("glz_window_size", options.glz_window_size, 0, 1 << 25);
  fields.read("preferred_compression", options.preferred_compression, std::uint8_t{0},
              std::uint8_t{7});
  fields.read("prefer_client_mouse", options.prefer_client_mouse);
  fields.read("share_clipboard", options.share_clipboard);
  fields.read<std::int64_t>("max_clipboard", options.max_clipboard, -1, 100 << 20);
  fields.read("sync_modifiers", options.sync_modifiers);
  if (const nlohmann::json* sound = fields.take("sound")) {
    auto read = sound_options_from_json(*sound);
    if (!read) return std::unexpected(std::move(read).error().within("sound"));
    options.sound = *std::move(read);
  }
  CHECKED(fields.finish());
  if (options.password.size() > auth::longest_password)
    return fail(ErrorCode::out_of_range, "more than 60 bytes", 0, "password");
  return options;
}

}  // namespace spicebench::client
