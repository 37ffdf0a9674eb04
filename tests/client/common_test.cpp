// SPDX-License-Identifier: LGPL-2.1-or-later
#include <rapidcheck.h>
#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>

#include "client/connection.hpp"
#include "tests/client/fake_server.hpp"

namespace spicebench::client {

using wire::ChannelType;
using Types = std::vector<std::uint16_t>;

namespace {
constexpr std::uint16_t set_ack = 3, ping = 4, wait_for = 5, ack_sync = 1, ack = 2, pong = 3;
Body ping_body(std::uint32_t id) {
  return Body().u32(id).u64(0x1122334455667788);
}
}  // namespace

TEST_CASE("a ping is answered at once with its id and time, without its data", "[client]") {
  FakeServer server;
  const LinkId main = server.bring_up_main();
  server.say(main, ping, ping_body(9).zeros(1000));
  const auto frames = server.frames(main);
  REQUIRE(frames.size() == 1);
  CHECK(frames[0].type == pong);
  CHECK(frames[0].body == ping_body(9).bytes);
}

TEST_CASE("a window is acknowledged by its generation, and then every so many messages",
          "[client][ack]") {
  FakeServer server;
  const LinkId display = server.bring_up(ChannelType::display);
  server.frames(display);
  server.say(display, set_ack, Body().u32(7).u32(3));
  auto frames = server.frames(display);
  REQUIRE(frames.size() == 1);
  CHECK(frames[0].type == ack_sync);
  CHECK(frames[0].u(0, 4) == 7);
  server.say(display, 108);
  server.say(display, 108);
  CHECK(server.types(display).empty());
  server.say(display, ping, ping_body(1));  // the third: the ACK goes before what it causes
  CHECK(server.types(display) == Types{ack, pong});
  server.say(display, 108);
  server.say(display, 999);  // unknown ones count as well
  server.say(display, 122);
  CHECK(server.types(display) == Types{ack});
}

TEST_CASE("a new window counts itself against the old one", "[client][ack]") {
  FakeServer server;
  const LinkId display = server.bring_up(ChannelType::display);
  server.say(display, set_ack, Body().u32(1).u32(2));
  server.say(display, 108);
  server.frames(display);
  server.say(display, set_ack, Body().u32(2).u32(4));
  CHECK(server.types(display) == Types{ack, ack_sync});
  for (int i = 0; i < 3; ++i) server.say(display, 108);
  CHECK(server.types(display).empty());
  server.say(display, 108);
  CHECK(server.types(display) == Types{ack});
}

TEST_CASE("a window of 0 turns acknowledgement off", "[client][ack]") {
  FakeServer server;
  const LinkId display = server.bring_up(ChannelType::display);
  server.say(display, set_ack, Body().u32(1).u32(1));
  server.say(display, set_ack, Body().u32(2).u32(0));
  server.frames(display);
  for (int i = 0; i < 100; ++i) server.say(display, 108);
  CHECK(server.types(display).empty());
}

TEST_CASE("a window of 1 acknowledges every message", "[client][ack]") {
  FakeServer server;
  const LinkId display = server.bring_up(ChannelType::display);
  server.say(display, set_ack, Body().u32(1).u32(1));
  server.frames(display);
  server.say(display, 108);
  server.say(display, 108);
  CHECK(server.types(display) == Types{ack, ack});
}

TEST_CASE("acknowledgements keep a server's count between 1 and its limit", "[client][ack]") {
  rc::prop("for any window and any number of messages", [] {
    const auto window = *rc::gen::inRange<std::uint32_t>(1, 50);
    const auto messages = *rc::gen::inRange<std::uint32_t>(0, 300);
    AckWindow client;
    client.set(window);
    std::uint32_t outstanding = 1;  // SET_ACK itself, as the server counts
    for (std::uint32_t i = 0; i < messages; ++i) {
      ++outstanding;
      if (client.count()) outstanding -= window;
      RC_ASSERT(outstanding >= 1u);
      RC_ASSERT(outstanding <= window);
    }
  });
}

TEST_CASE("sub-messages of a list are handled and not counted", "[client][ack]") {
  FakeServer server;
  const LinkId display = server.bring_up(ChannelType::display);
  server.say(display, set_ack, Body().u32(1).u32(2));
  server.frames(display);
  // LIST: two entries at 10 and 28; each a PING.
  Body list;
  list.u16(2).u32(10).u32(28);
  for (std::uint32_t id : {1u, 2u}) list.u16(ping).u32(12).raw(ping_body(id).bytes);
  server.say(display, 8, list);
  CHECK(server.types(display) == Types{pong, pong});
  server.say(display, 108);
  CHECK(server.types(display) == Types{ack});
}

TEST_CASE("a list inside a list and a list that lies are errors", "[client]") {
  const int kind = GENERATE(0, 1, 2, 3);
  FakeServer server;
  const LinkId display = server.bring_up(ChannelType::display);
  Body list;
  if (kind == 0) list.u16(1).u32(6).u16(8).u32(2).u16(0);
  if (kind == 1) list.u16(65).zeros(65 * 4);
  if (kind == 2) list.u16(1).u32(0xfffffff0);
  if (kind == 3) list.u16(9).u32(6);
  server.say(display, 8, list);
  CHECK(server.client.ended());
  CHECK(server.client.error_count() == 1);
}

TEST_CASE("with the full header the sub-list goes first and the rest works the same",
          "[client][full-header]") {
  const bool by_server = GENERATE(true, false);
  ClientOptions options;
  options.mini_header = by_server;
  FakeServer server(options);
  server.full_header = true;
  const LinkId display = server.bring_up(ChannelType::display);
  const auto init = server.frames(display);
  REQUIRE(init.size() == 1);
  CHECK(init[0].serial == 1);
  CHECK(init[0].type == 101);
  // PING with a sub-list of one SET_ACK behind its own 12 bytes.
  Body body = ping_body(4);
  body.u16(set_ack).u32(8).u32(5).u32(10);
  const auto list_at = static_cast<std::uint32_t>(body.bytes.size());
  body.u16(1).u32(12);
  server.say(display, ping, body, list_at);
  const auto frames = server.frames(display);
  REQUIRE(frames.size() == 2);
  CHECK(frames[0].type == ack_sync);
  CHECK(frames[0].serial == 2);
  CHECK(frames[1].type == pong);
  CHECK(frames[1].serial == 3);
  CHECK(server.client.error_count() == 0);
}

TEST_CASE("a message that waits for another channel holds up its own channel only", "[client]") {
  FakeServer server;
  const LinkId first = server.bring_up(ChannelType::display, 0);
  const LinkId second = server.bring_up(ChannelType::display, 1);
  server.frames(first);
  server.frames(second);
  server.say(first, 108);
  server.say(second, wait_for, Body().u8(1).u8(2).u8(0).u64(2));
  server.say(second, ping, ping_body(1));
  CHECK(server.types(second).empty());
  CHECK(server.client.channels()[2].waiting);
  server.say(first, ping, ping_body(2));
  CHECK(server.types(first) == Types{pong});
  CHECK(server.types(second) == Types{pong});
  CHECK_FALSE(server.client.channels()[2].waiting);
}

TEST_CASE("a channel that does not exist or has gone keeps nobody waiting", "[client]") {
  FakeServer server;
  const LinkId first = server.bring_up(ChannelType::display, 0);
  const LinkId second = server.bring_up(ChannelType::display, 1);
  server.frames(second);
  server.say(second, wait_for, Body().u8(1).u8(2).u8(9).u64(100));
  server.say(second, ping, ping_body(1));
  CHECK(server.types(second) == Types{pong});
  server.say(second, wait_for, Body().u8(1).u8(2).u8(0).u64(100));
  server.say(second, ping, ping_body(2));
  CHECK(server.types(second).empty());
  server.close(first);
  CHECK(server.types(second) == Types{pong});
}

TEST_CASE("waiting for its own future is an error", "[client]") {
  FakeServer server;
  const LinkId display = server.bring_up(ChannelType::display);
  server.say(display, wait_for, Body().u8(1).u8(2).u8(0).u64(1));
  CHECK(server.client.ended());
  CHECK(server.client.errors().back().error.code == ErrorCode::out_of_order);
}

TEST_CASE("a body shorter than its layout ends the session and says where", "[client]") {
  FakeServer server;
  server.user_arrives();
  const LinkId main = server.bring_up_main();
  server.say(main, set_ack, Body().u32(1).u16(1));
  CHECK(server.client.ended());
  const ClientError& error = server.client.errors().back();
  CHECK(error.error.code == ErrorCode::truncated);
  CHECK(error.message == 2);
  CHECK(error.error.path.find("set_ack") == 0);
  REQUIRE(server.told<wire::user::Disconnected>());
  CHECK(server.told<wire::user::Disconnected>()->link_error == 1);
}

TEST_CASE("a message size beyond the channel's limit is refused from the header alone",
          "[client]") {
  FakeServer server;
  const LinkId main = server.bring_up_main();
  server.say_raw(main, Body().u16(4).u32((64u << 20) + 1).bytes);
  CHECK(server.client.ended());
  CHECK(server.client.error_count() == 1);
}

TEST_CASE("what the server says about disconnecting is noted", "[client]") {
  FakeServer server;
  const LinkId main = server.bring_up_main();
  server.say(main, 6, Body().u64(1).u32(7));
  CHECK_FALSE(server.client.ended());
  CHECK(server.last_error().find("permission_denied") != std::string::npos);
  server.say(main, 7, Body().u64(1).u32(1).u32(2).u32(0).u32(3).raw(as_bytes("abc")).u8(0));
  CHECK(server.client.error_count() == 1);  // a warning is no error
  server.say(main, 7, Body().u64(1).u32(2).u32(2).u32(0).u32(3).raw(as_bytes("abc")).u8(0));
  CHECK(server.last_error().find("abc") != std::string::npos);
}

TEST_CASE("every row of the common table can be reached while the connection is up", "[client]") {
  for (const auto& row : Connection::common_table().rows())
    CHECK(row.in.contains(Connection::State::up));
}

}  // namespace spicebench::client
