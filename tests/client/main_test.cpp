// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>

#include "tests/client/fake_server.hpp"

namespace spicebench::client {

using wire::ChannelType;
using Types = std::vector<std::uint16_t>;

TEST_CASE("INIT is answered by ATTACH_CHANNELS", "[client][main]") {
  FakeServer server;
  server.user_arrives();
  const LinkId main = server.take_connection();
  server.bring_up(main);
  CHECK(server.types(main).empty());
  server.say(main, 103, main_init(12));
  CHECK(server.types(main) == Types{104});
  CHECK(server.client.session_id() == 12);
  CHECK(server.client.mouse_mode() == 1);
  REQUIRE(server.told<wire::user::ChannelUp>());
  CHECK(server.told<wire::user::ChannelUp>()->channel_type == 1);
  REQUIRE(server.told<wire::user::MouseModeIs>());
  CHECK(server.told<wire::user::MouseModeIs>()->mode == 1);
}

TEST_CASE("client mouse mode is asked for where it is offered and wanted", "[client][main]") {
  ClientOptions options;
  options.prefer_client_mouse = GENERATE(true, false);
  FakeServer server(options);
  const LinkId main = server.take_connection();
  server.bring_up(main);
  server.say(main, 103, main_init(1, 3, 1));
  CHECK(server.types(main) == (options.prefer_client_mouse ? Types{105, 104} : Types{104}));
  server.say(main, 105, Body().u16(3).u16(2));
  CHECK(server.client.mouse_mode() == 2);
  CHECK(server.types(main).empty());
}

TEST_CASE("a connected agent is started with all credit", "[client][main]") {
  FakeServer server;
  const LinkId main = server.take_connection();
  server.bring_up(main);
  server.say(main, 103, Body().u32(1).u32(1).u32(1).u32(1).u32(1).u32(10).u32(0).u32(0));
  auto frames = server.frames(main);
  REQUIRE(frames.size() == 3);
  CHECK(frames[0].type == 106);
  CHECK(frames[0].u(0, 4) == 0xffffffff);
  CHECK(frames[1].type == 107);  // what we can, and what the agent can?
  CHECK(frames[2].type == 104);
  CHECK(server.client.agent().connected);
  server.say(main, 110, Body().u32(5));
  CHECK(server.client.agent().tokens == 14);
  server.say(main, 108, Body().u32(0));
  CHECK_FALSE(server.client.agent().connected);
  server.say(main, 110, Body().u32(5));  // nobody there to have them
  server.say(main, 115, Body().u32(10));
  CHECK(server.client.agent().tokens == 9);
  server.say(main, 110, Body().u32(0xffffffff));
  CHECK(server.client.agent().tokens == 0xffffffff);
  server.say(main, 107);
  CHECK(server.types(main) == Types{106, 107, 106, 107});
  CHECK_FALSE(server.client.ended());
}

TEST_CASE("anything of main before INIT is out of order, and so is a second INIT",
          "[client][main]") {
  const int type = GENERATE(104, 105, 106, 107, 103);
  FakeServer server;
  const LinkId main = server.take_connection();
  server.bring_up(main);
  if (type == 103) server.say(main, 103, main_init());
  Body body = main_init();
  if (type == 104) body = channels_list({});
  if (type == 105) body = Body().u16(1).u16(1);
  if (type == 106) body = Body().u32(1);
  if (type == 107) body = Body();
  server.say(main, static_cast<std::uint16_t>(type), body);
  CHECK(server.client.ended());
  const Error& error = server.client.errors().back().error;
  CHECK(error.code == ErrorCode::out_of_order);
  CHECK(error.detail.find("main: ") == 0);
  CHECK(error.detail.find(type == 103 ? "state ready" : "state linked") != std::string::npos);
}

TEST_CASE("a mouse mode that is not supported is an error", "[client][main]") {
  const auto [supported, current] =
      GENERATE(table<int, int>({{1, 2}, {3, 0}, {3, 3}, {4, 4}, {0, 1}}));
  FakeServer server;
  const LinkId main = server.bring_up_main();
  server.say(
      main, 105,
      Body().u16(static_cast<std::uint64_t>(supported)).u16(static_cast<std::uint64_t>(current)));
  CHECK(server.client.ended());
  CHECK(server.client.errors().back().error.code == ErrorCode::out_of_range);
}

TEST_CASE("lists add up: known channels once, unknown ones never", "[client][main]") {
  FakeServer server;
  const LinkId main = server.bring_up_main();
  server.say(main, 104, channels_list({{1, 0}, {2, 0}, {99, 0}, {7, 0}, {2, 0}, {3, 0}}));
  server.say(main, 104, channels_list({{2, 0}, {4, 0}}));
  int connections = 0;
  while (server.has_connection()) {
    server.take_connection();
    ++connections;
  }
  CHECK(connections == 3);
  CHECK(server.client.error_count() == 0);
}

TEST_CASE("a list of 257 channels is refused", "[client][main]") {
  FakeServer server;
  const LinkId main = server.bring_up_main();
  server.say(main, 104, channels_list(std::vector<std::pair<int, int>>(257, {2, 0})));
  CHECK(server.client.ended());
}

TEST_CASE("a list that claims more channels than it brings is refused", "[client][main]") {
  FakeServer server;
  const LinkId main = server.bring_up_main();
  server.say(main, 104, Body().u32(200).u8(2).u8(0));
  CHECK(server.client.ended());
  CHECK_FALSE(server.has_connection());
}

TEST_CASE("the user can end the session", "[client][main]") {
  FakeServer server;
  server.user_arrives();
  const LinkId main = server.bring_up_main();
  server.user(wire::user::Disconnect{});
  CHECK(server.closed(main));
  CHECK(server.client.ended());
  REQUIRE(server.told<wire::user::Disconnected>());
  CHECK(server.told<wire::user::Disconnected>()->link_error == 0);
}

TEST_CASE("a user who comes later is told how things stand", "[client][main]") {
  FakeServer server;
  const LinkId display = server.bring_up(ChannelType::display);
  server.say(display, 314, surface_create(0, 40, 30, 1));
  server.say(display, 102);
  CHECK(server.news() == 0);
  server.user_arrives();
  CHECK(server.news() == 4);  // two channels, mouse mode, screen
  REQUIRE(server.told<wire::user::ScreenReady>());
  CHECK(server.told<wire::user::ScreenReady>()->width == 40);
}

TEST_CASE("options survive JSON, and reading them finds mistakes", "[client][options]") {
  ClientOptions options;
  options.password = "p";
  options.mini_header = false;
  options.pixmap_cache_size = 1234;
  options.glz_window_size = 5;
  const auto read = client_options_from_json(to_json(options));
  REQUIRE(read.has_value());
  CHECK(*read == options);
  CHECK(client_options_from_json(nlohmann::json::object()).value() == ClientOptions{});
  using nlohmann::json;
  for (const json& wrong :
       {json{{"pixmap_cache", 1}}, json{{"mini_header", 1}}, json{{"glz_window_size", 1 << 26}},
        json{{"pixmap_cache_size", -1}}, json{{"password", std::string(61, 'x')}}, json(7)}) {
    INFO(wrong.dump());
    CHECK_FALSE(client_options_from_json(wrong).has_value());
  }
}

}  // namespace spicebench::client
