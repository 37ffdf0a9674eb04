// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>

#include "core/image/lz4_block.hpp"
#include "core/wire/user_agent.hpp"
#include "tests/client/fake_server.hpp"

using namespace spicebench;
using namespace spicebench::client;
namespace user = wire::user;

namespace {

Body port_init(std::string_view name, bool opened) {
  Body body;
  body.u32(name.size() + 1).u32(9).u8(opened).raw(as_bytes(name)).u8(0);
  return body;
}
SharedBytes words(std::string_view of) {
  return SharedBytes::copy_of(of);
}

}  // namespace

TEST_CASE("P-PORT-1: a port is as open as its last event says", "[client][port]") {
  FakeServer server;
  server.user_arrives();
  const LinkId port = server.bring_up(wire::ChannelType::port);
  server.say(port, 201, port_init("org.example.a", false));
  REQUIRE(server.client.port(0).has_value());
  CHECK(server.client.port(0)->name == "org.example.a");
  CHECK_FALSE(server.client.port(0)->opened);
  server.say(port, 202, Body().u8(0));
  CHECK(server.client.port(0)->opened);
  server.say(port, 202, Body().u8(2));
  CHECK(server.client.port(0)->opened);
  server.say(port, 202, Body().u8(1));
  CHECK_FALSE(server.client.port(0)->opened);
  server.say(port, 101, Body().u8('x'));  // whoever says something is there
  CHECK(server.client.port(0)->opened);
  CHECK(as_text(server.told<user::PortRead>()->data) == "x");
}

TEST_CASE("P-PORT-2: what is written to a port that nobody has open goes nowhere",
          "[client][port]") {
  FakeServer server;
  server.user_arrives();
  const LinkId port = server.bring_up(wire::ChannelType::port);
  server.user(user::PortWrite{0, words("early")});
  server.say(port, 201, port_init("p", false));
  server.user(user::PortWrite{0, words("early")});
  CHECK(server.types(port).empty());
  CHECK(server.client.error_count() == 2);
  CHECK_FALSE(server.client.ended());
  server.say(port, 202, Body().u8(0));
  server.user(user::PortWrite{0, words("now")});
  server.user(user::PortWrite{1, words("elsewhere")});
  const auto frames = server.frames(port);
  REQUIRE(frames.size() == 1);
  CHECK(as_text(frames[0].body) == "now");
}

TEST_CASE("what a server may not say on a port ends the session", "[client][port]") {
  const auto ends = [](std::uint16_t type, const Body& body, bool init = true) {
    FakeServer server;
    const LinkId port = server.bring_up(wire::ChannelType::port);
    if (init) server.say(port, 201, port_init("p", true));
    server.say(port, type, body);
    return server.client.ended();
  };
  CHECK(ends(101, Body().u8(1), false));  // before PORT_INIT
  CHECK(ends(202, Body().u8(1), false));
  CHECK(ends(201, port_init("p", true)));        // twice
  CHECK(ends(201, port_init("", true), false));  // without a name
  CHECK(ends(102, Body().u8(2).u32(5).u32(0)));  // not LZ4
  CHECK(ends(102, Body().u8(1).u32(5).u32(0)));  // no block
  CHECK_FALSE(ends(101, Body()));
  Body good;
  const Bytes block = *image::lz4_compressed(Bytes(2000));
  CHECK_FALSE(ends(102, good.u8(1).u32(2000).raw(block)));
}
