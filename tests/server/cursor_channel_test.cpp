// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/channels/cursor_channel.hpp"

#include "tests/server/bench.hpp"

namespace spicebench::server {
namespace {

using namespace wire::cursor;
namespace device = wire::device;
using wire::ChannelType;
using wire::common::SetAck;
using Types = std::vector<std::uint16_t>;

device::CursorCommand set(std::uint64_t release_id, std::uint64_t unique, bool visible = true) {
  return {.release_id = release_id,
          .action = static_cast<std::uint8_t>(device::CursorAction::set),
          .body = Set{.position = {10, 20},
                      .visible = visible ? std::uint8_t{1} : std::uint8_t{0},
                      .cursor = {.flags = 0,
                                 .header = CursorHeader{.unique = unique, .width = 2, .height = 2},
                                 .data = SharedBytes(Bytes(16, std::byte{7}))}}};
}
device::CursorCommand move(std::uint64_t release_id, std::int16_t x, std::int16_t y) {
  return {.release_id = release_id,
          .action = static_cast<std::uint8_t>(device::CursorAction::move),
          .body = Move{{x, y}}};
}
device::CursorCommand hide(std::uint64_t release_id) {
  return {.release_id = release_id,
          .action = static_cast<std::uint8_t>(device::CursorAction::hide),
          .body = Hide{}};
}

struct Setup {
  explicit Setup(ServerOptions options = {.net_test_bytes = {}, .ack_window = 0}) : bench(options) {
    bench.connect_device();
  }
  Bench bench;
  FakeSession session{bench};
  FakeChannel channel{bench, ChannelType::cursor, session.id};
};

}  // namespace

TEST_CASE("the cursor channel begins with SET_ACK and INIT", "[server][cursor]") {
  Setup s;
  const auto said = s.channel.take();
  REQUIRE(said.size() == 2);
  CHECK(said[0].as<SetAck>() == SetAck{1, 0});
  CHECK(said[1].as<Init>() == Init{.visible = 1});
}

TEST_CASE("a late client is told the shape, the last move and the visibility", "[server][cursor]") {
  Setup s;
  s.bench.move_cursor({set(1, 5), move(2, 3, 4), hide(3)});
  FakeSession again(s.bench);
  FakeChannel late(s.bench, ChannelType::cursor, again.id);
  const auto init = late.take()[1].as<Init>();
  CHECK(init.position == Point16{3, 4});  // not that of the SET
  CHECK(init.visible == 0);
  CHECK(init.cursor.flags == cursor_cache_me);
  CHECK(init.cursor.header->unique == 5);
  CHECK(init.cursor.data.size() == 16);
}

TEST_CASE("a shape that the client has is named and not sent again", "[server][cursor]") {
  Setup s;
  s.channel.take();
  s.bench.move_cursor({set(1, 5), set(2, 6), set(3, 5), set(4, 0), set(5, 0)});
  const auto said = s.channel.take();
  REQUIRE(said.size() == 5);
  const std::uint16_t flags[] = {cursor_cache_me, cursor_cache_me, cursor_from_cache, 0, 0};
  for (std::size_t i = 0; i < 5; ++i) {
    const auto message = said[i].as<Set>();
    CHECK(message.cursor.flags == flags[i]);
    CHECK(message.cursor.data.size() == (flags[i] == cursor_from_cache ? 0 : 16));
    CHECK(message.cursor.header->width == 2);
    CHECK(message.position == Point16{10, 20});
  }
}

TEST_CASE("at 256 shapes the least recently used goes, and INVAL_ONE comes first",
          "[server][cursor]") {
  Setup s;
  s.channel.take();
  std::vector<device::CursorCommand> commands;
  for (std::uint64_t i = 1; i <= 256; ++i) commands.push_back(set(i, i));
  commands.push_back(set(257, 1));  // used again: 2 is the oldest now
  s.bench.move_cursor(commands);
  CHECK(s.channel.take().size() == 257);
  s.bench.move_cursor({set(258, 300)});
  const auto said = s.channel.take();
  REQUIRE(said.size() == 2);
  CHECK(said[0].as<InvalOne>().id == 2);
  CHECK(said[1].as<Set>().cursor.flags == cursor_cache_me);
  s.bench.move_cursor({set(259, 2)});
  const auto back = s.channel.take();
  REQUIRE(back.size() == 2);
  CHECK(back[0].as<InvalOne>().id == 3);
  CHECK(back[1].as<Set>().cursor.flags == cursor_cache_me);
}

TEST_CASE("moves are kept from clients in client mouse mode, unless the cursor appears",
          "[server][cursor]") {
  Setup s;
  s.channel.take();
  s.bench.device_says(device::PointerDevice{1});
  s.session.main.say(wire::main_channel::MouseModeRequest{2});
  s.bench.move_cursor({move(1, 1, 1), hide(2), move(3, 2, 2), move(4, 3, 3)});
  CHECK(s.channel.take_types() == Types{Hide::message.id, Move::message.id});
}

TEST_CASE("a change of the primary surface resets the cursor, and INIT follows the new one",
          "[server][cursor]") {
  Setup s;
  s.channel.take();
  s.bench.device_says(draw::primary(8, 8));
  CHECK(s.channel.take().empty());  // INIT was said already
  s.bench.move_cursor({set(1, 5)});
  s.channel.take();
  s.bench.device_says(device::SurfaceDestroy{0});
  CHECK(s.channel.take_types() == Types{InvalAll::message.id, Reset::message.id});
  s.bench.move_cursor({move(2, 9, 9)});  // before INIT a move would be an error
  CHECK(s.channel.take().empty());
  s.bench.device_says(draw::primary(8, 8));
  const auto said = s.channel.take();
  REQUIRE(said.size() == 1);
  CHECK(said[0].as<Init>() == Init{.position = {9, 9}, .visible = 1});
  s.bench.move_cursor({set(3, 5)});
  CHECK(s.channel.take()[0].as<Set>().cursor.flags == cursor_cache_me);  // the cache is empty
}

TEST_CASE("cursor resources are released: a shape when the next one takes its place",
          "[server][cursor]") {
  Setup s;
  s.bench.move_cursor({set(1, 5), move(2, 1, 1), hide(3)});
  CHECK(s.bench.released() == std::vector<std::uint64_t>{2, 3});
  s.bench.move_cursor({set(4, 6)});
  CHECK(s.bench.released() == std::vector<std::uint64_t>{2, 3, 1});
  s.bench.device_says(device::Reset{});
  CHECK(s.bench.released() == std::vector<std::uint64_t>{2, 3, 1, 4});
}

TEST_CASE("impossible shapes are refused, released and noted", "[server][cursor]") {
  Setup s;
  s.channel.take();
  const auto changed = [](auto change) {
    auto command = set(9, 5);
    change(std::get<Set>(command.body).cursor);
    return command;
  };
  const std::vector<device::CursorCommand> bad = {
      changed([](Cursor& c) { c.header->width = 0; }),
      changed([](Cursor& c) { c.header->height = 1025; }),
      changed([](Cursor& c) { c.header->hot_spot_x = 2; }),
      changed([](Cursor& c) { c.header->type = 7; }),
      changed([](Cursor& c) { c.data = SharedBytes(Bytes(15)); }),
  };
  for (const auto& command : bad) s.bench.move_cursor({command});
  CHECK(s.channel.take().empty());
  CHECK(s.bench.released().size() == bad.size());
  CHECK(s.bench.server.errors().size() == bad.size());
  CHECK(s.bench.server.counters().cursor_refused == bad.size());
}

TEST_CASE("a cursor client that does not acknowledge holds up the guest's cursor, not more",
          "[server][cursor]") {
  Setup s({.net_test_bytes = {}, .ack_window = 2, .pipe_limit = 3});
  std::vector<device::CursorCommand> moves;
  for (std::uint64_t i = 1; i <= 20; ++i) moves.push_back(move(i, 1, 1));
  s.bench.move_cursor(moves);
  // SET_ACK, INIT and three moves: 5 > 2 * 2. Then the pipe fills to one above its limit.
  CHECK(s.channel.take().size() == 5);
  CHECK(s.bench.cursor_commands.size() == 20 - 3 - 4);
  s.bench.device_says(draw::primary(8, 8));
  s.bench.draw({draw::fill(100, {0, 0, 1, 1}, 1)});
  CHECK(s.bench.released() == std::vector<std::uint64_t>{1, 2, 3, 100});
  s.channel.acknowledge(1);
  s.channel.say(wire::common::Ack{});
  CHECK(s.channel.take().size() == 2);
  CHECK_FALSE(s.channel.closed());
}

TEST_CASE("what an earlier device lent is not given back to the next one", "[server][cursor]") {
  Setup s({.net_test_bytes = {}, .ack_window = 1});
  s.bench.move_cursor({set(1, 5), set(2, 6), set(3, 7)});
  CHECK(s.bench.released() == std::vector<std::uint64_t>{1});  // the others are queued
  s.bench.hang_up(s.bench.device);
  s.bench.to_device.clear();
  s.bench.connect_device();
  s.channel.acknowledge(1);
  for (int i = 0; i < 10; ++i) s.channel.say(wire::common::Ack{});
  CHECK(s.channel.take_types().back() == Reset::message.id);
  CHECK(s.bench.released().empty());
}

}  // namespace spicebench::server
