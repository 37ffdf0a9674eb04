// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>

#include "tests/client/fake_server.hpp"

namespace spicebench::client {

using wire::ChannelType;

namespace {
constexpr std::uint32_t cache_me = 1, cache_replace_me = 4;
struct Screen {
  FakeServer server;
  LinkId link;
  explicit Screen(ClientOptions options = {}) : server(options) {
    server.user_arrives();
    link = server.bring_up(ChannelType::display);
    init = server.frames(link);
  }
  std::vector<Frame> init;
  void with_primary() { server.say(link, 314, surface_create(0, 64, 48, 1)); }
  std::uint32_t pixel(std::uint32_t x, std::uint32_t y, std::uint32_t surface = 0) const {
    const draw::Surface* found = server.client.surface(0, surface);
    REQUIRE(found);
    return static_cast<std::uint32_t>(load_little_endian(found->row(y) + std::size_t{x} * 4, 4));
  }
  ErrorCode error() const {
    REQUIRE_FALSE(server.client.errors().empty());
    CHECK(server.client.ended());
    return server.client.errors().back().error.code;
  }
};
}  // namespace

TEST_CASE("a display channel begins with its cache sizes in pixels", "[client][display]") {
  ClientOptions options;
  options.pixmap_cache_size = 1000;
  Screen screen(options);
  REQUIRE(screen.init.size() == 1);
  CHECK(screen.init[0].type == 101);
  CHECK(screen.init[0].body == Body().u8(1).u64(1000).u8(1).u32(12 * 1024 * 1024 / 4).bytes);
}

TEST_CASE("fills and copies land on the screen, marked it may be shown", "[client][display]") {
  Screen screen;
  screen.with_primary();
  CHECK(screen.pixel(3, 3) == 0);
  const Hash128 black = screen.server.client.screen_hash(0);
  screen.server.say(screen.link, 302, draw_fill(0, 2, 2, 10, 10, 0x00123456));
  screen.server.say(screen.link, 304, draw_copy(0, 4, 4, 1, 0, 0x00abcdef));
  screen.server.say(screen.link, 104, Body().base(0, 20, 20, 30, 30).u32(2).u32(2));
  CHECK(screen.pixel(3, 3) == 0x00123456);
  CHECK(screen.pixel(5, 5) == 0x00abcdef);
  CHECK(screen.pixel(23, 23) == 0x00abcdef);
  CHECK(screen.pixel(29, 29) == 0);
  CHECK(screen.server.client.screen_hash(0) != black);
  CHECK_FALSE(screen.server.client.screen_ready(0));
  screen.server.say(screen.link, 102);
  CHECK(screen.server.client.screen_ready(0));
  REQUIRE(screen.server.told<wire::user::ScreenReady>());
  CHECK(screen.server.told<wire::user::ScreenReady>()->height == 48);
}

TEST_CASE("RESET clears the primary surface and its mark", "[client][display]") {
  Screen screen;
  screen.server.say(screen.link, 103);
  screen.with_primary();
  screen.server.say(screen.link, 302, draw_fill(0, 0, 0, 64, 48, 1));
  screen.server.say(screen.link, 102);
  screen.server.say(screen.link, 103);
  CHECK(screen.pixel(0, 0) == 0);
  CHECK_FALSE(screen.server.client.screen_ready(0));
}

TEST_CASE("MODE makes a primary surface of 32 or 16 bits", "[client][display]") {
  Screen screen;
  screen.server.say(screen.link, 101, Body().u32(20).u32(10).u32(16));
  REQUIRE(screen.server.client.screen(0));
  CHECK(screen.server.client.screen(0)->format() == wire::display::surface_16_555);
  screen.server.say(screen.link, 101, Body().u32(20).u32(10).u32(24));
  CHECK(screen.error() == ErrorCode::out_of_range);
}

TEST_CASE("a cached image is drawn again until it is invalidated", "[client][display][cache]") {
  Screen screen;
  screen.with_primary();
  screen.server.say(screen.link, 304, draw_copy(0, 0, 0, 5, cache_me, 0x00111111));
  screen.server.say(screen.link, 304, draw_cached(0, 10, 10, 5));
  CHECK(screen.pixel(11, 11) == 0x00111111);
  CHECK(screen.server.client.pixmap_cache().entries == 1);
  CHECK(screen.server.client.pixmap_cache().pixels == 4);
  const int how = GENERATE(0, 1);
  if (how == 0) screen.server.say(screen.link, 105, Body().u16(2).u8(1).u64(5).u8(1).u64(77));
  if (how == 1) screen.server.say(screen.link, 106, Body().u8(0));
  CHECK(screen.server.client.pixmap_cache().entries == 0);
  screen.server.say(screen.link, 304, draw_cached(0, 20, 20, 5));
  CHECK(screen.error() == ErrorCode::not_found);
  CHECK(screen.server.last_error().find("draw_copy.src_bitmap.id") == 0);
}

TEST_CASE("an image that was put twice is dropped twice", "[client][display][cache]") {
  Screen screen;
  screen.with_primary();
  screen.server.say(screen.link, 304, draw_copy(0, 0, 0, 5, cache_me, 1));
  screen.server.say(screen.link, 304, draw_copy(0, 0, 0, 5, cache_me, 2));
  screen.server.say(screen.link, 105, Body().u16(1).u8(1).u64(5));
  screen.server.say(screen.link, 304, draw_cached(0, 10, 10, 5));
  CHECK(screen.pixel(10, 10) == 2);
  screen.server.say(screen.link, 304, draw_copy(0, 0, 0, 5, cache_replace_me, 3));
  CHECK(screen.server.client.pixmap_cache().pixels == 4);
  screen.server.say(screen.link, 105, Body().u16(1).u8(1).u64(5));
  CHECK(screen.server.client.pixmap_cache().entries == 0);
}

TEST_CASE("an image enters the cache although nothing of it is drawn", "[client][display][cache]") {
  Screen screen;
  screen.with_primary();
  screen.server.say(screen.link, 304, draw_copy(0, 500, 500, 5, cache_me, 9));
  screen.server.say(screen.link, 304, draw_cached(0, 10, 10, 5));
  CHECK(screen.pixel(10, 10) == 9);
}

TEST_CASE("a server that fills the cache beyond its size is out of range",
          "[client][display][cache]") {
  ClientOptions options;
  options.pixmap_cache_size = 8;
  Screen screen(options);
  screen.with_primary();
  screen.server.say(screen.link, 304, draw_copy(0, 0, 0, 1, cache_me, 9));
  screen.server.say(screen.link, 304, draw_copy(0, 0, 0, 2, cache_me, 9));
  CHECK_FALSE(screen.server.client.ended());
  screen.server.say(screen.link, 304, draw_copy(0, 0, 0, 3, cache_me, 9));
  CHECK(screen.error() == ErrorCode::out_of_range);
}

TEST_CASE("beside another display a cache miss waits, but not for ever",
          "[client][display][cache]") {
  Screen screen;
  screen.with_primary();
  const LinkId second = screen.server.bring_up(ChannelType::display, 1);
  screen.server.say(second, 314, surface_create(0, 64, 48, 1));
  screen.server.say(second, 304, draw_cached(0, 0, 0, 5));
  CHECK(screen.server.armed(second));
  const bool comes = GENERATE(true, false);
  if (comes) {
    screen.server.say(screen.link, 304, draw_copy(0, 0, 0, 5, cache_me, 0x00222222));
    CHECK_FALSE(screen.server.armed(second));
    CHECK(load_little_endian(screen.server.client.screen(1)->row(1), 4) == 0x00222222);
    CHECK(screen.server.client.error_count() == 0);
  } else {
    screen.server.fire(second);
    CHECK(screen.error() == ErrorCode::not_found);
  }
}

TEST_CASE("INVAL_ALL_PIXMAPS waits for the channels it names and then clears",
          "[client][display][cache]") {
  Screen screen;
  screen.with_primary();
  const LinkId second = screen.server.bring_up(ChannelType::display, 1);
  screen.server.say(second, 106, Body().u8(1).u8(2).u8(0).u64(2));
  screen.server.say(screen.link, 304, draw_copy(0, 0, 0, 5, cache_me, 1));
  CHECK(screen.server.client.pixmap_cache().entries == 0);
  CHECK(screen.server.client.error_count() == 0);
}

TEST_CASE("surfaces off the screen are drawn on and copied from", "[client][display]") {
  Screen screen;
  screen.with_primary();
  screen.server.say(screen.link, 314, surface_create(3, 8, 8, 0));
  screen.server.say(screen.link, 302, draw_fill(3, 0, 0, 8, 8, 0x00778899));
  Body copy;
  copy.base(0, 1, 1, 9, 9).u32(57).rect(0, 0, 8, 8).u16(8).u8(0).no_mask();
  copy.u64(0).u8(104).u8(0).u32(8).u32(8).u32(3);
  screen.server.say(screen.link, 304, copy);
  CHECK(screen.pixel(8, 8) == 0x00778899);
  screen.server.say(screen.link, 315, Body().u32(3));
  CHECK_FALSE(screen.server.client.surface(0, 3));
  screen.server.say(screen.link, 304, copy);
  CHECK(screen.error() == ErrorCode::not_found);
}

TEST_CASE("the primary surface may be announced again with its own size", "[client][display]") {
  Screen screen;
  screen.with_primary();
  screen.server.say(screen.link, 302, draw_fill(0, 0, 0, 64, 48, 7));
  screen.with_primary();
  CHECK(screen.pixel(0, 0) == 7);
  screen.server.say(screen.link, 314, surface_create(0, 32, 48, 1));
  CHECK(screen.pixel(0, 0) == 0);
  CHECK(screen.server.client.screen(0)->width() == 32);
}

TEST_CASE("surfaces that must not be are errors", "[client][display]") {
  struct Wrong {
    const char* what;
    Body body;
    ErrorCode code;
  };
  const auto wrong = GENERATE(
      values<Wrong>({{"an id that exists", surface_create(2, 8, 8, 0), ErrorCode::out_of_order},
                     {"a second primary", surface_create(5, 8, 8, 1), ErrorCode::out_of_order},
                     {"no such format", surface_create(5, 8, 8, 0, 33), ErrorCode::out_of_range},
                     {"no width", surface_create(5, 0, 8, 0), ErrorCode::out_of_range},
                     {"no height", surface_create(5, 8, 0, 0), ErrorCode::out_of_range},
                     {"too wide", surface_create(5, 32769, 1, 0), ErrorCode::out_of_range},
                     {"too large", surface_create(5, 32768, 16384, 0), ErrorCode::out_of_range}}));
  INFO(wrong.what);
  Screen screen;
  screen.with_primary();
  screen.server.say(screen.link, 314, surface_create(2, 8, 8, 0));
  screen.server.say(screen.link, 314, wrong.body);
  CHECK(screen.error() == wrong.code);
}

TEST_CASE("the number and the memory of surfaces are bounded", "[client][display]") {
  Screen screen;
  for (std::uint32_t id = 0; id < 1024; ++id)
    screen.server.say(screen.link, 314, surface_create(id, 1, 1, id == 0));
  CHECK_FALSE(screen.server.client.ended());
  const bool by_number = GENERATE(true, false);
  // 32768 x 8193 pixels are a little more than 2^30 bytes.
  screen.server.say(screen.link, 315, Body().u32(7));
  screen.server.say(screen.link, 314,
                    by_number ? surface_create(1024, 1, 1, 0) : surface_create(7, 32768, 8193, 0));
  CHECK(screen.error() == ErrorCode::out_of_range);
}

TEST_CASE("drawing on a surface that does not exist is an error", "[client][display]") {
  const int type = GENERATE(302, 304, 104);
  Screen screen;
  screen.with_primary();
  Body body = draw_fill(9, 0, 0, 1, 1, 1);
  if (type == 304) body = draw_copy(9, 0, 0, 1, 0, 1);
  if (type == 104) body = Body().base(9, 0, 0, 1, 1).u32(0).u32(0);
  screen.server.say(screen.link, static_cast<std::uint16_t>(type), body);
  CHECK(screen.error() == ErrorCode::not_found);
}

TEST_CASE("monitors are remembered as they were told", "[client][display]") {
  Screen screen;
  screen.with_primary();
  CHECK(screen.server.client.monitors(0).empty());
  screen.server.say(screen.link, 317,
                    Body().u16(1).u16(4).u32(9).u32(0).u32(30).u32(20).u32(1).u32(2).u32(0));
  REQUIRE(screen.server.client.monitors(0).size() == 1);
  CHECK(screen.server.client.monitors(0)[0] == wire::display::Head{9, 0, 30, 20, 1, 2, 0});
}

TEST_CASE("what is merely odd is noted", "[client][display]") {
  const int kind = GENERATE(0, 1, 2, 3);
  Screen screen;
  if (kind == 0) screen.server.say(screen.link, 102);                  // MARK without primary
  if (kind == 1) screen.server.say(screen.link, 315, Body().u32(44));  // DESTROY of nothing
  if (kind == 2) screen.server.say(screen.link, 317, Body().u16(0).u16(1));
  if (kind == 3) screen.server.say(screen.link, 317, Body().u16(2).u16(1).zeros(56));
  CHECK_FALSE(screen.server.client.ended());
  CHECK(screen.server.client.error_count() == 1);
  CHECK_FALSE(screen.server.client.errors()[0].fatal);
}

TEST_CASE("messages that the client does not take are skipped and counted", "[client][display]") {
  Screen screen;
  screen.with_primary();
  screen.server.say(screen.link, 322);
  screen.server.say(screen.link, 4000);
  CHECK_FALSE(screen.server.client.ended());
  const ChannelStatus status = screen.server.client.channels().back();
  CHECK(status.skipped == 2);
  CHECK(status.received.at({ChannelType::display, Side::server, 322}) == 1);
  CHECK(status.received.at({ChannelType::display, Side::server, 314}) == 1);
  CHECK(status.sent.at({ChannelType::display, Side::client, 101}) == 1);
}

TEST_CASE("a message that lies about its contents ends the session", "[client][display]") {
  const int kind = GENERATE(range(0, 8));
  Screen screen;
  screen.with_primary();
  Body body = draw_copy(0, 0, 0, 1, 0, 1);
  std::uint16_t type = 304;
  const auto put32 = [&](std::size_t at, std::uint64_t value) {
    store_little_endian(body.bytes.data() + at, value, 4);
  };
  if (kind == 0) put32(21, 0xffff0000);            // the image's offset
  if (kind == 1) put32(21, 0);                     // no image
  if (kind == 2) put32(57 + 10, 3);                // width against the bitmap's
  if (kind == 3) put32(57 + 18 + 10, 7);           // stride shorter than a row
  if (kind == 4) put32(57 + 18 + 10, 0x80000000);  // stride beyond the body
  if (kind == 5) body.bytes.resize(body.bytes.size() - 1);
  if (kind == 6) put32(4, 1 << 30);  // a coordinate beyond 2^20
  if (kind == 7) {
    type = 105;
    body = Body().u16(3).u8(1).u64(1);  // fewer ids than claimed
  }
  screen.server.say(screen.link, type, body);
  CHECK(screen.server.client.ended());
  REQUIRE(screen.server.client.error_count() == 1);
  CHECK(screen.server.client.errors()[0].message == 2);
}

TEST_CASE("clip counts beyond the body are refused", "[client][display]") {
  Screen screen;
  screen.with_primary();
  screen.server.say(screen.link, 302,
                    Body().u32(0).rect(0, 0, 1, 1).u8(1).u32(0x10000001).zeros(64));
  CHECK(screen.server.client.ended());
}

}  // namespace spicebench::client
