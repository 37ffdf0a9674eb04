// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>

#include "tests/qxl-model/draw_bench.hpp"

// The test vectors of qxl-device.md §24 that need a device at work; 1 to 3 are in identity_test and
// memory_slots_test, 4, 6 to 8, 11, 12 and 14 in ports_test, 15 in compat_test.
namespace spicebench::qxl::test {

namespace device = wire::device;
using namespace wire::display;

namespace {

// A native primary surface as in most vectors: bottom row first, at the start of BAR 0.
struct VectorBench : DeviceBench {
  explicit VectorBench(Properties properties = {}) : DeviceBench(properties) {
    come_up(1024, 768, -4096);
  }
  void push_fill(std::uint64_t id, const Rect& box = {0, 0, 10, 10}) {
    const std::uint64_t offset = pool + id * 4096;
    CommandBlock block = CommandBlock::fill(box, {}, 0x123456, ropd_put);
    poke(offset, block.place(slot1(offset), id));
    push(slot1(offset));
  }
  std::uint64_t next_of(std::uint64_t id) {
    return load_little_endian(&ram()[pool + id * 4096], 8);
  }
  std::uint32_t released() { return get32(ram::release_ring + 4); }
  std::uint64_t entry(std::uint32_t index) { return get64(ram::release_ring + 20 + 8 * index); }
};

}  // namespace

TEST_CASE("vector 5: 32 releases are published together, the 33rd alone when asked for",
          "[qxl][vectors]") {
  VectorBench bench;
  std::vector<std::uint64_t> handles;
  for (std::uint64_t id = 1; id <= 33; ++id) {
    bench.push_fill(id);
    const auto* draw = bench.fetch();
    REQUIRE(draw != nullptr);
    handles.push_back(draw->drawable.release_id);
  }
  bench.set(ram::int_pending, 0);
  for (const std::uint64_t handle : handles) bench.send(device::Release{handle});
  CHECK(bench.released() == 1);
  CHECK(bench.pending() == interrupt_display);  // armed since the start
  CHECK(bench.entry(0) == 1);
  for (std::uint64_t id = 1; id < 32; ++id) CHECK(bench.next_of(id) == id + 1);
  CHECK(bench.next_of(32) == 0);
  CHECK(bench.entry(1) == 33);
  bench.port(Port::flush_release);
  CHECK(bench.released() == 2);
  CHECK(bench.next_of(33) == 0);
}

TEST_CASE("vector 9: a clip list that claims more than there is costs the command and latches",
          "[qxl][vectors]") {
  VectorBench bench;
  const std::uint64_t offset = DeviceBench::pool;
  const Rect clip{0, 0, 5, 5};
  CommandBlock block = CommandBlock::fill({0, 0, 10, 10}, std::span(&clip, 1), 1, ropd_put);
  const BytesView placed = block.place(DeviceBench::slot1(offset), 7);
  Bytes bytes(placed.begin(), placed.end());
  const std::uint64_t list = load_little_endian(&bytes[51], 8) - DeviceBench::slot1(offset);
  store_little_endian(&bytes[list], 5, 4);
  store_little_endian(&bytes[list + 4], 0, 4);  // the chunk is empty
  bench.poke(offset, bytes);
  bench.push(DeviceBench::slot1(offset));
  CHECK(bench.fetch() == nullptr);
  CHECK(bench.device.bug_latched());
  CHECK(bench.entry(0) == 7);
}

TEST_CASE("vector 10: a box beyond its surface draws nothing and comes back", "[qxl][vectors]") {
  DeviceBench bench;
  bench.come_up(64, 64, 256);
  const std::uint64_t offset = DeviceBench::pool;
  CommandBlock block = CommandBlock::fill({0, 0, 100, 100}, {}, 1, ropd_put);
  bench.poke(offset, block.place(DeviceBench::slot1(offset), 9));
  bench.push(DeviceBench::slot1(offset));
  CHECK(bench.fetch() == nullptr);
  CHECK_FALSE(bench.device.bug_latched());
  CHECK(bench.get64(ram::release_ring + 20) == 9);
}

TEST_CASE("vector 13: the marks and rings of one fill, and an empty list when asked again",
          "[qxl][vectors]") {
  VectorBench bench;
  bench.set(ram::int_pending, 0);
  bench.push_fill(1);
  const auto* draw = bench.fetch();
  REQUIRE(draw != nullptr);
  const std::uint64_t handle = draw->drawable.release_id;
  CHECK(bench.fetch() == nullptr);
  CHECK(bench.get32(ram::command_ring + 4) == 1);
  CHECK(bench.get32(ram::command_ring + 12) == 1);
  CHECK(bench.get32(ram::command_ring + 8) == 2);
  bench.send(device::Release{handle});
  CHECK(bench.released() == 0);
  CHECK(bench.entry(0) == 1);
  CHECK(bench.next_of(1) == 0);
  bench.port(Port::flush_release);
  CHECK(bench.released() == 1);
  CHECK(bench.pending() == interrupt_display);
  bench.set(ram::int_pending, 0);
  bench.port(Port::flush_release);
  CHECK(bench.released() == 2);
  CHECK(bench.entry(1) == 0);
  CHECK(bench.pending() == 0);
}

TEST_CASE("vector 16: revision 3 has no port 24", "[qxl][vectors]") {
  VectorBench bench({.revision = 3});
  bench.set(ram::int_pending, 0);
  bench.port(Port::monitors_config_async);
  CHECK(bench.pending() == interrupt_error);
  CHECK(bench.device.bug_latched());
}

TEST_CASE("vector 17: a ring whose size was changed is a guest bug, and nothing is popped",
          "[qxl][vectors]") {
  VectorBench bench;
  bench.set(ram::int_pending, 0);
  bench.set(ram::command_ring, 64);
  bench.set(ram::command_ring + 4, 40);
  bench.set(ram::command_ring + 12, 39);
  bench.port(Port::notify_cmd);
  CHECK(bench.fetch() == nullptr);
  CHECK(bench.pending() == interrupt_error);
  CHECK(bench.get32(ram::command_ring + 12) == 39);
}

}  // namespace spicebench::qxl::test
