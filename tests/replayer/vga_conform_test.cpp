// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <cstdlib>

#include "core/base/random.hpp"
#include "core/live/process.hpp"
#include "qxl-model/vga/vga_core.hpp"
#include "replayer/cli/qemu.hpp"

// The VGA core against QEMU's: the same accesses on both, every answer compared.
using namespace spicebench;

namespace {

constexpr const char* qemu = "qemu-system-x86_64";

bool has_qemu() {
  if (live::is_installed(qemu)) return true;
  if (std::getenv("CI") != nullptr) FAIL("skipped: " << qemu << " is not installed");
  WARN("skipped: " << qemu << " is not installed");
  return false;
}

class Both {
 public:
  explicit Both(qxl::Qtest& qtest) : qtest_(qtest) {}

  void out(std::uint16_t port, std::uint16_t value, std::uint8_t width = 1) {
    REQUIRE(qtest_.out(port, value, width));
    REQUIRE(core_.out(port, value, width));
  }
  void in(std::uint16_t port, std::uint8_t width = 1) {
    const auto real = qtest_.in(port, width);
    REQUIRE(real);
    INFO(std::hex << "port " << port);
    REQUIRE(core_.in(port, width) == *real);
  }
  void write(std::uint32_t offset, std::uint8_t value) {
    const std::byte byte[] = {std::byte{value}};
    REQUIRE(qtest_.write(qxl::VgaCore::window + offset, byte));
    core_.write(offset, value);
  }
  void read(std::uint32_t offset) {
    std::byte byte[1];
    REQUIRE(qtest_.read(qxl::VgaCore::window + offset, byte));
    INFO(std::hex << "offset " << offset);
    REQUIRE(core_.read(offset) == std::to_integer<unsigned>(byte[0]));
  }
  void set(std::uint16_t port, unsigned index, unsigned value) {
    out(port, static_cast<std::uint16_t>(index | value << 8), 2);
  }

 private:
  qxl::Qtest& qtest_;
  Bytes memory_ = Bytes(16u << 20);
  qxl::VgaCore core_{memory_};
};

}  // namespace

TEST_CASE("VGA and VBE registers answer as QEMU's", "[vga][peer]") {
  if (!has_qemu()) return;
  auto machine = cli::Qemu::start(qemu, {});
  REQUIRE(machine);
  Both both((*machine)->qtest());
  Random random(1);
  const auto below = [&](std::uint32_t end) { return static_cast<std::uint16_t>(random.below(end)); };
  constexpr std::uint16_t ports[] = {0x3c0, 0x3c1, 0x3c2, 0x3c4, 0x3c5, 0x3c7, 0x3c8, 0x3c9,
                                     0x3ca, 0x3cc, 0x3ce, 0x3cf, 0x3b4, 0x3b5, 0x3d4, 0x3d5,
                                     0x3ba, 0x3da};
  constexpr std::uint16_t depths[] = {0, 4, 8, 15, 16, 24, 32, 33};
  for (int i = 0; i < 3000; ++i) {
    INFO("access " << i);
    if (below(4) == 0) {
      const std::uint16_t index = below(12);
      both.out(0x1ce, index, 2);
      if (below(2) == 0) {
        std::uint16_t value = below(2000);
        if (index == 0) value = static_cast<std::uint16_t>(0xb0be + below(10));
        if (index == 3) value = depths[below(8)];
        if (index == 4) value = below(256);
        both.out(0x1cf, value, 2);
      }
      both.in(0x1d0, 2);
      both.in(0x1ce, 2);
    }
    const std::uint16_t port = ports[below(std::size(ports))];
    if (below(2) == 0) both.out(port, below(256));
    both.in(port);
  }
}

TEST_CASE("planar memory behind the VGA window is QEMU's", "[vga][peer]") {
  if (!has_qemu()) return;
  auto machine = cli::Qemu::start(qemu, {});
  REQUIRE(machine);
  Both both((*machine)->qtest());
  Random random(2);
  const auto below = [&](std::uint32_t end) { return static_cast<std::uint32_t>(random.below(end)); };
  for (int i = 0; i < 400; ++i) {
    INFO("round " << i);
    both.set(0x3c4, 2, below(16));
    both.set(0x3c4, 4, below(16));
    for (unsigned index = 0; index < 9; ++index) both.set(0x3ce, index, below(256));
    for (int k = 0; k < 6; ++k) {
      // Few places, in each of the maps, so that writes meet.
      const std::uint32_t offset = below(4) * 0x8000 + below(4);
      if (below(2) == 0) both.write(offset, static_cast<std::uint8_t>(below(256)));
      both.read(offset);
    }
  }
}
