// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <span>
#include <string_view>

#include "core/base/random.hpp"
#include "qxl-model/guest/bus.hpp"
#include "qxl-model/guest/task.hpp"
#include "qxl-model/guest/vga_modes.hpp"

namespace spicebench::qxl {

// What a computer's firmware does with its VGA adapter, before there is a driver: modes by register
// and by VBE, palettes, fonts, and text that scrolls.
class Firmware {
 public:
  explicit Firmware(Bus& bus) : bus_(bus) {}

  // VBE is off from then on.
  Task<> set_mode(const VgaMode& mode);
  // Rows of `depth` bits a pixel, one after the other from the start of BAR 0, all zero.
  Task<> set_linear_mode(std::uint16_t width, std::uint16_t height, std::uint16_t depth);
  //   colors  00RRGGBB; entries from 0 on
  Task<> set_palette(std::span<const std::uint32_t> colors);

  // Text: 256 letters of 8 x 16, made from `random`, then rows from the top.
  Task<> load_font(Random random);
  Task<> clear_text();
  Task<> print(std::string_view line, std::uint8_t colors);
  Task<> show_cursor(bool shown);

  static constexpr std::uint32_t columns = 80, rows = 25;

 private:
  Task<> set(std::uint16_t port, unsigned index, unsigned value);
  Task<> vbe(std::uint16_t index, std::uint16_t value);
  Task<> set_attributes(std::uint8_t mode);

  Bus& bus_;
  std::uint32_t row_ = 0;
};

}  // namespace spicebench::qxl
