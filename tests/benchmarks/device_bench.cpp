// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/qxl-model/device_bench.hpp"

#include <benchmark/benchmark.h>

#include <cstring>

#include "core/world/world.hpp"
#include "qxl-model/guest/command_block.hpp"
#include "qxl-model/machine.hpp"
#include "tests/qxl-model/fake_server.hpp"

// Ring commands through the device: popped, each address followed, the cost added up, handed as a
// value to a server that draws nothing and gives each back at once.
namespace spicebench::qxl {
namespace {

namespace device = wire::device;

constexpr std::uint32_t batch = 16;
constexpr std::uint64_t cell = 4096 + 320;  // not a power of two: no fight for cache lines

struct Bench : test::DeviceBench {
  Bench() : DeviceBench({}, "ideal") { come_up(); }

  void hand(ValuePtr message) override {
    if (const auto* draw = wire::message_in(*message).as<device::DrawCommand>())
      drawn = draw->drawable.release_id;
  }
  void place(std::uint32_t at, CommandBlock block) {
    const std::uint64_t offset = pool + at * cell;
    poke(offset, block.place(slot1(offset), at + 1));
  }
  // One batch of commands through the ring.
  void run_batch() {
    for (std::uint32_t i = 0; i < batch; ++i) push(slot1(pool + i * cell));
    for (std::uint32_t i = 0; i < batch; ++i) {
      drawn = 0;
      device.handle(wire::AnyMessage::of(device::FetchCommand{++fetch_id}));
      while (drawn == 0) timeline.run_until(*timeline.next());
      device.handle(wire::AnyMessage::of(device::Release{drawn}));
    }
    // The guest takes back what it got.
    set(ram::release_ring + 12, get32(ram::release_ring + 4));
  }

  std::uint64_t drawn = 0;
};

void ring_commands(benchmark::State& state, const auto& block_of) {
  Bench bench;
  for (std::uint32_t i = 0; i < batch; ++i) bench.place(i, block_of(i));
  for (auto _ : state) bench.run_batch();
  if (!bench.findings.empty()) state.SkipWithError("the device refuses the commands");
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * batch);
}

CommandBlock fill(std::uint32_t i) {
  return CommandBlock::fill({0, 0, 100, static_cast<std::int32_t>(100 + i)}, {}, i,
                            wire::display::ropd_put);
}
CommandBlock copy(std::uint32_t i) {
  constexpr std::uint32_t side = 16;
  const Picture picture{side, side, std::vector<std::uint32_t>(side * side, 0x123456)};
  const auto left = static_cast<std::int32_t>(i);
  const wire::display::Rect box{0, left, side, left + static_cast<std::int32_t>(side)};
  return CommandBlock::copy(box, std::span(&box, 1), picture, {}, wire::display::ropd_put, {});
}

void device_fill(benchmark::State& state) {
  ring_commands(state, fill);
}
BENCHMARK(device_fill);
void device_copy(benchmark::State& state) {
  ring_commands(state, copy);
}
BENCHMARK(device_copy);
// As drivers push them: as many of the one as of the other.
void device_mixed(benchmark::State& state) {
  ring_commands(state, [](std::uint32_t i) { return i % 2 == 0 ? fill(i) : copy(i); });
}
BENCHMARK(device_mixed);

// A minute of a guest, with all of its own work, and a server that draws nothing.
void machine_minute(benchmark::State& state, const char* workload) {
  std::uint64_t commands = 0;
  for (auto _ : state) {
    test::FakeServer server;
    Machine machine({.seconds = 60, .workload = workload}, Random(1));
    World world(1);
    const PeerNumber server_number = world.add(server);
    world.add(machine);
    world.listen("device", server_number, LinkKind::value);
    world.start();
    while (world.step()) {
    }
    if (!machine.finished()) state.SkipWithError("the workload does not come to its end");
    commands += machine.counters().draws_fetched;
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(commands));
}
BENCHMARK_CAPTURE(machine_minute, desktop, "desktop")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(machine_minute, office, "office")->Unit(benchmark::kMillisecond);

// Yardstick: what a command is at least, its bytes read once.
void yardstick_memcpy_drawable(benchmark::State& state) {
  std::array<std::byte, 191> from{}, to{};
  for (auto _ : state) {
    std::memcpy(to.data(), from.data(), from.size());
    benchmark::DoNotOptimize(to);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(yardstick_memcpy_drawable);

}  // namespace
}  // namespace spicebench::qxl
