// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cstdlib>

#include "core/base/random.hpp"
#include "core/live/process.hpp"
#include "qxl-model/guest/vga_modes.hpp"
#include "qxl-model/vga/vga_core.hpp"
#include "qxl-model/vga/vga_screen.hpp"
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
  explicit Both(cli::Qemu& real) : qemu_(real), qtest_(real.qtest()) {}

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
  // The frame buffer of BAR 0, where it lies in physical memory on the real one.
  void write_linear(std::uint64_t bar, std::size_t offset, BytesView bytes) {
    REQUIRE(qtest_.write(bar + offset, bytes));
    std::ranges::copy(bytes, memory_.begin() + static_cast<std::ptrdiff_t>(offset));
    core_.dirty().mark(offset, bytes.size());
  }
  void compare_screens() {
    screen_.update(0);
    const auto real = qemu_.screendump();
    REQUIRE(real);
    REQUIRE(real->width == screen_.width());
    REQUIRE(real->height == screen_.height());
    for (std::size_t i = 0; i < real->pixels.size(); ++i) {
      const std::uint32_t ours = screen_.pixels()[i] & 0xff'ffff;
      if (ours == real->pixels[i]) continue;
      INFO("pixel " << i % real->width << ", " << i / real->width);
      REQUIRE(ours == real->pixels[i]);
    }
  }

 private:
  cli::Qemu& qemu_;
  qxl::Qtest& qtest_;
  Bytes memory_ = Bytes(64u << 20);
  qxl::VgaCore core_{memory_, 16u << 20};
  qxl::VgaScreen screen_{core_};
};

}  // namespace

TEST_CASE("VGA and VBE registers answer as QEMU's", "[vga][peer]") {
  if (!has_qemu()) return;
  auto machine = cli::Qemu::start(qemu, {});
  REQUIRE(machine);
  Both both(**machine);
  Random random(1);
  const auto below = [&](std::uint32_t end) {
    return static_cast<std::uint16_t>(random.below(end));
  };
  constexpr std::uint16_t ports[] = {0x3c0, 0x3c1, 0x3c2, 0x3c4, 0x3c5, 0x3c7, 0x3c8, 0x3c9, 0x3ca,
                                     0x3cc, 0x3ce, 0x3cf, 0x3b4, 0x3b5, 0x3d4, 0x3d5, 0x3ba, 0x3da};
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
        INFO("VBE register " << index << " = " << value);
        both.out(0x1cf, value, 2);
        both.in(0x1d0, 2);
      }
      INFO("VBE register " << index);
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
  Both both(**machine);
  Random random(2);
  const auto below = [&](std::uint32_t end) {
    return static_cast<std::uint32_t>(random.below(end));
  };
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

namespace {

constexpr qxl::VgaMode modes[] = {qxl::vga_text, qxl::vga_wide_text, qxl::vga_pairs,
                                  qxl::vga_planes, qxl::vga_bytes};

// The sixteen colours are the first of the palette; the screen is on.
void set_attributes(Both& both, std::uint8_t mode) {
  both.in(0x3da);
  const std::uint8_t rest[] = {mode, 0, 0x0f, 0, 0};
  for (std::uint16_t i = 0; i < 21; ++i) {
    both.out(0x3c0, i);
    both.out(0x3c0, i < 16 ? i : rest[i - 16]);
  }
  both.out(0x3c0, 0x20);
}

void set_mode(Both& both, const qxl::VgaMode& mode) {
  both.out(0x3c2, mode.misc);
  for (unsigned i = 0; i < mode.sequencer.size(); ++i) both.set(0x3c4, i + 1, mode.sequencer[i]);
  both.set(0x3d4, 0x11, 0x0e);  // take the protection off
  for (unsigned i = 0; i < mode.crtc.size(); ++i) both.set(0x3d4, i, mode.crtc[i]);
  both.set(0x3d4, 0x0a, 0x20);  // no cursor: the real one blinks in its own time
  for (unsigned i = 0; i < mode.graphics.size(); ++i) both.set(0x3ce, i, mode.graphics[i]);
  set_attributes(both, mode.attribute_mode);
}

void set_palette(Both& both, Random& random) {
  both.out(0x3c8, 0);
  for (int i = 0; i < 768; ++i) both.out(0x3c9, static_cast<std::uint16_t>(random.below(256)));
}

}  // namespace

