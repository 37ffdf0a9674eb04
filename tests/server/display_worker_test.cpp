// SPDX-License-Identifier: LGPL-2.1-or-later
// What the device asks for and what it gets back.
#include <nlohmann/json.hpp>

#include "tests/server/display_setup.hpp"

namespace spicebench::server {
namespace {

using namespace wire::display;
namespace device = wire::device;
using wire::common::Ack;
using Types = std::vector<std::uint16_t>;
using Ids = std::vector<std::uint64_t>;

using Setup = DisplaySetup;

device::SurfaceCreate other_surface(std::uint32_t id) {
  auto create = draw::primary(8, 8);
  create.surface_id = id;
  return create;
}
device::Drawable on(std::uint32_t surface_id, device::Drawable drawable) {
  std::visit(
      [surface_id](auto& body) {
        if constexpr (requires { body.base; }) body.base.surface_id = surface_id;
      },
      drawable.body);
  return drawable;
}
device::Drawable from_surface(std::uint64_t release_id, std::uint32_t surface_id) {
  auto drawable = draw::image(release_id, 0, 0, 0, 8, 0);
  auto& image = *std::get<DrawCopy>(drawable.body).src_bitmap;
  image.type = static_cast<std::uint8_t>(ImageType::surface);
  image.payload = SurfaceReference{surface_id};
  return drawable;
}

}  // namespace

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

TEST_CASE("a surface of single bits is shown by fills, which is all that clients can do with it",
          "[server][display]") {
  Setup s;
  auto memory = std::make_shared<Bytes>(8 * 4);
  for (std::size_t row = 0; row < 8; ++row) (*memory)[4 * row] = std::byte{0b0110'1001};
  auto create = other_surface(0);
  create.width = 7;
  create.stride = 4;
  create.format = surface_1_a;
  create.flags = device::guest_surface_keep_data;
  create.memory = {memory, *memory};
  s.bench.device_says(create);
  FakeChannel display = s.connect();
  display.say(Setup::init());
  std::vector<DrawFill> fills;
  for (const auto& said : display.take()) {
    CHECK(said.type != DrawCopy::message.id);
    if (said.type == DrawFill::message.id) fills.push_back(said.as<DrawFill>());
  }
  REQUIRE(fills.size() == 1);
  const auto& runs = fills[0].base.clip.rects;
  REQUIRE(runs.size() == 3 * 8);
  CHECK(runs[0] == Rect{0, 0, 1, 1});
  CHECK(runs[1] == Rect{0, 3, 1, 4});
  CHECK(runs[2] == Rect{0, 5, 1, 7});
  CHECK(std::get<SolidBrush>(fills[0].brush.body).color == 1);
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

TEST_CASE("a surface as image is rendered from its pixels and sent by its number",
          "[server][display]") {
  Setup s;
  FakeChannel display = s.connect();
  display.say(Setup::init());
  s.bench.device_says(draw::primary(8, 8));
  s.bench.device_says(other_surface(3));
  display.take();
  s.bench.draw({on(3, draw::fill(1, {0, 0, 8, 8}, 0x778899)), from_surface(2, 3)});
  const auto said = display.take();
  REQUIRE(said.size() == 2);
  CHECK(said[0].as<DrawFill>().base.surface_id == 3);
  const auto copy = said[1].as<DrawCopy>();
  CHECK(std::get<SurfaceReference>(copy.src_bitmap->payload).surface_id == 3);
  CHECK(copy.src_bitmap->flags == 0);  // never cached
  CHECK(load_little_endian(s.row(7).data() + 4 * 7, 3) == 0x778899);
  s.bench.draw({from_surface(3, 4)});  // there is none
  CHECK(display.take().empty());
  CHECK(s.bench.server.errors().size() == 1);
}

TEST_CASE("a surface that goes takes its commands along, up to one that reads it",
          "[server][display]") {
  Setup s({.net_test_bytes = {}, .ack_window = 1, .pipe_limit = 100});
  FakeChannel display = s.connect();
  display.say(Setup::init());
  s.bench.device_says(draw::primary(8, 8));
  s.bench.device_says(other_surface(3));
  s.bench.draw({on(3, draw::fill(1, {0, 0, 8, 8}, 1)), from_surface(2, 3),
                on(3, draw::fill(3, {0, 0, 8, 8}, 2)), draw::fill(4, {0, 0, 1, 1}, 3)});
  s.bench.device_says(device::SurfaceDestroy{3});
  CHECK(s.bench.released() == Ids{3});
  display.acknowledge(1);
  for (int i = 0; i < 20; ++i) display.say(Ack{});
  const auto said = display.take();
  REQUIRE(said.size() >= 4);
  CHECK(said[said.size() - 4].as<DrawFill>().base.surface_id == 3);
  CHECK(said[said.size() - 3].type == DrawCopy::message.id);
  CHECK(said[said.size() - 2].as<DrawFill>().base.surface_id == 0);
  CHECK(said[said.size() - 1].as<SurfaceDestroy>().surface_id == 3);
  CHECK(s.bench.released() == Ids{3, 1, 2, 4});
}

TEST_CASE("surfaces come and go with the guest's commands, their resources with them",
          "[server][display]") {
  Setup s;
  FakeChannel display = s.connect();
  display.say(Setup::init());
  s.bench.device_says(draw::primary(8, 8));
  display.take();
  auto memory = std::make_shared<Bytes>(8 * 8 * 4, std::byte{0x55});
  auto surface = other_surface(3);
  surface.memory = {memory, *memory};
  SECTION("a clear one") {
    s.bench.surface_command({.release_id = 1, .surface = surface});
    CHECK(display.take_types() == Types{SurfaceCreate::message.id});
    CHECK(memory->front() == std::byte{0});
  }
  SECTION("one that keeps its data, which clients are shown") {
    surface.flags = device::guest_surface_keep_data;
    s.bench.surface_command({.release_id = 1, .surface = surface});
    const auto said = display.take();
    REQUIRE(said.size() == 2);
    CHECK(said[0].type == SurfaceCreate::message.id);
    CHECK(bitmap_of(said[1].as<DrawCopy>()).data[0] == std::byte{0x55});
  }
  CHECK(s.bench.released().empty());
  s.bench.surface_command({.release_id = 2, .action = 1, .surface = {.surface_id = 3}});
  CHECK(s.bench.released() == Ids{1, 2});
  CHECK(display.take_types() == Types{SurfaceDestroy::message.id});
  s.bench.surface_command({.release_id = 4, .action = 1, .surface = {.surface_id = 3}});
  CHECK(s.bench.released() == Ids{1, 2, 4});
  CHECK(s.bench.server.errors().size() == 1);
}

TEMPLATE_TEST_CASE("every operation is rendered and sent as it is", "[server][display]", DrawFill,
                   DrawOpaque, DrawCopy, DrawBlend, DrawBlackness, DrawWhiteness, DrawInvers,
                   DrawRop3, DrawStroke, DrawText, DrawTransparent, DrawAlphaBlend, DrawComposite,
                   CopyBits) {
  Setup s;
  s.bench.device_says(draw::primary(8, 8));
  FakeChannel display = s.connect();
  display.say(Setup::init());
  const Rect box{0, 0, 4, 4};
  s.bench.draw({draw::fill(1, {0, 0, 8, 8}, 0x102030), draw::fill(1, {4, 4, 8, 8}, 0x405060)});
  display.take();
  const auto before = s.row(1);

  TestType command;
  command.base.box = box;
  const auto image = std::get<DrawCopy>(draw::image(1, 77, 0, 0, 4, 0xee, false).body).src_bitmap;
  if constexpr (requires { command.src_bitmap; }) command.src_bitmap = image;
  if constexpr (requires { command.src_area; }) command.src_area = box;
  if constexpr (requires { command.brush; }) command.brush = {1, SolidBrush{0x708090}};
  if constexpr (requires { command.fore_brush; }) {
    command.fore_brush = {1, SolidBrush{0x708090}};
    command.str = {string_a8, {{{0, 0}, {0, 0}, 4, 4, SharedBytes(Bytes(16, std::byte{0xff}))}}};
  }
  if constexpr (requires { command.path; })
    command.path.segments = {{path_begin | path_end, {{0, 16}, {64, 16}}}};
  if constexpr (requires { command.src_pos; }) command.src_pos = {4, 4};
  if constexpr (requires { command.src_origin; }) command.flags = 1;  // the source as it is
  s.bench.draw({{.release_id = 2, .type = 1, .body = command}});
  const auto said = display.take();
  REQUIRE(said.size() == 1);
  CHECK(said[0].template as<TestType>() == command);
  CHECK(s.row(1) != before);
  CHECK(s.bench.server.errors().empty());
}

TEST_CASE("every image of a command is looked up in the client's cache", "[server][display]") {
  Setup s;
  s.bench.device_says(draw::primary(8, 8));
  FakeChannel display = s.connect();
  display.say(Setup::init());
  display.take();
  const auto image = [](std::uint64_t id) {
    return *std::get<DrawCopy>(draw::image(1, id, 0, 0, 4, 0xee).body).src_bitmap;
  };
  DrawRop3 command{.base = {.box = {0, 0, 4, 4}}, .src_bitmap = image(1), .src_area = {0, 0, 4, 4}};
  command.brush = {2, PatternBrush{image(2), {0, 0}}};
  const device::Drawable drawable{.release_id = 1, .type = 9, .body = command};
  s.bench.draw({drawable, drawable});
  const auto said = display.take();
  REQUIRE(said.size() == 2);
  const auto first = said[0].as<DrawRop3>(), second = said[1].as<DrawRop3>();
  CHECK(first.src_bitmap->flags == cache_me);
  CHECK(std::get<PatternBrush>(first.brush.body).pattern.flags == cache_me);
  constexpr auto from_cache = static_cast<std::uint8_t>(ImageType::from_cache);
  CHECK(second.src_bitmap->type == from_cache);
  CHECK(std::get<PatternBrush>(second.brush.body).pattern.type == from_cache);
}

TEST_CASE("the picture of another surface keeps its pad bytes", "[server][display]") {
  struct Row {
    const char* what;
    std::uint8_t pad_of_first, pad_of_rest;
    std::uint8_t format, flags;
  };
  const Row rows[] = {{"clear", 0, 0, format_32bit, 0},
                      {"all set", 0xff, 0xff, format_32bit, high_bits_set},
                      {"mixed", 1, 0, format_rgba, 0}};
  for (const Row& row : rows) {
    INFO(row.what);
    Setup s;
    auto memory = std::make_shared<Bytes>(8 * 8 * 4);
    auto create = other_surface(3);
    create.memory = {memory, *memory};
    s.bench.device_says(create);
    for (std::size_t i = 3; i < memory->size(); i += 4)
      (*memory)[i] = std::byte{i == 3 ? row.pad_of_first : row.pad_of_rest};
    FakeChannel display = s.connect();
    display.say(Setup::init());
    const auto said = display.take();
    REQUIRE(said.size() == 4);
    CHECK(said[2].as<SurfaceCreate>().flags == 0);
    const auto picture = said[3].as<DrawCopy>();
    CHECK(bitmap_of(picture).format == row.format);
    CHECK(picture.src_bitmap->flags == row.flags);
  }
}

TEST_CASE("without write credit commands wait in the pipe, at most one message is made",
          "[server][display]") {
  Setup s;
  s.bench.device_says(draw::primary(8, 8));
  s.bench.credit = 202 + 4 + 14;  // the link stage and SET_ACK
  FakeChannel display = s.connect();
  display.say(Setup::init());
  s.bench.draw({draw::fill(1, {0, 0, 1, 1}, 1), draw::fill(2, {0, 0, 1, 1}, 1)});
  CHECK(s.bench.released().empty());
  const auto queued = [&s] {
    std::size_t bytes = 0;
    const auto state = s.bench.server.describe();
    for (const auto& link : state["connections"]) bytes += link["queued_bytes"].get<std::size_t>();
    return bytes;
  };
  CHECK(queued() == 6);  // INVAL_ALL_PALETTES
  for (int i = 0; i < 10'000 && s.bench.released().size() < 2; ++i) {
    s.bench.grant(display.link, 1);
    CHECK(queued() < 500);  // the picture of 8 x 8 pixels
  }
  CHECK(s.bench.released() == Ids{1, 2});
}

}  // namespace spicebench::server
