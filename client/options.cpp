// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/options.hpp"

#include "core/auth/ticket.hpp"
#include "core/base/json_fields.hpp"

namespace spicebench::client {

nlohmann::json to_json(const ClientOptions& options) {
  return {{"password", options.password},
          {"mini_header", options.mini_header},
          {"auth_selection", options.auth_selection},
          {"name_and_uuid", options.name_and_uuid},
          {"agent_connected_tokens", options.agent_connected_tokens},
          {"monitors_config", options.monitors_config},
          {"server", options.server},
          {"connect_at_ms", options.connect_at_ms},
          {"a8_surface", options.a8_surface},
          {"lz4_compression", options.lz4_compression},
          {"pixmap_cache_id", options.pixmap_cache_id},
          {"glz_dictionary_id", options.glz_dictionary_id},
          {"pixmap_cache_size", options.pixmap_cache_size},
          {"glz_window_size", options.glz_window_size},
          {"preferred_compression", options.preferred_compression},
          {"prefer_client_mouse", options.prefer_client_mouse},
          {"sync_modifiers", options.sync_modifiers}};
}

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
  fields.read("pixmap_cache_id", options.pixmap_cache_id);
  fields.read("glz_dictionary_id", options.glz_dictionary_id);
  // Bounds of protocol.md §10.6.
  fields.read("pixmap_cache_size", options.pixmap_cache_size, std::int64_t{0},
              std::int64_t{1} << 40);
  fields.read("glz_window_size", options.glz_window_size, 0, 1 << 25);
  fields.read("preferred_compression", options.preferred_compression, std::uint8_t{0},
              std::uint8_t{7});
  fields.read("prefer_client_mouse", options.prefer_client_mouse);
  fields.read("sync_modifiers", options.sync_modifiers);
  CHECKED(fields.finish());
  if (options.password.size() > auth::longest_password)
    return fail(ErrorCode::out_of_range, "more than 60 bytes", 0, "password");
  return options;
}

}  // namespace spicebench::client
