// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>

namespace spicebench::qxl {

// How a device was configured, and the sizes that follow from it (qxl-device.md §2.3).
struct Properties {
  std::uint8_t revision = 5;  // 1 to 5 (§2.1)
  bool secondary = false;     // for further heads: no VGA, never console 0
  std::uint32_t console_id = 0;
  std::uint32_t ram_mb = 64, vram_mb = 64, vram64_mb = 0, vgamem_mb = 16;
  std::uint32_t surfaces = 1024;
  std::uint32_t max_outputs = 0;
  std::uint32_t xres = 0, yres = 0;  // a client head that is there from the start; 0: none
  std::uint32_t guestdebug = 0;      // > 0: guests are asked to log, and heard
};
// What a device of the fourth revision can: MONITORS_CONFIG_ASYNC, and to be told of its clients.
constexpr std::uint8_t first_with_clients = 4;

struct Sizes {
  std::uint32_t ram = 0;     // BAR 0
  std::uint32_t vram32 = 0;  // BAR 1
  std::uint64_t vram64 = 0;  // BAR 4; present only if larger than vram32
  std::uint32_t vgamem = 0;  // surface-0 area, at offset 0 of BAR 0
  std::uint32_t rom = 8192;  // BAR 2
  std::uint32_t io = 32;     // BAR 3
  std::uint32_t ram_header() const { return ram - 8192; }  // offset in BAR 0
  std::uint32_t num_pages() const { return (ram - 8192 - vgamem) / 4096; }
};
Sizes sizes_of(const Properties& properties);

}  // namespace spicebench::qxl
