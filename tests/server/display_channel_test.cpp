// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/channels/display_channel.hpp"

#include "tests/server/bench.hpp"

namespace spicebench::server {
namespace {

using namespace wire::display;
namespace device = wire::device;
using wire::ChannelType;
using wire::common::Ack;
using wire::common::SetAck;
using Types = std::vector<std::uint16_t>;
using Ids = std::vector<std::uint64_t>;

constexpr std::uint32_t all_caps = 0xffff'ffff;
constexpr std::int64_t cache_pixels = 1000;

struct Setup {
  explicit Setup(ServerOptions options = {.net_test_bytes = {}, .ack_window = 0},
                 bool mini_header = true, std::uint32_t caps = all_caps)
      : bench(std::move(options)), mini(mini_header), caps_word(caps) {
    bench.connect_device();
  }
  FakeChannel connect() { return {bench, ChannelType::display, session.id, mini, {caps_word}}; }
  static Init init(std::int64_t pixels = cache_pixels) {
    return {.pixmap_cache_id = 1,
            .pixmap_cache_size = pixels,
            .glz_dictionary_id = 1,
            .glz_dictionary_window_size = 1 << 22};
  }
  std::vector<std::byte> row(std::uint32_t y) {
    const auto view = bench.server.surface(0);
    REQUIRE(view.has_value());
    return {view->row(y), view->row(y) + std::size_t{4} * view->width};
  }

