// SPDX-License-Identifier: LGPL-2.1-or-later
#include <rapidcheck.h>
#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>

#include "tests/qxl-model/draw_bench.hpp"

// A machine that stops and starts, and a device that another one goes on for (qxl-device.md §19).
namespace spicebench::qxl::test {

namespace device = wire::device;

namespace {

// A device in the middle of its work: surfaces, resources with the server and on their way back, a
// command in the ring.
struct BusyBench : DrawBench {
  BusyBench() {
    for (int i = 0; i < 3; ++i) {
      push_block(CommandBlock::fill({0, 0, 8, 8}, {}, 0x123456, wire::display::ropd_put));
      const auto* draw = fetch();
      if (i == 0) send(device::Release{draw->drawable.release_id});
    }
    push_block(CommandBlock::fill({0, 0, 9, 9}, {}, 0x654321, wire::display::ropd_put));
    messages.clear();
  }
  // True: at once or later.
  bool stop() {
    bool stopped = false;
    device.stop([&stopped] { stopped = true; });
    run();
    // All is to be drawn first.
    if (const auto* update = last<device::UpdateArea>())
      send(device::AreaUpdated{update->request_id, {}});
    run();
    return stopped;
  }
};

}  // namespace

TEST_CASE("a stopped device reads no ring, tells nothing and changes no memory", "[qxl][stop]") {
  BusyBench bench;
  REQUIRE(bench.stop());
  CHECK(bench.last<device::Stop>() != nullptr);
  const Bytes before(bench.ram().begin(), bench.ram().end());
  const auto changes = bench.line_changes.size();
  CHECK(bench.fetch() == nullptr);
  bench.send(device::Release{3});
  bench.send(device::ClientCapabilities{.client_present = 1});
  bench.run(100'000'000);
  CHECK(std::ranges::equal(bench.ram(), before));
  CHECK(bench.line_changes.size() == changes);

  bench.messages.clear();
  bench.device.start();
  bench.run();
  CHECK(bench.last<device::Start>() != nullptr);
  CHECK(bench.last<device::Wakeup>() != nullptr);  // the rings are looked at again
  const auto* draw = bench.fetch();
  REQUIRE(draw != nullptr);
  CHECK(std::get<wire::display::DrawFill>(draw->drawable.body).base.box.right == 9);
  // What was released meanwhile is on its way back.
  CHECK(bench.device.counters().released == 2);
}

TEST_CASE("what a port asked for is done before the machine stops", "[qxl][stop]") {
  BusyBench bench;
  bench.device.write_port(static_cast<std::uint8_t>(Port::destroy_all_surfaces_async), 0);
  bool stopped = false;
  bench.device.stop([&stopped] { stopped = true; });
  bench.run();
  CHECK_FALSE(stopped);  // the ring is to be read out first
  while (bench.fetch() != nullptr) {
  }
  bench.run();
  CHECK(stopped);
  CHECK((bench.pending() & interrupt_io_cmd) != 0);
  CHECK(bench.device.surfaces().all().empty());
}

TEST_CASE("starting recomputes the line", "[qxl][stop]") {
  BusyBench bench;
  REQUIRE(bench.stop());
  bench.set(ram::int_mask, interrupt_error);
  bench.set(ram::int_pending, interrupt_error);
  CHECK_FALSE(bench.device.line());
  bench.device.start();
  CHECK(bench.device.line());
}

TEST_CASE("saved, loaded and saved again is the same, byte for byte", "[qxl][save]") {
  BusyBench bench;
  REQUIRE(bench.stop());
  const Bytes state = bench.device.save();
  Device other({}, bench.costs, bench.timeline, bench, bench.device.memory().memories());
  const auto loaded = other.load(state);
  INFO((loaded ? "" : loaded.error().text()));
  REQUIRE(loaded);
  CHECK(other.save() == state);
  CHECK(other.mode() == Mode::native);
  CHECK(other.surfaces().all().size() == 2);
  CHECK(other.counters().draws_fetched == bench.device.counters().draws_fetched);
}

TEST_CASE("a device on other memories goes on with what is in them", "[qxl][save]") {
  BusyBench bench;
  REQUIRE(bench.stop());
  const Bytes state = bench.device.save();
  auto memories = MemoryMap::new_memories({});
  std::ranges::copy(bench.ram(), memories.ram.bytes().begin());
  Device other({}, bench.costs, bench.timeline, bench, memories);
  REQUIRE(other.load(state));
  other.connected();
  other.start();
  bench.messages.clear();
  other.handle(wire::AnyMessage::of(device::FetchCommand{77}));
  bench.run();
  const auto* draw = bench.last<device::DrawCommand>();
  REQUIRE(draw != nullptr);
  CHECK(draw->fetch_id == 77);
  // It popped from its own memory.
  CHECK(bench.ring(CommandType::draw).size() == 1);
}

TEST_CASE("a state that is none is refused with field and offset", "[qxl][save]") {
  BusyBench bench;
  REQUIRE(bench.stop());
  const Bytes state = bench.device.save();
  const auto refused = [&bench](const Bytes& bytes) {
    Device other({}, bench.costs, bench.timeline, bench, bench.device.memory().memories());
    const auto loaded = other.load(bytes);
    return loaded ? std::string("loaded") : loaded.error().path;
  };
  CHECK(refused({}) == "magic");
  Bytes other_magic = state;
  other_magic[0] ^= std::byte{1};
  CHECK(refused(other_magic) == "magic");
  Bytes other_version = state;
  other_version[4] ^= std::byte{2};
  CHECK(refused(other_version) == "version");
  CHECK(refused(Bytes(state.begin(), state.begin() + 100)) == "host_display.vga.value");
  CHECK(refused(Bytes(state.begin(), state.end() - 1)) == "async_under_way");
  Bytes longer = state;
  longer.push_back(std::byte{0});
  CHECK(refused(longer) == "end");
}

TEST_CASE("no bits of a state do harm", "[qxl][save]") {
  rc::prop("refused, or a device that can be stopped, saved and reset", [] {
    BusyBench bench;
    bench.stop();
    Bytes state = bench.device.save();
    // The registers of the VGA core, and what comes behind the ROM, where the structure is.
    const auto place = rc::gen::weightedOneOf<std::size_t>(
        {{1, rc::gen::inRange<std::size_t>(8, 2100)},
         {3, rc::gen::inRange<std::size_t>(state.size() - 900, state.size())}});
    const auto flips = *rc::gen::container<std::vector<std::pair<std::size_t, std::uint8_t>>>(
        rc::gen::pair(place, rc::gen::arbitrary<std::uint8_t>()));
    for (const auto& [at, value] : flips) state[at] ^= static_cast<std::byte>(value);
    Device other({}, bench.costs, bench.timeline, bench, bench.device.memory().memories());
    if (!other.load(state)) return;
    other.save();
    other.connected();
    other.start();
    other.handle(wire::AnyMessage::of(device::FetchCommand{77}));
    other.write_port(static_cast<std::uint8_t>(Port::reset), 0);
    bench.run();
  });
}

}  // namespace spicebench::qxl::test
