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
  const std::uint64_t vram32 =
      std::max<std::uint64_t>(std::min(properties.vram_mb, 2048u) * mib, 4096);
  const std::uint64_t vram64 = std::max(properties.vram64_mb * mib, vram32);
  Sizes sizes;
  sizes.ram = static_cast<std::uint32_t>(std::bit_ceil(ram));
  sizes.vram32 = static_cast<std::uint32_t>(std::bit_ceil(vram32));
  sizes.vram64 = std::bit_ceil(vram64);
  sizes.vgamem = static_cast<std::uint32_t>(std::bit_ceil(vgamem));
  return sizes;
}

}  // namespace spicebench::qxl
