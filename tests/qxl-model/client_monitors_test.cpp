// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>

#include "tests/qxl-model/device_bench.hpp"

// What the device tells its guest of the client's monitors (qxl-device.md §17.2; vector 2 of §24).
namespace spicebench::qxl::test {

namespace device = wire::device;

namespace {

struct MonitorsBench : DeviceBench {
  explicit MonitorsBench(Properties properties = {}) : DeviceBench(properties) {
    come_up();
    run();
    set(ram::int_mask, 0x27);
    set(ram::int_pending, 0);
  }
  bool tell(std::vector<device::ClientMonitors::Monitor> monitors, bool query = false) {
    send(device::ClientMonitors{++request, query, std::move(monitors)});
    const auto* answer = last<device::ClientMonitorsAnswer>();
    REQUIRE(answer != nullptr);
    CHECK(answer->request_id == request);
    return answer->accepted != 0;
  }
  std::uint32_t word(std::size_t at) {
    return static_cast<std::uint32_t>(load_little_endian(&device.memory().rom()[at], 4));
  }
  std::uint32_t request = 0;
};
const device::ClientMonitors::Monitor plain{0, 0, 1024, 768};

}  // namespace

TEST_CASE("a client's monitor is in the ROM, with its checksum, and the guest is told once",
          "[qxl][monitors]") {
  MonitorsBench bench;
  CHECK(bench.tell({plain}));
  CHECK(bench.word(rom::monitors) == 1);
  CHECK(bench.word(rom::monitors + 4) == 0);
  CHECK(bench.word(rom::monitors + 12) == 768);
  CHECK(bench.word(rom::monitors + 16) == 1024);
  CHECK(bench.word(rom::monitors_crc) == 0x3dec'149c);
  CHECK(bench.pending() == interrupt_client_monitors);
  bench.set(ram::int_pending, 0);
  CHECK(bench.tell({plain}));
  CHECK(bench.pending() == 0);  // the same again
  CHECK(bench.tell({{1024, 0, 800, 600}}));
  CHECK(bench.pending() == interrupt_client_monitors);
  CHECK(bench.word(rom::monitors + 8) == 1024);
  bench.port(Port::reset);
  CHECK(bench.word(rom::monitors) == 0);  // it is not in the shadow
  CHECK(bench.word(rom::monitors_crc) == 0);
}

TEST_CASE("a question changes nothing", "[qxl][monitors]") {
  MonitorsBench bench;
  CHECK(bench.tell({plain}, true));
  CHECK(bench.word(rom::monitors) == 0);
  CHECK(bench.pending() == 0);
}

TEST_CASE("drivers that do not ask for the interrupt are not told", "[qxl][monitors]") {
  for (const std::uint32_t mask : {0u, 0x07u, UINT32_MAX}) {
    MonitorsBench bench;
    bench.set(ram::int_mask, mask);
    CHECK_FALSE(bench.tell({plain}));
    CHECK(bench.word(rom::monitors) == 0);
  }
  MonitorsBench old({.revision = 3});
  CHECK_FALSE(old.tell({plain}));
}

TEST_CASE("no more heads than the device may drive", "[qxl][monitors]") {
  MonitorsBench two({.max_outputs = 2});
  CHECK(two.tell({plain, plain, plain}));
  CHECK(two.word(rom::monitors) == 2);
  MonitorsBench many;
  CHECK(many.tell(std::vector(100, plain)));
  CHECK(many.word(rom::monitors) == 64);
}

}  // namespace spicebench::qxl::test
