// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "qxl-model/device/memory_region.hpp"
#include "qxl-model/device/memory_slots.hpp"
#include "qxl-model/device/pci_config.hpp"
#include "qxl-model/device/properties.hpp"
#include "qxl-model/device/rom.hpp"

namespace spicebench::qxl {

// The device's memories and where the guest sees them: BAR 0 ram, BAR 1 and 4 vram, BAR 2 ROM.
class MemoryMap {
 public:
  explicit MemoryMap(const Properties& properties)
      : sizes_(sizes_of(properties)),
        pci_(properties, sizes_),
        ram_(sizes_.ram),
        vram_(static_cast<std::size_t>(sizes_.vram64)),
        shadow_rom_(build_rom(properties, sizes_)),
        rom_(shadow_rom_) {}

  const Sizes& sizes() const { return sizes_; }
  PciConfig& pci() { return pci_; }
  const PciConfig& pci() const { return pci_; }
  std::span<std::byte> ram() { return ram_.bytes(); }
  BytesView rom() const { return rom_; }
  // Changes the ROM for good: a hard reset keeps it.
  void set_rom(std::uint32_t offset, BytesView bytes);
  void restore_rom() { rom_ = shadow_rom_; }
  // A change that a hard reset takes back.
  void set_rom_until_reset(std::uint32_t offset, std::byte value) { rom_[offset] = value; }

  // Memory that slots may cover, in the order in which it is tried.
  std::vector<MappedMemory> slot_memories();

  // Where the guest sees a part of ram or vram. Nothing: nowhere, or it is no part of either.
  std::optional<std::uint64_t> address_of(BytesView part) const;

  // Guest accesses. False: no memory of the device, or not all of it, answers there. Writes to the
  // ROM are discarded.
  bool read(std::uint64_t address, std::span<std::byte> to) const;
  bool write(std::uint64_t address, BytesView from);

 private:
  Sizes sizes_;
  PciConfig pci_;
  MemoryRegion ram_, vram_;
  Bytes shadow_rom_, rom_;
};

}  // namespace spicebench::qxl
