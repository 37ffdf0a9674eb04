// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>

#include "device_bench.hpp"
#include "qxl-model/guest/command_block.hpp"

// The device alone, port by port (qxl-device.md §7, §24).
namespace spicebench::qxl::test {

namespace device = wire::device;

TEST_CASE("in VGA mode most ports are swallowed, and asynchronous ones seem to complete",
          "[qxl][ports]") {
  DeviceBench bench;
  for (const std::uint8_t ignored : {0, 2, 13, 25, 200}) bench.port_number(ignored);
  CHECK(bench.pending() == 0);
  for (const std::uint8_t swallowed : {16, 23}) {
    bench.port_number(swallowed);
    CHECK(bench.pending() == interrupt_io_cmd);
    bench.set(ram::int_pending, 0);
  }
  CHECK(bench.findings.empty());
}

TEST_CASE("reset leaves everything as at power on and then announces the clients", "[qxl][ports]") {
  DeviceBench bench;
  bench.come_up();
  bench.set(ram::int_mask, 0xff);
  bench.device.write_port(static_cast<std::uint8_t>(Port::reset), 0);
  CHECK(bench.pending() == 0);
  CHECK(bench.get32(ram::int_mask) == 0);
  CHECK_FALSE(bench.device.line());
  CHECK(bench.device.mode() == Mode::vga);
  CHECK_FALSE(bench.device.surfaces().find(0));
  bench.run();
  CHECK(bench.pending() == interrupt_client);
  CHECK_FALSE(bench.device.line());
  CHECK(bench.last<device::Reset>() != nullptr);
}

TEST_CASE("a native primary surface is cleared and handed to the server", "[qxl][ports]") {
  DeviceBench bench;
  bench.port(Port::reset);
  bench.add_slot(1, DeviceBench::ram_base, DeviceBench::ram_base + bench.header());
  REQUIRE(bench.last<device::SlotAdd>() != nullptr);
  CHECK(bench.last<device::SlotAdd>()->size == bench.header());
  bench.ram()[5] = std::byte{77};
  bench.request_primary(1024, 768, -4096);
  CHECK_FALSE(bench.port(Port::create_primary_async));
  CHECK(bench.device.mode() == Mode::native);
  CHECK((bench.pending() & interrupt_io_cmd) != 0);
  const auto* create = bench.last<device::SurfaceCreate>();
  REQUIRE(create != nullptr);
  CHECK(create->stride == -4096);
  CHECK(create->memory.pixels.data() == bench.ram().data());
  CHECK(create->memory.pixels.size() == 768 * 4096);
  CHECK(bench.ram()[5] == std::byte{0});
}

TEST_CASE("bad primary surfaces: too large and misaligned never complete, the rest does silently",
          "[qxl][ports]") {
  DeviceBench bench;
  bench.port(Port::reset);
  bench.add_slot(1, DeviceBench::ram_base, DeviceBench::ram_base + bench.header());
  bench.set(ram::int_pending, 0);
  std::uint32_t expected = 0;
  SECTION("8192 x 8192") {
    bench.request_primary(8192, 8192, 32768);
    expected = interrupt_error;
  }
  SECTION("a stride that is no multiple of 4") {
    bench.request_primary(100, 100, 402);
    expected = interrupt_error;
  }
  SECTION("rows longer than the stride") {
    bench.request_primary(1024, 768, 100);
    expected = interrupt_io_cmd;
  }
  SECTION("memory that no slot has") {
    bench.request_primary(1024, 768, 4096, std::uint64_t{3} << 56);
    expected = interrupt_io_cmd;
  }
  bench.port(Port::create_primary_async);
  CHECK(bench.pending() == expected);
  // One that is too large is not even a reason to leave VGA mode, with its surface.
  CHECK((bench.device.surfaces().find(0) != nullptr) == (bench.device.mode() == Mode::vga));
}

TEST_CASE("creating a primary while there is one latches the bug and works", "[qxl][ports]") {
  DeviceBench bench;
  bench.come_up();
  bench.request_primary(800, 600, 3200);
  bench.port(Port::create_primary_async);
  CHECK(bench.pending() == (interrupt_io_cmd | interrupt_error));
  CHECK(bench.device.surfaces().find(0)->width == 800);
  bench.set(ram::int_pending, 0);
  bench.port(Port::update_area_async);
  CHECK(bench.pending() == 0);  // dead until reset
  bench.come_up();
  CHECK_FALSE(bench.device.bug_latched());
}

TEST_CASE("a second asynchronous port before the first is done is a guest bug", "[qxl][ports]") {
  DeviceBench bench;
  bench.port(Port::reset);
  bench.set(ram::int_pending, 0);
  bench.set(ram::mem_slot, DeviceBench::ram_base, 8);
  bench.set(ram::mem_slot + 8, DeviceBench::ram_base + 4096, 8);
  bench.device.write_port(static_cast<std::uint8_t>(Port::memslot_add_async), 1);
  bench.device.write_port(static_cast<std::uint8_t>(Port::memslot_add_async), 2);
  CHECK(bench.pending() == interrupt_error);
  bench.run();
  CHECK(bench.pending() == (interrupt_error | interrupt_io_cmd));
}

TEST_CASE("an update of an exactly empty area completes and clears the latch", "[qxl][ports]") {
  DeviceBench bench;
  bench.come_up();
  for (std::uint32_t i = 0; i < 4; ++i) bench.set(ram::update_area + 4 * i, 0);
  bench.port(Port::update_area_async);
  CHECK(bench.pending() == (interrupt_io_cmd | interrupt_error));
  CHECK_FALSE(bench.device.bug_latched());
}

TEST_CASE("an update waits for the ring to be read and for the server to render", "[qxl][ports]") {
  DeviceBench bench;
  bench.come_up();
  CommandBlock block = CommandBlock::fill({0, 0, 10, 10}, {}, 0x123456, 8);
  bench.poke(DeviceBench::pool, block.place(DeviceBench::slot1(DeviceBench::pool), 1));
  bench.push(DeviceBench::slot1(DeviceBench::pool));
  bench.set(ram::update_area + 8, 4000);
  bench.set(ram::update_area + 12, 5000);
  bench.messages.clear();
  bench.port(Port::update_area_async);
  CHECK(bench.last<device::Wakeup>() != nullptr);
  CHECK(bench.last<device::UpdateArea>() == nullptr);
  REQUIRE(bench.fetch() != nullptr);
  const auto* update = bench.last<device::UpdateArea>();
  REQUIRE(update != nullptr);
  CHECK(update->area == wire::display::Rect{0, 0, 768, 1024});
  CHECK((bench.pending() & interrupt_io_cmd) == 0);
  bench.send(device::AreaUpdated{update->request_id + 1, {}});
  CHECK((bench.pending() & interrupt_io_cmd) == 0);
  CHECK(bench.findings.size() == 1);
  bench.send(device::AreaUpdated{update->request_id, {}});
  CHECK((bench.pending() & interrupt_io_cmd) != 0);
}

TEST_CASE("a synchronous update blocks the processor until the server has rendered",
          "[qxl][ports]") {
  DeviceBench bench;
  bench.come_up();
  bench.set(ram::update_area + 8, 768);
  bench.set(ram::update_area + 12, 1024);
  CHECK(bench.port(Port::update_area));
  const auto* update = bench.last<device::UpdateArea>();
  REQUIRE(update != nullptr);
  const int before = bench.ports_completed;
  bench.send(device::AreaUpdated{update->request_id, {}});
  CHECK(bench.ports_completed == before + 1);
}

TEST_CASE("destroying the primary drains the rings and tells the server", "[qxl][ports]") {
  DeviceBench bench;
  bench.come_up();
  bench.port(Port::destroy_primary_async);
  CHECK(bench.pending() == interrupt_io_cmd);
  CHECK(bench.last<device::SurfaceDestroy>() != nullptr);
  CHECK(bench.device.mode() == Mode::undefined);
  bench.set(ram::int_pending, 0);
  bench.port(Port::destroy_primary_async);  // nothing there: completes at once
  CHECK(bench.pending() == interrupt_io_cmd);
}

TEST_CASE("ports of the future, obsolete ports and bad slots are guest bugs", "[qxl][ports]") {
  DeviceBench bench;
  bench.come_up();
  SECTION("25") {
    bench.port_number(25);
  }
  SECTION("detach primary") {
    bench.port(Port::detach_primary);
  }
  SECTION("a slot outside all memory") {
    bench.add_slot(2, 0x1000, 0x2000);
  }
  SECTION("slot 8") {
    bench.add_slot(8, DeviceBench::ram_base, DeviceBench::ram_base + 1);
  }
  SECTION("an update of a surface that cannot be") {
    bench.set(ram::update_surface, 1025);
    bench.port(Port::update_area_async);
  }
  CHECK(bench.device.bug_latched());
  CHECK(bench.pending() == interrupt_error);
  CHECK(bench.findings.size() == 1);
}

TEST_CASE("a monitors configuration goes to the server; a bad address completes as a bug",
          "[qxl][ports]") {
  DeviceBench bench;
  bench.come_up();
  SECTION("good") {
    Bytes config(4 + 28);
    store_little_endian(&config[0], 1 | 4 << 16, 4);
    store_little_endian(&config[12], 1024, 4);
    store_little_endian(&config[16], 768, 4);
    bench.poke(DeviceBench::pool, config);
    bench.set(ram::monitors_config, DeviceBench::slot1(DeviceBench::pool), 8);
    bench.port(Port::monitors_config_async);
    CHECK(bench.pending() == interrupt_io_cmd);
    const auto* message = bench.last<device::MonitorsConfig>();
    REQUIRE(message != nullptr);
    CHECK(message->max_allowed == 1);  // max_outputs is not set: one head a device
    CHECK(message->heads == std::vector<wire::display::Head>{{0, 0, 1024, 768, 0, 0, 0}});
  }
  SECTION("address 0") {
    bench.port(Port::monitors_config_async);
    CHECK(bench.pending() == (interrupt_io_cmd | interrupt_error));
  }
}

TEST_CASE("the line follows pending and mask only when it is recomputed", "[qxl][interrupts]") {
  DeviceBench bench;
  bench.come_up();
  bench.line_changes.clear();
  bench.send(device::ClientCapabilities{.client_present = 1});
  CHECK(bench.pending() == interrupt_client);
  CHECK_FALSE(bench.device.line());
  bench.set(ram::int_mask, interrupt_client);
  CHECK_FALSE(bench.device.line());
  bench.port(Port::update_irq);
  CHECK(bench.device.line());
  bench.send(device::ClientCapabilities{.client_present = 1});  // pending already: no new edge
  bench.set(ram::int_pending, 0);
  CHECK(bench.device.line());
  bench.port(Port::update_irq);
  CHECK(bench.line_changes == std::vector<bool>{true, false});
}

TEST_CASE("client capabilities are in the ROM and survive a reset", "[qxl][rom]") {
  DeviceBench bench;
  bench.come_up();
  device::ClientCapabilities message{.client_present = 1};
  message.capabilities[0] = 0x0f;
  bench.send(message);
  bench.port(Port::reset);
  CHECK(bench.device.memory().rom()[rom::client_present] == std::byte{1});
  CHECK(bench.device.memory().rom()[rom::client_capabilities] == std::byte{0x0f});
}

TEST_CASE("without a server what waits for it is done at once", "[qxl][ports]") {
  DeviceBench bench;
  bench.come_up();
  bench.set(ram::update_area + 8, 768);
  bench.set(ram::update_area + 12, 1024);
  bench.port(Port::update_area_async);
  CHECK(bench.pending() == 0);
  bench.device.disconnected();
  bench.run();
  CHECK(bench.pending() == interrupt_io_cmd);
}

}  // namespace spicebench::qxl::test
