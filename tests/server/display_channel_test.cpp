// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/channels/display_channel.hpp"

#include "tests/server/display_setup.hpp"

namespace spicebench::server {
namespace {

using namespace wire::display;
namespace device = wire::device;
using wire::common::Ack;
using wire::common::SetAck;
using Types = std::vector<std::uint16_t>;

using Setup = DisplaySetup;

}  // namespace

TEST_CASE("nothing is said before DISPLAY_INIT, and it must come within 30 seconds",
          "[server][display]") {
  Setup s;
  s.bench.device_says(draw::primary(8, 8));
  FakeChannel in_time = s.connect();
  CHECK(in_time.take().empty());
  s.bench.pass(std::chrono::seconds(30) - Duration{1});
  in_time.say(Setup::init());
  s.bench.pass(std::chrono::hours(1));
  CHECK_FALSE(in_time.closed());
  in_time.say(Setup::init());  // a second one is an error
  CHECK(in_time.closed());
  const FakeChannel late = s.connect();
  s.bench.pass(std::chrono::seconds(30));
  CHECK(late.closed());
  CHECK_FALSE(s.session.main.closed());
}

TEST_CASE("after INIT come palettes, surface, its picture, monitors and MARK in this order",
          "[server][display]") {
  Setup s;
  s.bench.device_says(draw::primary(8, 4));
  s.bench.draw({draw::fill(1, {0, 0, 4, 8}, 0x112233), draw::fill(2, {1, 2, 3, 4}, 0xaabbcc)});
  FakeChannel display = s.connect();
  display.say(Setup::init());
  const auto said = display.take();
  REQUIRE(said.size() == 6);
  CHECK(said[0].as<SetAck>() == SetAck{1, 0});
  said[1].as<InvalAllPalettes>();
  CHECK(said[2].as<SurfaceCreate>() == SurfaceCreate{0, 8, 4, surface_32_xrgb, surface_primary});
  const auto picture = said[3].as<DrawCopy>();
  CHECK(picture.base == DisplayBase{0, {0, 0, 4, 8}, {}});
  CHECK(picture.src_area == Rect{0, 0, 4, 8});
  CHECK(picture.rop_descriptor == ropd_put);
  CHECK(picture.scale_mode == 0);
  CHECK(picture.src_bitmap->id == (std::uint64_t{1} << 32 | 2));
  CHECK(picture.src_bitmap->flags == 0);
  CHECK(bitmap_of(picture).format == format_32bit);
  CHECK(bitmap_of(picture).flags == top_down);
  // A late connect gets what was drawn before.
  const BytesView pixels = bitmap_of(picture).data;
  REQUIRE(pixels.size() == 4 * 8 * 4);
  for (std::uint32_t y = 0; y < 4; ++y)
    for (std::uint32_t x = 0; x < 8; ++x) {
      const bool inner = y >= 1 && y < 3 && x >= 2 && x < 4;
      CHECK(load_little_endian(pixels.data() + 4 * (8 * y + x), 3) ==
            (inner ? 0xaabbcc : 0x112233));
    }
  const auto monitors = said[4].as<MonitorsConfig>();
  CHECK(monitors.max_allowed == 1);
  CHECK(monitors.heads == std::vector<Head>{{.width = 8, .height = 4}});
  said[5].as<Mark>();
}

TEST_CASE("MONITORS_CONFIG needs the client's capability", "[server][display]") {
  Setup s({.net_test_bytes = {}, .ack_window = 0}, true, 0);
  s.bench.device_says(draw::primary(8, 4));
  FakeChannel display = s.connect();
  display.say(Setup::init());
  CHECK(display.take_types() == Types{SetAck::message.id, InvalAllPalettes::message.id,
                                      SurfaceCreate::message.id, DrawCopy::message.id,
                                      Mark::message.id});
  s.bench.device_says(
      device::MonitorsConfig{.max_allowed = 1, .heads = {{.width = 4, .height = 4}}});
  CHECK(display.take().empty());
}

TEST_CASE("without a primary surface only SET_ACK is said until there is one",
          "[server][display]") {
  Setup s;
  FakeChannel display = s.connect();
  display.say(Setup::init());
  CHECK(display.take_types() == Types{SetAck::message.id});
  s.bench.device_says(draw::primary(8, 4));
  CHECK(display.take_types() ==
        Types{SurfaceCreate::message.id, MonitorsConfig::message.id, Mark::message.id});
}

TEST_CASE("a cached image is sent once and named afterwards", "[server][display]") {
  Setup s;
  s.bench.device_says(draw::primary(64, 64));
  FakeChannel display = s.connect();
  display.say(Setup::init());
  display.take();
  s.bench.draw({draw::image(1, 7, 0, 0, 4, 1), draw::image(2, 7, 8, 8, 4, 1)});
  const auto said = display.take();
  REQUIRE(said.size() == 2);
  const auto first = said[0].as<DrawCopy>(), second = said[1].as<DrawCopy>();
  CHECK(first.src_bitmap->flags == cache_me);
  CHECK(bitmap_of(first).data.size() == 64);
  CHECK(second.src_bitmap->type == static_cast<std::uint8_t>(ImageType::from_cache));
  CHECK(second.src_bitmap->flags == 0);
  CHECK(second.src_bitmap->id == 7);
  CHECK(second.src_bitmap->width == 4);
  CHECK(second.base.box == Rect{8, 8, 12, 12});
  CHECK(s.bench.server.counters().cache_hits == 1);
}

TEST_CASE("evictions are announced ahead of the message that needs the room", "[server][display]") {
  for (const bool mini : {true, false}) {
    INFO("mini header " << mini);
    Setup s({.net_test_bytes = {}, .ack_window = 0}, mini);
    s.bench.device_says(draw::primary(64, 64));
    FakeChannel display = s.connect();
    display.say(Setup::init(40));  // two images of 4 x 4, and a rest
    const std::size_t start = display.take().size();
    s.bench.draw({draw::image(1, 1, 0, 0, 4, 1), draw::image(2, 2, 0, 0, 4, 2),
                  draw::image(3, 1, 0, 0, 4, 1), draw::image(4, 3, 0, 0, 4, 3)});
    const auto said = display.take();
    REQUIRE(said.size() == (mini ? 5 : 4));
    const auto last = said.back().as<DrawCopy>();
    CHECK(last.src_bitmap->id == 3);
    CHECK(last.src_bitmap->flags == cache_me);
    const std::vector<ResourceId> dropped{{resource_pixmap, 2}};
    if (mini) {
      CHECK(said[3].as<InvalList>().resources == dropped);
      continue;
    }
    CHECK(said.back().serial == start + 4);
    const SharedBytes& body = said.back().body;
    const std::uint32_t list = said.back().sub_list;
    REQUIRE(list + 6 == body.size());
    CHECK(load_little_endian(body.data() + list, 2) == 1);
    const auto at = load_little_endian(body.data() + list + 2, 4);
    CHECK(load_little_endian(body.data() + at, 2) == InvalList::message.id);
    REQUIRE(load_little_endian(body.data() + at + 2, 4) == 2 + 9);  // as on the wire
    CHECK(at + 6 + 11 == list);
    CHECK(wire::decode<InvalList>(body.slice(at + 6, 11))->resources == dropped);
  }
}

TEST_CASE("an image as large as the cache, or without a cache, is sent every time",
          "[server][display]") {
  for (const std::int64_t pixels : {std::int64_t{16}, std::int64_t{0}, std::int64_t{-5}}) {
    Setup s;
    s.bench.device_says(draw::primary(64, 64));
    FakeChannel display = s.connect();
    display.say(Setup::init(pixels));
    display.take();
    s.bench.draw({draw::image(1, 7, 0, 0, 4, 1), draw::image(2, 7, 0, 0, 4, 1)});
    for (const auto& one : display.take()) CHECK(one.as<DrawCopy>().src_bitmap->flags == 0);
  }
}

TEST_CASE("an INIT that asks for too much ends the channel", "[server][display]") {
  Setup s;
  const auto tried = [&s](Init init) {
    FakeChannel display = s.connect();
    display.say(init);
    const bool closed = display.closed();
    if (!closed) s.bench.hang_up(display.link);
    return closed;
  };
  auto init = Setup::init();
  init.glz_dictionary_window_size = 1 << 25;
  CHECK_FALSE(tried(init));
  init.glz_dictionary_window_size = (1 << 25) + 1;
  CHECK(tried(init));
  init.glz_dictionary_window_size = -1;
  CHECK(tried(init));
  init = Setup::init(std::int64_t{1} << 40);
  CHECK_FALSE(tried(init));
  CHECK(tried(Setup::init((std::int64_t{1} << 40) + 1)));
}

TEST_CASE("sending stops above two windows of unacknowledged messages and goes on with the ACK",
          "[server][display]") {
  Setup s({.net_test_bytes = {}, .ack_window = 4});
  s.bench.device_says(draw::primary(8, 8));
  FakeChannel display = s.connect();
  display.say(Setup::init());
  CHECK(display.take().size() == 6);
  std::vector<device::Drawable> fills;
  for (std::uint64_t i = 1; i <= 20; ++i) fills.push_back(draw::fill(i, {0, 0, 1, 1}, 1));
  s.bench.draw(fills);
  CHECK(display.take().size() == 3);  // SET_ACK counts: 6 + 3 = 9 > 2 * 4
  display.say(Ack{});                 // no ACK_SYNC yet: stale
  CHECK(display.take().empty());
  display.acknowledge(1);
  CHECK(display.take().empty());
  display.say(Ack{});
  CHECK(display.take().size() == 4);
  display.say(Ack{});
  CHECK(display.take().size() == 4);
  CHECK(s.bench.server.errors().empty());
}

TEST_CASE("H-CH-3: acknowledging what was not sent ends the channel", "[server][display]") {
  Setup s({.net_test_bytes = {}, .ack_window = 20});
  s.bench.device_says(draw::primary(8, 8));
  FakeChannel display = s.connect();
  display.say(Setup::init());
  display.acknowledge(1);
  display.say(Ack{});
  REQUIRE(s.bench.server.errors().size() == 1);
  CHECK(s.bench.server.errors()[0].fatal);
  CHECK(s.bench.server.errors()[0].message == 3);
  CHECK(display.closed());
  CHECK(s.bench.server.has_client());
}

TEST_CASE("PREFERRED_COMPRESSION: what there is not is noted", "[server][display]") {
  Setup s;
  FakeChannel display = s.connect();
  display.say(PreferredCompression{1});
  CHECK(s.bench.server.errors().empty());
  display.say(PreferredCompression{6});
  CHECK(s.bench.server.errors().empty());
  display.say(PreferredCompression{0});
  display.say(PreferredCompression{200});
  CHECK(s.bench.server.errors().size() == 2);
  CHECK_FALSE(display.closed());
}

}  // namespace spicebench::server
