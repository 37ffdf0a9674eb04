// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>

#include "core/world/world.hpp"

// What a world does for a peer that stands for something outside of it, such as sockets.
using namespace spicebench;

namespace {

// Sends as much as it may.
struct Pump final : Peer {
  std::size_t sent = 0;
  Outputs start(Instant) override { return {Connect{1, "sink"}}; }
  Outputs handle(const Input& input, Instant) override {
    const auto* writable = std::get_if<Writable>(&input);
    if (!writable) return {};
    sent += writable->bytes;
    return {Send{writable->link, Bytes(writable->bytes)}};
  }
};
struct Sink final : Peer {
  LinkId link = 0;
  std::size_t received = 0;
  Outputs start(Instant) override { return {}; }
  Outputs handle(const Input& input, Instant) override {
    if (const auto* opened = std::get_if<Opened>(&input)) link = opened->link;
    if (const auto* got = std::get_if<Received>(&input)) received += got->bytes.size();
    return {};
  }
};

}  // namespace

TEST_CASE("a peer that takes later holds its sender back", "[world]") {
  World world(1);
  Pump pump;
  Sink sink;
  world.add(pump);
  const PeerNumber number = world.add(sink, World::Taking::later);
  constexpr std::size_t window = 1000;
  world.listen("sink", number, LinkKind::stream, {.window = window});
  world.start();
  while (world.step()) {
  }
  CHECK(sink.received == window);
  world.pass_time(instant(5'000));
  world.act(number, {Taken{sink.link, window}});
  while (world.step()) {
  }
  CHECK(sink.received == 2 * window);
  CHECK(pump.sent == 2 * window);
  CHECK(world.now() == instant(5'000));
}
