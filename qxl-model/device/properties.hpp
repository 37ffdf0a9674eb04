// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>

namespace spicebench::qxl {

// How a device was configured, and the sizes that follow from it (qxl-device.md §2.3).
struct Properties {
  std::uint8_t revision = 5;  // 4 or 5: what current drivers need
  std::uint32_t ram_mb = 64, vram_mb = 64, vram64_mb = 0, vgamem_mb = 16;
  std::uint32_t surfaces = 1024;
  std::uint32_t max_outputs = 0;
};

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
