// SPDX-License-Identifier: LGPL-2.1-or-later
// What is covered before its turn comes is not sent (display-pipeline.md §8; test idea 1 of §31:
// the client's picture with all of it is in tests/replayer/wan_test.cpp).
#include "server/display/culling.hpp"

#include <nlohmann/json.hpp>

#include "tests/server/display_setup.hpp"

namespace spicebench::server {
namespace {

using namespace wire::display;
namespace device = wire::device;
using Ids = std::vector<std::uint64_t>;

device::Drawable opaque_fill(std::uint64_t id, Rect box) {
  auto fill = draw::fill(id, box, 0x10101 * static_cast<std::uint32_t>(id));
  fill.effect = static_cast<std::uint8_t>(device::DrawEffect::opaque);
  return fill;
}
device::Drawable blended(device::Drawable drawable) {
  drawable.effect = static_cast<std::uint8_t>(device::DrawEffect::blend);
  return drawable;
}
device::Drawable opaque(device::Drawable drawable) {
  drawable.effect = static_cast<std::uint8_t>(device::DrawEffect::opaque);
  return drawable;
}
device::Drawable reading_surface(std::uint64_t id, std::uint32_t surface, std::uint32_t on) {
  auto drawable = blended(draw::image(id, 0, 0, 0, 8, 0));
  auto& copy = std::get<DrawCopy>(drawable.body);
  copy.base.surface_id = on;
  copy.src_bitmap->type = static_cast<std::uint8_t>(ImageType::surface);
  copy.src_bitmap->payload = SurfaceReference{surface};
  return drawable;
}

// A client that has stopped reading: what is drawn waits in its pipe.
struct Blocked : DisplaySetup {
  Blocked() : DisplaySetup({.net_test_bytes = {}, .ack_window = 1}), display(connect()) {
    display.say(init());
    bench.device_says(draw::primary(32, 32));
    display.take();
    for (std::uint64_t id = 1000; pipe() == 0; ++id) bench.draw({draw::fill(id, {0, 0, 1, 1}, 0)});
    before = pipe();
  }
  std::size_t pipe() { return bench.server.describe()["connections"].back()["pipe"]; }
  // How many of the drawables still wait.
  std::size_t waiting(std::vector<device::Drawable> drawables) {
    bench.draw(std::move(drawables));
    return pipe() - before;
  }
  FakeChannel display;
  std::size_t before = 0;
};

}  // namespace

TEST_CASE("a command that later ones cover leaves the pipe, and its resource goes back",
          "[server][display]") {
  Blocked s;
  CHECK(s.waiting({opaque_fill(1, {4, 4, 8, 8}), blended(draw::fill(2, {5, 5, 7, 7}, 0)),
                   opaque_fill(3, {3, 3, 9, 9})}) == 1);
  CHECK(s.bench.server.counters().hidden == 2);
  const Ids released = s.bench.released();
  CHECK(std::ranges::count(released, 1) == 1);
  CHECK(std::ranges::count(released, 2) == 1);
  CHECK(std::ranges::count(released, 3) == 0);
}

TEST_CASE("several commands cover one together", "[server][display]") {
  Blocked s;
  CHECK(s.waiting({opaque_fill(1, {4, 4, 8, 8}), opaque_fill(2, {4, 4, 8, 6}),
                   opaque_fill(3, {4, 6, 8, 8})}) == 2);
}

TEST_CASE("what is covered but for a pixel stays, and so does what does not cover",
          "[server][display]") {
  Blocked s;
  CHECK(s.waiting({opaque_fill(1, {4, 4, 8, 8}), opaque_fill(2, {4, 4, 8, 7})}) == 2);
  Blocked t;
  CHECK(t.waiting({opaque_fill(1, {4, 4, 8, 8}), blended(opaque_fill(2, {3, 3, 9, 9}))}) == 2);
}

TEST_CASE("what a copy_bits still has to read stays", "[server][display]") {
  Blocked s;
  // The scrolling terminal of display-pipeline.md §8.3: text, moved up, new text in its place.
  CHECK(s.waiting({opaque_fill(1, {10, 0, 20, 20}),
                   opaque(draw::copy_bits(2, {0, 0, 10, 20}, {0, 10})),
                   opaque_fill(3, {10, 0, 20, 20})}) == 3);
  // When what was moved is covered too, neither is needed.
  CHECK(s.waiting({opaque_fill(4, {0, 0, 10, 20}), opaque_fill(5, {0, 0, 20, 20})}) == 1);
}

TEST_CASE("a copy_bits that covers what it reads hides nothing of that", "[server][display]") {
  Blocked s;
  CHECK(s.waiting({opaque_fill(1, {0, 0, 10, 10}),
                   opaque(draw::copy_bits(2, {1, 0, 11, 10}, {0, 0}))}) == 2);
}

TEST_CASE("what another surface's command reads stays", "[server][display]") {
  Blocked s;
  auto create = draw::primary(8, 8);
  create.surface_id = 5;
  s.bench.device_says(create);
  s.before = s.pipe();
  auto on_five = opaque_fill(1, {0, 0, 8, 8});
  std::get<DrawFill>(on_five.body).base.surface_id = 5;
  auto again = opaque_fill(3, {0, 0, 8, 8});
  std::get<DrawFill>(again.body).base.surface_id = 5;
  CHECK(s.waiting({on_five, reading_surface(2, 5, 0), again}) == 3);
}

}  // namespace spicebench::server
