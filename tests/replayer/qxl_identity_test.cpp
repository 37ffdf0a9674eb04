// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "core/live/terminal.hpp"
#include "qxl-model/device/device.hpp"
#include "qxl-model/guest/pci.hpp"
#include "qxl-model/qtest/qtest_bus.hpp"
#include "replayer/cli/qemu.hpp"
#include "tests/replayer/peers.hpp"
#include "tests/replayer/support.hpp"

// What firmware finds of a device, model and QEMU's, of every revision and with odd sizes.
using namespace spicebench;
using namespace spicebench::test;

namespace {

qxl::MachineOptions as_options(const qxl::Properties& properties) {
  qxl::MachineOptions out;
  out.revision = properties.revision;
  out.ram_mb = properties.ram_mb;
  out.vram_mb = properties.vram_mb;
  out.vram64_mb = properties.vram64_mb;
  out.vgamem_mb = properties.vgamem_mb;
  out.surfaces = properties.surfaces;
  out.xres = properties.xres;
  out.yres = properties.yres;
  return out;
}

std::string text_of(const qxl::Properties& p) {
  return fmt::format("revision {}, ram {}, vram {}, vram64 {}, vgamem {}", p.revision, p.ram_mb,
                     p.vram_mb, p.vram64_mb, p.vgamem_mb);
}

// Finds and places the real device.
qxl::PciFunction place(qxl::QtestBus& bus) {
  std::optional<qxl::PciFunction> found;
  const auto firmware = [&]() -> qxl::Task<> {
    found = co_await qxl::place_pci_function(bus, qxl::PciConfig::vendor, qxl::PciConfig::device);
  };
  qxl::Task<> task = firmware();
  task.start();
  while (!task.done() && bus.step()) {
  }
  REQUIRE(found);
  return *found;
}

}  // namespace

TEST_CASE("BARs and ROM are those of QEMU's device, however it is configured", "[qxl][peer]") {
  if (!has_qemu()) return;
  const qxl::Properties rows[] = {
      {},
      {.revision = 1},
      {.revision = 2, .ram_mb = 20},
      {.revision = 3, .vram_mb = 3, .vgamem_mb = 9},
      {.revision = 4, .vram64_mb = 256, .vgamem_mb = 64},
      {.ram_mb = 128, .vgamem_mb = 8, .surfaces = 77, .xres = 1234, .yres = 567},
  };
  for (const qxl::Properties& properties : rows) {
    INFO(text_of(properties));
    auto machine = cli::Qemu::start(qemu, as_options(properties));
    INFO((machine ? "" : machine.error().text()));
    REQUIRE(machine);
    qxl::QtestBus bus((*machine)->qtest(), [] { return qxl::Cycle{0}; });
    const qxl::PciFunction function = place(bus);
    CHECK(function.revision == properties.revision);
    const qxl::Sizes sizes = qxl::sizes_of(properties);
    CHECK(function.bars[0].size == sizes.ram);
    CHECK(function.bars[1].size == sizes.vram32);
    CHECK(function.bars[2].size == sizes.rom);
    CHECK(function.bars[3].size == sizes.io);
    CHECK(function.bars[4].size == (sizes.vram64 > sizes.vram32 ? sizes.vram64 : 0));
    Bytes rom(sizes.rom);
    bus.read(function.bars[2].base, rom);
    const Bytes modelled = qxl::build_rom(properties, sizes);
    const auto [there, here] = std::ranges::mismatch(rom, modelled);
    INFO("ROM differs at " << there - rom.begin());
    CHECK(there == rom.end());
  }
}
