// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/device/pci_config.hpp"

#include <cassert>

namespace spicebench::qxl {

namespace {
constexpr unsigned io_bar = 3, vram64_bar = 4;
constexpr std::uint32_t bar_is_io = 1, bar_is_64_bit = 4, bar_is_prefetchable = 8;
}  // namespace

PciConfig::PciConfig(const Properties& properties, const Sizes& sizes)
    : sizes_{sizes.ram,
             sizes.vram32,
             sizes.rom,
             sizes.io,
             sizes.vram64 > sizes.vram32 ? sizes.vram64 : 0,
             0} {
  store(0, 2, vendor);
  store(2, 2, device);
  store(revision, 1, properties.revision);
  store(class_code, 1, 0);
  constexpr std::uint32_t vga_compatible = 0x0300, other_display = 0x0380;
  store(class_code + 1, 2, properties.secondary ? other_display : vga_compatible);
  store(subsystem_vendor, 2, 0x1af4);
  store(subsystem_device, 2, 0x1100);
  store(interrupt_pin, 1, 1);
  writable_[command] = io_enable | memory_enable | 4;  // and bus master
  writable_[command + 1] = 4;                          // interrupt disable
  writable_[interrupt_line] = 0xff;
  for (unsigned bar = 0; bar < sizes_.size(); ++bar) {
    if (sizes_[bar] == 0) continue;
    const auto at = static_cast<std::uint8_t>(bars + 4 * bar);
    const std::uint64_t mask = ~(sizes_[bar] - 1);
    for (unsigned i = 0; i < (bar == vram64_bar ? 8u : 4u); ++i)
      writable_[at + i] = static_cast<std::uint8_t>(mask >> (8 * i));
    if (bar == io_bar) store(at, 4, bar_is_io);
    if (bar == vram64_bar) store(at, 4, bar_is_64_bit | bar_is_prefetchable);
  }
}

std::uint32_t PciConfig::read(std::uint8_t offset, std::uint8_t width) const {
  assert(offset + width <= 256);
  std::uint32_t value = 0;
  for (unsigned i = 0; i < width; ++i) value |= std::uint32_t{bytes_[offset + i]} << (8 * i);
  return value;
}
void PciConfig::store(std::uint8_t offset, std::uint8_t width, std::uint32_t value) {
  for (unsigned i = 0; i < width; ++i)
    bytes_[offset + i] = static_cast<std::uint8_t>(value >> (8 * i));
}
void PciConfig::write(std::uint8_t offset, std::uint8_t width, std::uint32_t value) {
  assert(offset + width <= 256);
  for (unsigned i = 0; i < width; ++i) {
    const auto mask = writable_[offset + i];
    bytes_[offset + i] =
        static_cast<std::uint8_t>((bytes_[offset + i] & ~mask) | ((value >> (8 * i)) & mask));
  }
}

std::optional<std::uint64_t> PciConfig::base(unsigned bar) const {
  if (bar >= sizes_.size() || sizes_[bar] == 0) return std::nullopt;
  const auto needed = bar == io_bar ? io_enable : memory_enable;
  if ((read(command, 2) & needed) == 0) return std::nullopt;
  const auto at = static_cast<std::uint8_t>(bars + 4 * bar);
  std::uint64_t address = read(at, 4) & (bar == io_bar ? ~3u : ~15u);
  if (bar == vram64_bar) address |= std::uint64_t{read(at + 4, 4)} << 32;
  if (address == 0) return std::nullopt;
  return address;
}

}  // namespace spicebench::qxl
