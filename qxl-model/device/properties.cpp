// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/device/properties.hpp"

#include <algorithm>
#include <bit>

namespace spicebench::qxl {

Sizes sizes_of(const Properties& properties) {
  constexpr std::uint64_t mib = 1024 * 1024;
  const std::uint64_t vgamem = std::clamp(properties.vgamem_mb, 8u, 256u) * mib;
  // A 32-bit BAR holds no more than 2 GiB.
  const std::uint64_t ram = std::max(std::min(properties.ram_mb, 2048u) * mib, 2 * vgamem);
  constexpr std::uint64_t least_vram = 4096;
  std::uint64_t vram32 = std::max(std::min(properties.vram_mb, 2048u) * mib, least_vram);
  std::uint64_t vram64 = std::max(properties.vram64_mb * mib, vram32);
  // It knows no surfaces but the primary one.
  if (properties.revision == 1) vram32 = vram64 = least_vram;
  Sizes sizes;
  sizes.ram = static_cast<std::uint32_t>(std::bit_ceil(ram));
  sizes.vram32 = static_cast<std::uint32_t>(std::bit_ceil(vram32));
  sizes.vram64 = std::bit_ceil(vram64);
  sizes.io = properties.revision == 1 ? 8 : properties.revision == 2 ? 16 : 32;
  sizes.vgamem = static_cast<std::uint32_t>(std::bit_ceil(vgamem));
  return sizes;
}

}  // namespace spicebench::qxl
