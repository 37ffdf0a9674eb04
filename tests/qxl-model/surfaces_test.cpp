// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>

#include "device_bench.hpp"
#include "qxl-model/guest/command_block.hpp"

// Off-screen surfaces: commands that make and end them, and what may be done to them meanwhile.
namespace spicebench::qxl::test {

namespace device = wire::device;

namespace {

constexpr std::uint64_t pixels = 0x0200'0000;  // in BAR 0 and slot 1
const device::SurfaceCreate small{.surface_id = 5,
                                  .width = 16,
                                  .height = 8,
                                  .stride = -64,
                                  .format = wire::display::surface_32_argb};

template <class Change>
device::SurfaceCreate changed(Change change) {
  auto surface = small;
  change(surface);
  return surface;
}

struct SurfaceBench : DeviceBench {
  SurfaceBench() { come_up(); }
  // Null: the answer was "nothing".
  const device::SurfaceCommand* fetch_surface() {
    fetch();
    return last<device::SurfaceCommand>();
  }
  void push_block(CommandBlock block, CommandType type = CommandType::surface) {
    const std::uint64_t offset = pool + next++ * 4096;
    poke(offset, block.place(slot1(offset), next));
    push(slot1(offset), type);
  }
  void push_create(const device::SurfaceCreate& surface, bool keep = false) {
    push_block(CommandBlock::create_surface(surface, slot1(pixels), keep));
  }
  void push_fill_on(std::uint32_t id) {
    CommandBlock fill = CommandBlock::fill({0, 0, 8, 16}, {}, 1, wire::display::ropd_put);
    const std::uint64_t offset = pool + next++ * 4096;
    Bytes bytes(fill.size());
    std::ranges::copy(fill.place(slot1(offset), next), bytes.begin());
    store_little_endian(&bytes[8], id, 4);
    poke(offset, bytes);
    push(slot1(offset));
  }
  // The id at the head of the open chain of releases.
  std::uint64_t open_release() { return get64(ram::release_ring + 20); }
  std::uint64_t next = 0;
};

}  // namespace

TEST_CASE("a surface is cleared unless its data is kept, and handed over with its memory",
          "[qxl][surfaces]") {
  const bool keep = GENERATE(false, true);
  SurfaceBench bench;
  bench.ram()[pixels + 511] = std::byte{0x55};
  bench.push_create(small, keep);
  const auto* command = bench.fetch_surface();
  REQUIRE(command != nullptr);
  CHECK(command->fetch_id == bench.fetch_id);
  CHECK(command->action == 0);
  auto expected = small;
  expected.flags = keep ? 1 : 0;
  CHECK(command->surface == expected);
  CHECK(command->surface.memory.pixels.data() == &bench.ram()[pixels]);
  CHECK(command->surface.memory.pixels.size() == 512);
  CHECK(bench.ram()[pixels + 511] == (keep ? std::byte{0x55} : std::byte{0}));
  // Its resource is held until the server lets go.
  CHECK(bench.open_release() == 0);
  const auto handle = command->release_id;
  bench.send(device::Release{handle});
  CHECK(bench.open_release() == 1);
}

TEST_CASE("commands draw on a surface while it lives", "[qxl][surfaces]") {
  SurfaceBench bench;
  bench.push_create(small);
  REQUIRE(bench.fetch_surface() != nullptr);
  bench.push_fill_on(5);
  CHECK(bench.fetch() != nullptr);
  bench.push_block(CommandBlock::destroy_surface(5));
  const auto* gone = bench.fetch_surface();
  REQUIRE(gone != nullptr);
  CHECK(gone->action == 1);
  CHECK(gone->surface.surface_id == 5);
  bench.push_fill_on(5);
  CHECK(bench.fetch() == nullptr);
  CHECK(bench.device.counters().refused == 1);
  bench.push_create(small);  // the id is free again
  CHECK(bench.fetch_surface() != nullptr);
}

TEST_CASE("an area of any surface can be updated, and all surfaces go at once", "[qxl][surfaces]") {
  SurfaceBench bench;
  bench.push_create(small);
  REQUIRE(bench.fetch_surface() != nullptr);
  bench.messages.clear();
  bench.set(ram::update_surface, 5);
  const std::uint32_t area[] = {1, 2, 100, 100};  // top, left, bottom, right
  for (std::uint32_t i = 0; i < 4; ++i) bench.set(ram::update_area + 4 * i, area[i]);
  bench.port(Port::update_area_async);
  const auto* update = bench.last<device::UpdateArea>();
  REQUIRE(update != nullptr);
  CHECK(update->surface_id == 5);
  CHECK(update->area == wire::display::Rect{1, 2, 8, 16});
  bench.send(device::AreaUpdated{.request_id = update->request_id});

  bench.port(Port::destroy_primary_async);
  CHECK(bench.all<device::SurfaceDestroy>().size() == 1);
  CHECK(bench.device.surfaces().all().size() == 1);
  bench.port(Port::destroy_all_surfaces_async);
  REQUIRE(bench.all<device::SurfaceDestroy>().size() == 2);
  CHECK(bench.last<device::SurfaceDestroy>()->surface_id == 5);
  CHECK(bench.device.surfaces().all().empty());
}

TEST_CASE("surface commands that cannot be are given back", "[qxl][surfaces][hostile]") {
  struct Row {
    const char* what;
    bool latches;
    void (*push)(SurfaceBench& bench);
  };
  static constexpr Row rows[] = {
      {"an id that the device does not have", true,
       [](SurfaceBench& b) { b.push_create(changed([](auto& s) { s.surface_id = 1024; })); }},
      {"the end of such an id", true,
       [](SurfaceBench& b) { b.push_block(CommandBlock::destroy_surface(UINT32_MAX)); }},
      {"a stride that is no multiple of 4", true,
       [](SurfaceBench& b) { b.push_create(changed([](auto& s) { s.stride = 66; })); }},
      {"pixels beyond the slot", true,
       [](SurfaceBench& b) { b.push_create(changed([](auto& s) { s.height = 0x0100'0000; })); }},
      {"a surface that exists", false,
       [](SurfaceBench& b) { b.push_create(changed([](auto& s) { s.surface_id = 0; })); }},
      {"the end of one that does not", false,
       [](SurfaceBench& b) { b.push_block(CommandBlock::destroy_surface(5)); }},
      {"rows longer than the stride", false,
       [](SurfaceBench& b) { b.push_create(changed([](auto& s) { s.width = 17; })); }},
      {"no format", false,
       [](SurfaceBench& b) { b.push_create(changed([](auto& s) { s.format = 24; })); }},
      {"no rows", false,
       [](SurfaceBench& b) { b.push_create(changed([](auto& s) { s.height = 0; })); }},
      {"the stride without a magnitude", false,
       [](SurfaceBench& b) { b.push_create(changed([](auto& s) { s.stride = INT32_MIN; })); }},
      {"more bytes than any surface has", false,
       [](SurfaceBench& b) { b.push_create(changed([](auto& s) { s.height = UINT32_MAX; })); }},
  };
  for (const Row& row : rows) {
    INFO(row.what);
    SurfaceBench bench;
    row.push(bench);
    CHECK(bench.fetch_surface() == nullptr);
    CHECK(bench.open_release() == 1);
    CHECK(bench.findings.size() == 1);
    CHECK(bench.device.bug_latched() == row.latches);
    CHECK(bench.device.surfaces().all().size() == 1);
  }
}

}  // namespace spicebench::qxl::test
