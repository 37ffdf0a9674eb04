// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>

#include "tests/client/fake_server.hpp"

namespace spicebench::client {

using wire::ChannelType;

namespace {
constexpr std::uint32_t none = 1, cache_me = 2, from_cache = 4;
struct Pointer {
  FakeServer server;
  LinkId link = server.bring_up(ChannelType::cursor);
  const CursorStatus& status() const { return *server.client.cursor(0); }
  ErrorCode error() const {
    REQUIRE_FALSE(server.client.errors().empty());
    CHECK(server.client.ended());
    return server.client.errors().back().error.code;
  }
};
}  // namespace

TEST_CASE("SET shows a shape, HIDE hides it, MOVE shows it elsewhere", "[client][cursor]") {
  Pointer pointer;
  pointer.server.say(pointer.link, 101, cursor_init());
  CHECK(pointer.status().x == 5);
  CHECK_FALSE(pointer.status().visible);
  pointer.server.say(pointer.link, 103, cursor_set(-3, 8, true, 0, 1));
  CHECK(pointer.status().x == -3);
  CHECK(pointer.status().visible);
  REQUIRE(pointer.status().shape);
  CHECK(pointer.status().shape->hot_spot_x == 1);
  pointer.server.say(pointer.link, 105);
  CHECK_FALSE(pointer.status().visible);
  pointer.server.say(pointer.link, 104, Body().u16(20).u16(30));
  CHECK(pointer.status().visible);
  CHECK(pointer.status().y == 30);
  pointer.server.say(pointer.link, 103, cursor_set(1, 1, false, 0, 1));
  CHECK_FALSE(pointer.status().visible);
  pointer.server.say(pointer.link, 103, cursor_set(1, 1, true, none, 0));
  CHECK_FALSE(pointer.status().shape);
}

TEST_CASE("cached shapes come back by their number until they are dropped", "[client][cursor]") {
  Pointer pointer;
  pointer.server.say(pointer.link, 101, cursor_init());
  pointer.server.say(pointer.link, 103, cursor_set(0, 0, true, cache_me, 42));
  pointer.server.say(pointer.link, 103, cursor_set(0, 0, true, cache_me, 43));
  pointer.server.say(pointer.link, 103, cursor_set(0, 0, true, from_cache, 42, 0));
  CHECK(pointer.status().cached == 2);
  CHECK(pointer.status().shape->unique == 42);
  const int how = GENERATE(0, 1, 2);
  if (how == 0) pointer.server.say(pointer.link, 107, Body().u64(42));
  if (how == 1) pointer.server.say(pointer.link, 108);
  if (how == 2) {
    pointer.server.say(pointer.link, 102);
    CHECK_FALSE(pointer.status().shape);
    pointer.server.say(pointer.link, 101, cursor_init());
  }
  CHECK(pointer.status().cached == (how == 0 ? 1u : 0u));
  pointer.server.say(pointer.link, 103, cursor_set(0, 0, true, from_cache, 42, 0));
  CHECK(pointer.error() == ErrorCode::not_found);
}

TEST_CASE("INIT empties the cache before its own shape enters", "[client][cursor]") {
  Pointer pointer;
  pointer.server.say(pointer.link, 101, cursor_init(cache_me, 7));
  CHECK(pointer.status().cached == 1);
  CHECK(pointer.status().visible);
  CHECK_FALSE(pointer.server.client.ended());
}

TEST_CASE("before INIT a cursor channel takes HIDE, INVAL_ALL and RESET only", "[client][cursor]") {
  Pointer pointer;
  pointer.server.say(pointer.link, 105);
  pointer.server.say(pointer.link, 108);
  pointer.server.say(pointer.link, 102);
  CHECK_FALSE(pointer.server.client.ended());
  const int type = GENERATE(103, 104, 106, 107);
  Body body = Body().u32(0);
  if (type == 103) body = cursor_set(0, 0, true, 0, 1);
  if (type == 107) body = Body().u64(0);
  pointer.server.say(pointer.link, static_cast<std::uint16_t>(type), body);
  CHECK(pointer.error() == ErrorCode::out_of_order);
}

TEST_CASE("a second INIT without RESET is an error", "[client][cursor]") {
  Pointer pointer;
  pointer.server.say(pointer.link, 101, cursor_init());
  pointer.server.say(pointer.link, 102);
  pointer.server.say(pointer.link, 101, cursor_init());
  CHECK_FALSE(pointer.server.client.ended());
  pointer.server.say(pointer.link, 101, cursor_init());
  CHECK(pointer.error() == ErrorCode::out_of_order);
}

TEST_CASE("a shape with too little data is an error", "[client][cursor]") {
  Pointer pointer;
  pointer.server.say(pointer.link, 101, cursor_init());
  pointer.server.say(pointer.link, 103, cursor_set(0, 0, true, 0, 1, 15));
  CHECK(pointer.error() == ErrorCode::truncated);
}

TEST_CASE("a server cannot make the client hold shapes without end", "[client][cursor]") {
  Pointer pointer;
  pointer.server.say(pointer.link, 101, cursor_init());
  for (std::uint64_t i = 0; i < 512; ++i)
    pointer.server.say(pointer.link, 103, cursor_set(0, 0, true, cache_me, i));
  CHECK_FALSE(pointer.server.client.ended());
  pointer.server.say(pointer.link, 103, cursor_set(0, 0, true, cache_me, 512));
  CHECK(pointer.error() == ErrorCode::out_of_range);
}

}  // namespace spicebench::client
