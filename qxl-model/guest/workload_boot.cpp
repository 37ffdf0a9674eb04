// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <array>
#include <string>

#include "qxl-model/device/pci_config.hpp"
#include "qxl-model/guest/desktop_scene.hpp"
#include "qxl-model/guest/firmware.hpp"
#include "qxl-model/guest/workload.hpp"

namespace spicebench::qxl {

namespace {

constexpr Cycle long_enough_to_show = 100'000'000;  // three looks at the screen
constexpr std::array<std::uint32_t, 16> sixteen_colors{
    0x000000, 0x0000a8, 0x00a800, 0x00a8a8, 0xa80000, 0xa800a8, 0xa85400, 0xa8a8a8,
    0x545454, 0x5454fc, 0x54fc54, 0x54fcfc, 0xfc5454, 0xfc54fc, 0xfcfc54, 0xfcfcfc};

class Boot {
 public:
  explicit Boot(const WorkloadSetting& setting)
      : setting_(setting),
        bus_(setting.bus),
        random_(setting.random.fork("boot")),
        firmware_(setting.bus) {}

  // A fifth of the time each: text, planes and bytes, linear modes, the driver, text again.
  Task<> run() {
    fifth_ = Cycle{1'000'000'000} * setting_.seconds / 5;
    const auto placed = co_await place_pci_function(bus_, PciConfig::vendor, PciConfig::device);
    if (!placed) {
      setting_.found({ErrorCode::not_found, 0, "boot", "no display device"});
      co_return;
    }
    co_await text("BIOS");
    co_await planes();
    co_await bytes();
    co_await linear(placed->bars[0].base, 800, 600, 32);
    co_await linear(placed->bars[0].base, 640, 480, 16);
    Result<void> up = co_await setting_.driver.bring_up(setting_.width, setting_.height);
    if (up) {
      co_await desktop();
      constexpr unsigned io_bar = 3;
      const auto ports = static_cast<std::uint16_t>(placed->bars[io_bar].base);
      co_await bus_.out(static_cast<std::uint16_t>(ports + static_cast<unsigned>(Port::reset)), 0);
      co_await text("panic");
      up = co_await setting_.driver.reset(setting_.width, setting_.height);
    }
    if (up) co_return co_await desktop();
    setting_.found(Error(up.error()).within("boot"));
  }

 private:
  // The screen keeps still for who compares it.
  Task<> rest() {
    co_await bus_.sleep_until(bus_.now() + long_enough_to_show);
    bus_.at_rest();
  }

  Task<> text(std::string who) {
    co_await firmware_.set_mode(vga_text);
    co_await firmware_.set_palette(sixteen_colors);
    co_await firmware_.load_font(random_.fork("font"));
    co_await firmware_.clear_text();
    constexpr Cycle pause = 20'000'000;
    for (const Cycle end = bus_.now() + fifth_; bus_.now() < end;) {
      std::string line = who + ": ";
      for (std::uint64_t i = random_.below(60); i > 0; --i)
        line += static_cast<char>(random_.chance(1, 6) ? ' ' : 'a' + random_.below(26));
      if (random_.chance(1, 8)) line.append(1 + random_.below(9), '\xc4');  // a ruled line
      const auto colors = static_cast<std::uint8_t>(random_.chance(1, 4) ? random_.below(256) : 7);
      co_await firmware_.print(line, colors);
      co_await bus_.sleep_until(bus_.now() + random_.below(2 * pause));
    }
    co_await firmware_.show_cursor(false);
    co_await rest();
  }

  // Boxes in sixteen colours, by set/reset: one write of eight pixels.
  Task<> planes() {
    co_await firmware_.set_mode(vga_planes);
    co_await firmware_.set_palette(sixteen_colors);
    co_await bus_.out(0x3ce, 0x0f01, 2);  // all planes take the colour
    for (int box = 0; box < 6; ++box) {
      co_await bus_.out(0x3ce, static_cast<std::uint32_t>(random_.below(16)) << 8, 2);
      const std::uint64_t left = random_.below(60), top = random_.below(400);
      const Bytes row(1 + random_.below(20), std::byte{0xff});
      for (std::uint64_t y = top; y < top + 40; ++y) bus_.write(0xa0000 + 80 * y + left, row);
      co_await bus_.sleep_until(bus_.now() + fifth_ / 12);
    }
    co_await rest();
  }

  // A picture, whose palette then turns.
  Task<> bytes() {
    co_await firmware_.set_mode(vga_bytes);
    std::array<std::uint32_t, 256> colors{};
    for (std::uint32_t i = 0; i < 256; ++i) colors[i] = i << 16 | (255 - i) << 8 | (i * 7 & 0xff);
    co_await firmware_.set_palette(colors);
    Bytes row(320);
    for (std::uint64_t y = 0; y < 200; ++y) {
      for (std::size_t x = 0; x < row.size(); ++x)
        row[x] = static_cast<std::byte>((x * x + y * y) / 128);
      bus_.write(0xa0000 + 320 * y, row);
    }
    for (int turn = 0; turn < 4; ++turn) {
      std::ranges::rotate(colors, colors.begin() + 9);
      co_await firmware_.set_palette(colors);
      co_await bus_.sleep_until(bus_.now() + fifth_ / 10);
    }
    co_await rest();
  }

  // A picture with a bar that grows.
  Task<> linear(std::uint64_t base, std::uint16_t width, std::uint16_t height,
                std::uint16_t depth) {
    co_await firmware_.set_linear_mode(width, height, depth);
    const std::uint64_t pixel = depth / 8u, stride = pixel * width;
    Bytes row(stride);
    for (std::uint64_t y = 0; y < height; ++y) {
      for (std::size_t i = 0; i < row.size(); ++i)
        row[i] = static_cast<std::byte>((i / 16 + y / 16) * 5);
      bus_.write(base + y * stride, row);
    }
    constexpr int steps = 10;
    const Bytes bar(pixel * (width / 2 / steps), std::byte{0xe0});
    for (std::uint64_t step = 0; step < steps; ++step) {
      for (std::uint64_t y = height / 2; y < height / 2 + 12u; ++y)
        bus_.write(base + y * stride + pixel * (width / 4) + step * bar.size(), bar);
      co_await bus_.sleep_until(bus_.now() + fifth_ / 2 / steps);
    }
    co_await rest();
  }

  Task<> desktop() {
    Painter painter(setting_.driver, setting_.width, setting_.height, random_.fork("painter"));
    Window window;
    window.frame = {40, 60, 340, 460};
    co_await painter.background();
    co_await painter.window(window);
    constexpr std::uint32_t frames_per_second = 20;
    const Cycle end = bus_.now() + fifth_ / 2;
    while (bus_.now() < end) {
      co_await setting_.driver.wait_until(bus_.now() + 1'000'000'000 / frames_per_second);
      co_await painter.scroll_line(window);
    }
  }

  const WorkloadSetting& setting_;
  Bus& bus_;
  Random random_;
  Firmware firmware_;
  Cycle fifth_ = 0;
};

}  // namespace

Task<> boot(WorkloadSetting setting) {
  Boot scene(setting);
  co_await scene.run();
}

}  // namespace spicebench::qxl
