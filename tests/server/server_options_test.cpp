// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/server_options.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace spicebench::server {

TEST_CASE("server options survive JSON", "[server][options]") {
  CHECK(server_options_from_json(nlohmann::json::object()) == ServerOptions{});
  const ServerOptions all{.name = "box",
                          .uuid = "00112233-4455-6677-8899-aabbccddeeff",
                          .password = "",
                          .password_expires_s = 0,
                          .allow_client_mouse = false,
                          .net_test_bytes = {1},
                          .ack_window = 7,
                          .pipe_limit = 8,
                          .ram_hint_mb = 9,
                          .link_timeout_s = 10,
                          .display_init_timeout_s = 11,
                          .half_open_links = 12,
                          .half_open_links_per_address = 13,
                          .watch_clients = true,
                          .secure_channels = {"main", "default"},
                          .plain_channels = {"cursor"}};
  CHECK(server_options_from_json(to_json(all)) == all);
  CHECK(server_options_from_json(to_json(ServerOptions{})) == ServerOptions{});
}

TEST_CASE("wrong server options are named", "[server][options]") {
  const auto error = [](const nlohmann::json& json) {
    const auto options = server_options_from_json(json);
    REQUIRE_FALSE(options.has_value());
    return options.error();
  };
  CHECK(error(3).code == ErrorCode::malformed);
  CHECK(error({{"nmae", "x"}}).path == "nmae");
  CHECK(error({{"name", 3}}).path == "name");
  CHECK(error({{"uuid", "00112233-4455-6677-8899-aabbccddeefg"}}).path == "uuid");
  CHECK(error({{"uuid", "0011"}}).path == "uuid");
  CHECK(error({{"compression", "zip"}}).path == "compression");
  CHECK(error({{"password", std::string(61, 'x')}}).code == ErrorCode::out_of_range);
  CHECK(error({{"net_test_bytes", {1, 2, 3, 4}}}).path == "net_test_bytes");
  CHECK(error({{"net_test_bytes", {-1}}}).path == "net_test_bytes");
  CHECK(error({{"pipe_limit", 0}}).code == ErrorCode::out_of_range);
  CHECK(error({{"ack_window", "wide"}}).path == "ack_window");
  CHECK(error({{"secure_channels", "main"}}).path == "secure_channels");
  CHECK(error({{"plain_channels", {"mian"}}}).path == "plain_channels");
  CHECK(error({{"half_open_links", 0}}).code == ErrorCode::out_of_range);
}

}  // namespace spicebench::server
