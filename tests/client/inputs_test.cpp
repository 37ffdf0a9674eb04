// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>

#include "tests/client/fake_server.hpp"

namespace spicebench::client {

using namespace wire::user;
using wire::ChannelType;
using Types = std::vector<std::uint16_t>;

namespace {
struct Desk {
  FakeServer server;
  LinkId inputs = 0;
  explicit Desk(std::uint32_t mode = 1, ClientOptions options = {}) : server(options) {
    server.user_arrives();
    const LinkId main = server.take_connection();
    server.bring_up(main);
    server.say(main, 103, main_init(1, 3, mode));
    server.say(main, 104, channels_list({{3, 0}}));
    inputs = server.take_connection();
    server.bring_up(inputs);
  }
  std::int32_t signed_at(const Frame& frame, std::size_t offset) const {
    return static_cast<std::int32_t>(frame.u(offset, 4));
  }
};
}  // namespace

TEST_CASE("keys travel as set-1 scancodes, releases with the break bit", "[client][inputs]") {
  Desk desk;
  desk.server.user(KeyDown{0x1e});
  desk.server.user(KeyUp{0x1e});
  desk.server.user(KeyDown{0x1de0});
  desk.server.user(KeyUp{0x1de0});
  desk.server.user(KeyUp{0x9e});  // the bit may be there already
  const auto frames = desk.server.frames(desk.inputs);
  REQUIRE(frames.size() == 5);
  const std::uint32_t types[] = {101, 102, 101, 102, 102},
                      codes[] = {0x1e, 0x9e, 0x1de0, 0x9de0, 0x9e};
  for (std::size_t i = 0; i < 5; ++i) {
    CHECK(frames[i].type == types[i]);
    CHECK(frames[i].u(0, 4) == codes[i]);
  }
}

TEST_CASE("in server mouse mode positions become motion", "[client][inputs]") {
  Desk desk;
  desk.server.user(PointerTo{100, 50, 0});
  desk.server.user(PointerTo{90, 70, 0});
  desk.server.user(PointerBy{3, -4});
  const auto frames = desk.server.frames(desk.inputs);
  REQUIRE(frames.size() == 3);
  CHECK(frames[0].type == 111);
  CHECK(frames[0].body.size() == 10);
  CHECK(desk.signed_at(frames[1], 0) == -10);
  CHECK(desk.signed_at(frames[1], 4) == 20);
  CHECK(desk.signed_at(frames[2], 4) == -4);
}

TEST_CASE("in client mouse mode motion becomes positions", "[client][inputs]") {
  Desk desk(2);
  desk.server.user(PointerTo{100, 50, 0});
  desk.server.user(PointerBy{-101, 5});
  const auto frames = desk.server.frames(desk.inputs);
  REQUIRE(frames.size() == 2);
  CHECK(frames[1].type == 112);
  CHECK(frames[1].body == Body().u32(0).u32(55).u16(0).u8(0).bytes);
}

TEST_CASE("with eight motions outstanding the next are merged until an acknowledgement",
          "[client][inputs]") {
  Desk desk;
  for (int i = 0; i < 8; ++i) desk.server.user(PointerBy{1, 1});
  CHECK(desk.server.frames(desk.inputs).size() == 8);
  for (int i = 0; i < 5; ++i) desk.server.user(PointerBy{10, -1});
  CHECK(desk.server.frames(desk.inputs).empty());
  desk.server.say(desk.inputs, 111);
  const auto frames = desk.server.frames(desk.inputs);
  REQUIRE(frames.size() == 1);
  CHECK(desk.signed_at(frames[0], 0) == 50);
  CHECK(desk.signed_at(frames[0], 4) == -5);
  for (int i = 0; i < 4; ++i) desk.server.user(PointerBy{1, 1});
  CHECK(desk.server.frames(desk.inputs).size() == 3);  // 5 + 3 = 8
}

TEST_CASE("held back positions keep the last one", "[client][inputs]") {
  Desk desk(2);
  for (std::uint32_t i = 0; i < 12; ++i) desk.server.user(PointerTo{i, i, 0});
  CHECK(desk.server.frames(desk.inputs).size() == 8);
  desk.server.say(desk.inputs, 111);
  const auto frames = desk.server.frames(desk.inputs);
  REQUIRE(frames.size() == 1);
  CHECK(frames[0].u(0, 4) == 11);
}

TEST_CASE("a button flushes held back motion first and is not counted", "[client][inputs]") {
  Desk desk;
  for (int i = 0; i < 10; ++i) desk.server.user(PointerBy{1, 0});
  desk.server.frames(desk.inputs);
  desk.server.user(ButtonDown{1});
  desk.server.user(ButtonDown{3});
  desk.server.user(ButtonUp{1});
  const auto frames = desk.server.frames(desk.inputs);
  REQUIRE(frames.size() == 4);
  CHECK(frames[0].type == 111);
  CHECK(desk.signed_at(frames[0], 0) == 2);
  CHECK(frames[0].u(8, 2) == 0);
  CHECK(frames[1].type == 113);
  CHECK(frames[1].body == Body().u8(1).u16(1).bytes);  // the state after the event
  CHECK(frames[2].body == Body().u8(3).u16(5).bytes);
  CHECK(frames[3].type == 114);
  CHECK(frames[3].body == Body().u8(1).u16(4).bytes);
}

TEST_CASE("buttons that do not exist are not sent", "[client][inputs]") {
  Desk desk;
  desk.server.user(ButtonDown{0});
  desk.server.user(ButtonDown{8});
  CHECK(desk.server.frames(desk.inputs).empty());
}

TEST_CASE("an acknowledgement of motions that were not sent is noted", "[client][inputs]") {
  Desk desk;
  for (int i = 0; i < 3; ++i) desk.server.user(PointerBy{1, 0});
  desk.server.say(desk.inputs, 111);
  CHECK_FALSE(desk.server.client.ended());
  CHECK(desk.server.client.error_count() == 1);
  desk.server.frames(desk.inputs);
  for (int i = 0; i < 9; ++i) desk.server.user(PointerBy{1, 0});
  CHECK(desk.server.frames(desk.inputs).size() == 8);  // counted from 0 again
}

TEST_CASE("the guest's lock keys follow the user's", "[client][inputs]") {
  Desk desk;
  desk.server.say(desk.inputs, 101, Body().u16(2));
  CHECK(desk.server.frames(desk.inputs).empty());  // the user has not told
  desk.server.user(Locks{2});
  CHECK(desk.server.frames(desk.inputs).empty());
  desk.server.user(Locks{6});
  auto frames = desk.server.frames(desk.inputs);
  REQUIRE(frames.size() == 1);
  CHECK(frames[0].type == 103);
  CHECK(frames[0].u(0, 2) == 6);
  desk.server.say(desk.inputs, 102, Body().u16(6));
  CHECK(desk.server.frames(desk.inputs).empty());
  desk.server.say(desk.inputs, 102, Body().u16(0));
  CHECK(desk.server.types(desk.inputs) == Types{103});
}

TEST_CASE("a held lock key keeps the client from answering back", "[client][inputs]") {
  Desk desk;
  desk.server.say(desk.inputs, 101, Body().u16(0));
  desk.server.user(Locks{0});
  desk.server.user(KeyDown{0x3a});
  desk.server.user(KeyDown{0x3a});  // a repetition is no second press
  desk.server.frames(desk.inputs);
  desk.server.say(desk.inputs, 102, Body().u16(4));
  desk.server.user(KeyUp{0x3a});
  desk.server.say(desk.inputs, 102, Body().u16(4));
  CHECK(desk.server.types(desk.inputs) == Types{102});
}

TEST_CASE("lock keys are left alone if so wanted", "[client][inputs]") {
  ClientOptions options;
  options.sync_modifiers = false;
  Desk desk(1, options);
  desk.server.user(Locks{7});
  CHECK(desk.server.frames(desk.inputs).empty());
}

}  // namespace spicebench::client
