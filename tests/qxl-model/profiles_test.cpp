// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>

#include "core/world/world.hpp"
#include "fake_server.hpp"
#include "qxl-model/device/memory_map.hpp"
#include "qxl-model/device/port.hpp"
#include "qxl-model/device/ram_header.hpp"
#include "qxl-model/guest/profile.hpp"
#include "qxl-model/machine.hpp"

// What the drivers of the table do, seen from the bus (qxl-device.md §21).
namespace spicebench::qxl::test {

namespace {

// Ports and interrupt masks that a guest writes, in order.
struct Writes final : BusObserver {
  explicit Writes(const Machine& m) : machine(m) {}
  void accessed(const BusAccess& access) override {
    const MemoryMap& memory = machine.device_memory();
    const auto io = memory.pci().base(3), ram = memory.pci().base(0);
    if (access.kind == BusAccess::Kind::out && io && access.where >= *io && access.where < *io + 32)
      ports.push_back(static_cast<Port>(access.where - *io));
    if (access.kind == BusAccess::Kind::write && ram &&
        access.where == *ram + memory.sizes().ram_header() + ram::int_mask)
      masks.push_back(static_cast<std::uint32_t>(load_little_endian(access.bytes.data(), 4)));
  }
  void at_rest() override {}
  std::size_t count(Port port) const {
    return static_cast<std::size_t>(std::ranges::count(ports, port));
  }
  const Machine& machine;
  std::vector<Port> ports;
  std::vector<std::uint32_t> masks;
};

struct Run {
  explicit Run(std::string_view guest, std::string workload = "desktop")
      : Run({.seconds = 1, .guest = std::string(guest), .workload = std::move(workload)}) {}
  explicit Run(MachineOptions options, FakeServer server_like = {})
      : server(std::move(server_like)),
        machine(std::move(options), Random(3)),
        writes(machine),
        world(3) {
    machine.observe(&writes);
    const PeerNumber server_number = world.add(server);
    world.add(machine);
    world.listen("device", server_number, LinkKind::value);
    world.start();
  }
  void until(Instant when) {
    while (!world.finished() && world.next_due() <= when) world.step();
  }
  void to_the_end() {
    while (world.step()) {
    }
    CHECK(machine.findings().empty());
    CHECK(machine.finished());
  }
  FakeServer server;
  Machine machine;
  Writes writes;
  World world;
};

}  // namespace

TEST_CASE("profiles are found by name", "[qxl][profiles]") {
  CHECK(profile_names().size() == 4);
  for (const std::string_view name : profile_names()) CHECK(profile_named(name)->name == name);
  CHECK(profile_named(default_profile) != nullptr);
  CHECK(profile_named("amiga") == nullptr);
}

TEST_CASE("linux-drm: asynchronous ports, the screen in video memory, a small one first",
          "[qxl][profiles]") {
  Run run("linux-drm");
  run.until(instant(1'000'000));
  CHECK(run.writes.count(Port::memslot_add_async) == 2);
  CHECK(run.writes.count(Port::create_primary_async) == 2);
  CHECK(run.writes.count(Port::destroy_primary_async) == 1);
  CHECK(run.writes.count(Port::memslot_add) == 0);
  for (const std::uint32_t mask : run.writes.masks) CHECK(mask == 0x27);
  const auto screen = run.machine.primary();
  REQUIRE(screen);
  CHECK(screen->stride == 4096);
  const MemoryMap& memory = run.machine.device_memory();
  CHECK(memory.address_of(screen->block) == *memory.pci().base(1) + 0x4000);
}

TEST_CASE("xorg-ums: no interrupt is enabled, and none comes", "[qxl][profiles]") {
  Run run("xorg-ums");
  run.to_the_end();
  CHECK(run.writes.count(Port::create_primary_async) == 1);
  CHECK(run.writes.count(Port::update_irq) == 0);
  for (const std::uint32_t mask : run.writes.masks) CHECK(mask == 0);
  CHECK(run.machine.counters().interrupts == 0);
  CHECK(run.machine.counters().collected > 50);
}

TEST_CASE("windows-wddm: synchronous ports, rows from below, one write an interrupt",
          "[qxl][profiles]") {
  Run run("windows-wddm");
  run.to_the_end();
  CHECK(run.writes.count(Port::memslot_add) == 2);
  CHECK(run.writes.count(Port::create_primary) == 1);
  CHECK(run.writes.count(Port::memslot_add_async) == 0);
  CHECK(run.writes.masks == std::vector<std::uint32_t>{7});
  CHECK(run.writes.count(Port::update_irq) == run.machine.counters().interrupts);
  CHECK(run.machine.primary()->stride > 0);
}

TEST_CASE("windows-xddm: a screen from below, interrupts in two halves", "[qxl][profiles]") {
  Run run("windows-xddm");
  run.to_the_end();
  CHECK(run.writes.count(Port::create_primary) == 1);
  CHECK(run.machine.primary()->stride == -4096);
  CHECK(run.writes.count(Port::update_irq) == 2 * run.machine.counters().interrupts);
  CHECK(std::ranges::count(run.writes.masks, 0u) ==
        static_cast<std::ptrdiff_t>(run.machine.counters().interrupts));
}

TEST_CASE("each driver suspends, changes its mode and asks for memory its own way",
          "[qxl][profiles]") {
  struct Row {
    const char* guest;
    std::size_t resets, slots_deleted, all_destroyed, notified;
  };
  // In a second: one of suspend, mode change, shortage and mode change each.
  constexpr Row rows[] = {{"linux-drm", 2, 0, 0, 2},
                          {"xorg-ums", 3, 0, 2, 1},
                          {"windows-wddm", 2, 0, 0, 2},
                          {"windows-xddm", 1, 3, 3, 2}};
  for (const Row& row : rows) {
    INFO(row.guest);
    Run run(row.guest, "lifecycle");
    run.to_the_end();
    CHECK(run.writes.count(Port::reset) == row.resets);
    CHECK(run.writes.count(Port::memslot_del) == row.slots_deleted);
    CHECK(run.writes.count(Port::destroy_all_surfaces_async) == row.all_destroyed);
    CHECK(run.writes.count(Port::notify_oom) >= row.notified);
  }
}

TEST_CASE("each driver waits for a slow device and for memory, and loses nothing",
          "[qxl][profiles]") {
  const auto counters_of = [](std::string_view guest, std::string workload, Duration fetch_pause) {
    FakeServer slow;
    slow.fetch_pause = fetch_pause;
    slow.held = 8;
    Run run({.seconds = 2,
             .guest = std::string(guest),
             .workload = std::move(workload),
             .ram_mb = 16,
             .vgamem_mb = 8},
            slow);
    run.to_the_end();
    return run.machine.counters();
  };
  for (const std::string_view guest : profile_names()) {
    INFO(guest);
    // Many small commands fill the ring, a few large ones the memory.
    const auto small = counters_of(guest, "office", Duration{8'000'000});
    CHECK(small.ring_full_waits > 0);
    const auto large = counters_of(guest, "video", Duration{50'000'000});
    CHECK(large.memory_full_waits > 0);
    for (const MachineCounters& counters : {small, large}) {
      CHECK(counters.draws_fetched == counters.draws_pushed);
      CHECK(counters.outstanding <= 1);
    }
  }
}

}  // namespace spicebench::qxl::test