TEST_CASE("legacy modes show what QEMU's do", "[vga][peer]") {
  if (!has_qemu()) return;
  auto machine = cli::Qemu::start(qemu, {});
  REQUIRE(machine);
  Both both(**machine);
  Random random(3);
  const auto below = [&](std::uint32_t end) {
    return static_cast<std::uint32_t>(random.below(end));
  };
  for (int round = 0; round < 3; ++round)
    for (const qxl::VgaMode& mode : modes) {
      INFO("mode " << mode.name << ", round " << round);
      set_mode(both, mode);
      set_palette(both, random);
      const std::uint32_t first = mode.graphics[6] >> 2 == 3 ? 0x18000 : 0;
      for (int change = 0; change < 4; ++change) {
        for (int i = 0; i < 1500; ++i)
          both.write(first + below(mode.graphics[6] >> 2 == 3 ? 4000 : 0x10000),
                     static_cast<std::uint8_t>(below(256)));
        both.compare_screens();
        // Elsewhere in memory, split, other fonts, other colours, some planes.
        if (change == 0) both.set(0x3d4, 0x0d, below(256));
        if (change == 1) both.set(0x3d4, 0x18, below(200));
        if (change == 2) both.set(0x3c4, 3, below(64));
      }
      both.in(0x3da);
      both.out(0x3c0, 0x32);
      both.out(0x3c0, static_cast<std::uint16_t>(below(16)));
      both.out(0x3c0, 0x34);
      both.out(0x3c0, static_cast<std::uint16_t>(below(16)));
      both.compare_screens();
      both.out(0x3c0, 0x00);  // the screen is off
      both.compare_screens();
    }
}

TEST_CASE("VBE modes show what QEMU's do", "[vga][peer]") {
  if (!has_qemu()) return;
  auto machine = cli::Qemu::start(qemu, {});
  REQUIRE(machine);
  Both both(**machine);
  // BAR 0 where firmware would put it.
  constexpr std::uint64_t bar = 0xe000'0000;
  auto& qtest = (*machine)->qtest();
  for (const auto& [where, value] :
       {std::pair{0x10u, static_cast<std::uint32_t>(bar)}, {0x04u, 7u}}) {
    REQUIRE(qtest.out(0xcf8, 0x8000'0000 | 2u << 11 | where, 4));
    REQUIRE(qtest.out(0xcfc, value, 4));
  }
  Random random(4);
  const auto below = [&](std::uint32_t end) {
    return static_cast<std::uint32_t>(random.below(end));
  };
  const auto vbe = [&](std::uint16_t index, std::uint32_t value) {
    both.out(0x1ce, index, 2);
    both.out(0x1cf, static_cast<std::uint16_t>(value), 2);
  };
  set_attributes(both, 0x01);
  for (int round = 0; round < 4; ++round)
    for (const std::uint32_t depth : {4u, 8u, 15u, 16u, 24u, 32u}) {
      INFO("depth " << depth << ", round " << round);
      set_palette(both, random);
      vbe(4, 0);
      vbe(1, 8 + below(120));
      vbe(2, 1 + below(90));
      vbe(3, depth);
      vbe(4, 0x41 | (below(2) ? 0x80 : 0) | (below(2) ? 0x20 : 0));
      vbe(6, 8 + below(200));
      for (int change = 0; change < 3; ++change) {
        Bytes pixels(1 + below(40'000));
        for (auto& byte : pixels) byte = static_cast<std::byte>(below(256));
        both.write_linear(bar, below(30'000), pixels);
        both.compare_screens();
        vbe(8, below(20));
        vbe(9, below(20));
        both.compare_screens();
      }
    }
}