  Bench bench;
  bool mini;
  std::uint32_t caps_word;
  FakeSession session{bench};
};

const Bitmap& bitmap_of(const DrawCopy& message) {
  return std::get<Bitmap>(message.src_bitmap->payload);
}

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

TEST_CASE("the driver's monitors are told without empty heads, and impossible ones ignored",
          "[server][display]") {
  Setup s;
  FakeChannel display = s.connect();
  display.say(Setup::init());
  s.bench.device_says(draw::primary(8, 4));
  display.take();
  s.bench.device_says(device::MonitorsConfig{.max_allowed = 0, .heads = {{}}});
  s.bench.device_says(device::MonitorsConfig{.max_allowed = 4, .heads = {}});
  CHECK(display.take().empty());
  s.bench.device_says(device::MonitorsConfig{
      .max_allowed = 4, .heads = {{.width = 8, .height = 4}, {.monitor_id = 1}}});
  const auto config = display.take()[0].as<MonitorsConfig>();
  CHECK(config.max_allowed == 4);
  CHECK(config.heads.size() == 1);
  // Once the driver has spoken, a new surface does not speak for it.
  s.bench.device_says(device::SurfaceDestroy{0});
  s.bench.device_says(draw::primary(16, 4));
  CHECK(display.take_types() ==
        Types{SurfaceDestroy::message.id, SurfaceCreate::message.id, Mark::message.id});
}

TEST_CASE("commands are rendered into the guest's memory and sent as they are",
          "[server][display]") {
  Setup s;
  auto memory = std::make_shared<Bytes>(8 * 4 * 4, std::byte{0x55});
  auto create = draw::primary(8, 4);
  create.memory = {memory, *memory};
  s.bench.device_says(create);
  CHECK(memory->front() == std::byte{0});  // a new surface is clear
  FakeChannel display = s.connect();
  display.say(Setup::init());
  display.take();
  const auto fill = draw::fill(1, {0, 0, 2, 2}, 0x010203);
  const auto copy = draw::image(2, 77, 4, 0, 2, 0xee, false);
  const auto move = draw::copy_bits(3, {0, 2, 2, 4}, {0, 0});
  s.bench.draw({fill, copy, move});
  const auto said = display.take();
  REQUIRE(said.size() == 3);
  CHECK(said[0].as<DrawFill>() == std::get<DrawFill>(fill.body));
  CHECK(said[1].as<DrawCopy>() == std::get<DrawCopy>(copy.body));
  CHECK(said[2].as<CopyBits>() == std::get<CopyBits>(move.body));
  for (const std::size_t x : {0, 1, 2, 3})
    CHECK(load_little_endian(memory->data() + 4 * x, 3) == 0x010203);
  for (const std::size_t x : {4, 5})
    CHECK(load_little_endian(memory->data() + 4 * x, 3) == 0xeeeeee);
  CHECK(load_little_endian(memory->data() + 4 * 6, 4) == 0);
}

TEST_CASE("copy_bits reads the old pixels where source and destination overlap",
          "[server][display]") {
  Setup s;
  s.bench.device_says(draw::primary(6, 1));
  for (std::int32_t x = 0; x < 6; ++x)
    s.bench.draw({draw::fill(static_cast<std::uint64_t>(x), {0, x, 1, x + 1},
                             static_cast<std::uint32_t>(x + 1))});
  s.bench.draw({draw::copy_bits(9, {0, 1, 1, 6}, {0, 0})});
  const auto row = s.row(0);
  const std::uint64_t expected[] = {1, 1, 2, 3, 4, 5};
  for (std::size_t x = 0; x < 6; ++x)
    CHECK(load_little_endian(row.data() + 4 * x, 3) == expected[x]);
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

TEST_CASE("acknowledging what was not sent is noted and clamped", "[server][display]") {
  Setup s({.net_test_bytes = {}, .ack_window = 20});
  s.bench.device_says(draw::primary(8, 8));
  FakeChannel display = s.connect();
  display.say(Setup::init());
  display.acknowledge(1);
  display.say(Ack{});
  REQUIRE(s.bench.server.errors().size() == 1);
  CHECK_FALSE(s.bench.server.errors()[0].fatal);
  CHECK(s.bench.server.errors()[0].message == 3);
  CHECK_FALSE(display.closed());
  s.bench.draw({draw::fill(1, {0, 0, 1, 1}, 1)});
  CHECK(display.take().size() == 7);
}

TEST_CASE("a resource is released once: rendered, and sent to whoever sees it",
          "[server][display]") {
  Setup s({.net_test_bytes = {}, .ack_window = 4, .pipe_limit = 1000});
  s.bench.device_says(draw::primary(8, 8));
  s.bench.draw({draw::fill(1, {0, 0, 1, 1}, 1), draw::fill(2, {0, 0, 1, 1}, 1)});
  CHECK(s.bench.released() == Ids{1, 2});  // nobody sees it
  FakeChannel display = s.connect();
  display.say(Setup::init());
  std::vector<device::Drawable> fills;
  for (std::uint64_t i = 3; i <= 10; ++i) fills.push_back(draw::fill(i, {0, 0, 1, 1}, 1));
  s.bench.draw(fills);
  CHECK(s.bench.released() == Ids{1, 2, 3, 4, 5});
  display.acknowledge(1);
  display.say(Ack{});
  CHECK(s.bench.released() == Ids{1, 2, 3, 4, 5, 6, 7, 8, 9});
  s.bench.hang_up(display.link);  // what is queued goes with the client
  CHECK(s.bench.released() == Ids{1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
  CHECK(s.bench.server.counters().released == 10);
}

TEST_CASE("a full pipe keeps the server from fetching; a client that stays so is ended",
          "[server][display]") {
  Setup s({.net_test_bytes = {}, .ack_window = 4, .pipe_limit = 5});
  s.bench.device_says(draw::primary(8, 8));
  FakeChannel display = s.connect();
  display.say(Setup::init());
  std::vector<device::Drawable> fills;
  for (std::uint64_t i = 1; i <= 20; ++i) fills.push_back(draw::fill(i, {0, 0, 1, 1}, 1));
  s.bench.draw(fills);
  CHECK(s.bench.commands.size() == 20 - 3 - 6);  // sent, and the pipe at one above its limit
  CHECK(s.bench.server.counters().pipe_full_waits == 1);
  s.bench.pass(std::chrono::seconds(30) - Duration{1});
  CHECK_FALSE(display.closed());
  SECTION("it reads on") {
    display.acknowledge(1);
    display.say(Ack{});
    s.bench.pass(std::chrono::seconds(29));
    CHECK_FALSE(display.closed());
    CHECK(s.bench.commands.size() == 20 - 7 - 6);
  }
  SECTION("it does not") {
    s.bench.pass(Duration{1});
    CHECK(display.closed());
    CHECK(s.bench.commands.empty());
    CHECK(s.bench.released().size() == 20);
    CHECK_FALSE(s.session.main.closed());
  }
}

TEST_CASE("impossible commands are refused, released and noted, and nobody sees them",
          "[server][display]") {
  Setup s;
  s.bench.device_says(draw::primary(8, 8));
  FakeChannel display = s.connect();
  display.say(Setup::init());
  display.take();
  const auto changed = [](device::Drawable drawable, auto change) {
    std::visit(
        [&change](auto& body) {
          if constexpr (requires { body.base; }) change(body);
        },
        drawable.body);
    return drawable;
  };
  const auto image = draw::image(9, 1, 0, 0, 4, 1);
  auto no_source = image, outside = image, empty = image;
  std::get<DrawCopy>(no_source.body).src_bitmap.reset();
  std::get<DrawCopy>(outside.body).src_area.right = 5;
  std::get<DrawCopy>(empty.body).src_area.right = 0;
  const std::vector<device::Drawable> bad = {
      changed(draw::fill(9, {0, 0, 1, 1}, 1), [](auto& b) { b.base.surface_id = 1; }),
      draw::fill(9, {-1, 0, 1, 1}, 1),
      draw::fill(9, {0, 0, 9, 1}, 1),
      draw::fill(9, {0, 0, 1, 9}, 1),
      no_source,
      outside,
      empty,
      {.release_id = 9, .type = 200},
  };
  for (const auto& drawable : bad) s.bench.draw({drawable});
  CHECK(display.take().empty());
  CHECK(s.bench.released().size() == bad.size());
  CHECK(s.bench.server.counters().commands_refused == bad.size());
  CHECK(s.bench.server.errors().size() == bad.size());
  CHECK(s.bench.server.errors()[0].error.path == "draw_command.base.surface_id");
  // Nothing to draw is no error.
  auto clipped = draw::fill(9, {0, 0, 4, 4}, 1);
  std::get<DrawFill>(clipped.body).base.clip = {clip_rects, {{5, 5, 6, 6}}};
  s.bench.draw({clipped, draw::fill(9, {3, 3, 3, 5}, 1), {.release_id = 9}});
  CHECK(display.take().empty());
  CHECK(s.bench.server.errors().size() == bad.size());
  CHECK(s.bench.released().size() == bad.size() + 3);
}

TEST_CASE("a mode change discards what was queued for the old surface", "[server][display]") {
  Setup s({.net_test_bytes = {}, .ack_window = 4});
  s.bench.device_says(draw::primary(8, 8));
  FakeChannel display = s.connect();
  display.say(Setup::init());
  std::vector<device::Drawable> fills;
  for (std::uint64_t i = 1; i <= 8; ++i) fills.push_back(draw::fill(i, {0, 0, 1, 1}, 1));
  s.bench.draw(fills);
  display.take();
  s.bench.device_says(device::SurfaceDestroy{0});
  CHECK(s.bench.released().size() == 8);
  s.bench.device_says(draw::primary(4, 4));
  display.acknowledge(1);
  display.say(Ack{});
  CHECK(display.take_types() == Types{SurfaceDestroy::message.id, SurfaceCreate::message.id,
                                      MonitorsConfig::message.id, Mark::message.id});
  CHECK(s.bench.server.surface(0)->width == 4);
}

TEST_CASE("a reset of the guest empties surfaces and caches", "[server][display]") {
  Setup s;
  s.bench.device_says(draw::primary(64, 64));
  FakeChannel display = s.connect();
  display.say(Setup::init());
  s.bench.draw({draw::image(1, 7, 0, 0, 4, 1)});
  display.take();
  s.bench.device_says(device::Reset{});
  CHECK(display.take_types() == Types{SurfaceDestroy::message.id, InvalAllPalettes::message.id,
                                      InvalAllPixmaps::message.id});
  CHECK_FALSE(s.bench.server.surface(0).has_value());
  s.bench.device_says(draw::primary(64, 64));
  s.bench.draw({draw::image(2, 7, 0, 0, 4, 9)});
  CHECK(display.take().back().as<DrawCopy>().src_bitmap->flags == cache_me);
}

TEST_CASE("an area update tells what was drawn since the last one", "[server][display]") {
  Setup s;
  s.bench.device_says(draw::primary(64, 64));
  s.bench.draw({draw::fill(1, {0, 0, 2, 2}, 1), draw::fill(2, {1, 1, 3, 3}, 1),
                draw::fill(3, {10, 10, 12, 12}, 1)});
  const auto asked = [&s](std::uint32_t id, bool clear) {
    s.bench.device_says(
        device::UpdateArea{.request_id = id,
                           .area = {0, 0, 64, 64},
                           .clear_dirty = clear ? std::uint8_t{1} : std::uint8_t{0}});
    const auto answer = s.bench.device_heard<device::AreaUpdated>().back();
    CHECK(answer.request_id == id);
    std::int64_t area = 0;
    for (const Rect& rect : answer.dirty) area += width_of(rect) * height_of(rect);
    return area;
  };
  CHECK(asked(1, false) == 4 + 4 - 1 + 4);
  CHECK(asked(2, true) == 11);
  CHECK(asked(3, false) == 0);
  s.bench.device_says(device::UpdateArea{.request_id = 4, .surface_id = 5});
  CHECK(s.bench.device_heard<device::AreaUpdated>().back().request_id == 4);
  CHECK(s.bench.server.errors().size() == 1);
}

TEST_CASE("the guest is told what its clients can show", "[server][display]") {
  Setup s;
  FakeChannel display = s.connect();
  display.say(Setup::init());
  auto told = s.bench.device_heard<device::ClientCapabilities>();
  REQUIRE(told.size() == 2);
  CHECK(told[0].client_present == 0);
  CHECK(told[1].client_present == 1);
  CHECK(told[1].capabilities[0] == 0b10);  // monitors, and nothing that is not passed on
  s.bench.hang_up(display.link);
  CHECK(s.bench.device_heard<device::ClientCapabilities>().back().client_present == 0);
}

TEST_CASE("when the device goes its surfaces go, and nothing is released to nobody",
          "[server][display]") {
  Setup s({.net_test_bytes = {}, .ack_window = 1});
  s.bench.device_says(draw::primary(8, 8));
  FakeChannel display = s.connect();
  display.say(Setup::init());
  s.bench.draw({draw::fill(1, {0, 0, 1, 1}, 1), draw::fill(2, {0, 0, 1, 1}, 1)});
  s.bench.hang_up(s.bench.device);
  CHECK(s.bench.released().empty());
  CHECK_FALSE(s.bench.server.surface(0).has_value());
  s.bench.to_device.clear();
  s.bench.connect_device();
  s.bench.device_says(draw::primary(4, 4));
  s.bench.draw({draw::fill(7, {0, 0, 1, 1}, 1)});
  display.acknowledge(1);
  for (int i = 0; i < 12; ++i) display.say(Ack{});
  CHECK(s.bench.released() == Ids{7});
}

TEST_CASE("PREFERRED_COMPRESSION: off is there, the rest is noted", "[server][display]") {
  Setup s;
  FakeChannel display = s.connect();
  display.say(PreferredCompression{1});
  CHECK(s.bench.server.errors().empty());
  display.say(PreferredCompression{6});
  display.say(PreferredCompression{200});
  CHECK(s.bench.server.errors().size() == 2);
  CHECK_FALSE(display.closed());
}

TEST_CASE("surfaces that cannot be are refused", "[server][display]") {
  Setup s;
  auto create = draw::primary(8, 8);
  SECTION("no format") {
    create.format = 7;
  }
  SECTION("no width") {
    create.width = 0;
  }
  SECTION("a short stride") {
    create.stride = 31;
  }
  SECTION("an id too high") {
    create.surface_id = 1024;
  }
  SECTION("no end of rows") {
    create.height = 0xffff'ffff;
  }
  s.bench.device_says(create);
  CHECK_FALSE(s.bench.server.surface(0).has_value());
  CHECK(s.bench.server.errors().size() == 1);
}

TEST_CASE("a bottom-up surface is shown the right way round", "[server][display]") {
  Setup s;
  auto memory = std::make_shared<Bytes>(4 * 4 * 4);
  auto create = draw::primary(4, 4);
  create.stride = -16;
  create.memory = {memory, *memory};
  s.bench.device_says(create);
  s.bench.draw({draw::fill(1, {0, 0, 1, 4}, 0x123456)});
  CHECK(load_little_endian(memory->data() + 3 * 16, 3) == 0x123456);  // the top row is the last
  FakeChannel display = s.connect();
  display.say(Setup::init());
  const auto picture = display.take()[3].as<DrawCopy>();
  CHECK(load_little_endian(bitmap_of(picture).data.data(), 3) == 0x123456);
}

}  // namespace spicebench::server
