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
#include "qxl-model/vga/dirty_pages.hpp"

namespace spicebench::qxl {

// The device's memories and where the guest sees them: BAR 0 ram, BAR 1 and 4 vram, BAR 2 ROM.
class MemoryMap {
 public:
  // Shared by copies.
  struct Memories {
    MemoryRegion ram, vram;
    std::optional<MemoryRegion> host_frame;  // the surface of mode VGA, while there is one
  };
  static Memories new_memories(const Properties& properties) {
    const Sizes sizes = sizes_of(properties);
    return {MemoryRegion(sizes.ram), MemoryRegion(static_cast<std::size_t>(sizes.vram64)), {}};
  }

  // Precondition: memories of the sizes that new_memories gives them.
  MemoryMap(const Properties& properties, Memories memories)
      : sizes_(sizes_of(properties)),
        pci_(properties, sizes_),
        ram_(std::move(memories.ram)),
        vram_(std::move(memories.vram)),
        host_frame_(std::move(memories.host_frame)),
        shadow_rom_(build_rom(properties, sizes_)),
        rom_(shadow_rom_) {}

  const Sizes& sizes() const { return sizes_; }
  PciConfig& pci() { return pci_; }
  const PciConfig& pci() const { return pci_; }
  Memories memories() const { return {ram_, vram_, host_frame_}; }
  std::span<std::byte> ram() { return ram_.bytes(); }
  // Zeros, in place of the one before, which lives as long as somebody owns it.
  std::span<std::byte> new_host_frame(std::size_t bytes) {
    host_frame_.emplace(bytes);
    return host_frame_->bytes();
  }
  // Is told where the guest writes into ram. Null: nobody.
  void watch_ram(DirtyPages* watcher) { watcher_ = watcher; }
  BytesView rom() const { return rom_; }
  // Changes the ROM for good: a hard reset keeps it.
  void set_rom(std::uint32_t offset, BytesView bytes);
  void restore_rom() { rom_ = shadow_rom_; }
  // Changes that a hard reset takes back.
  void set_rom_until_reset(std::uint32_t offset, std::byte value) { rom_[offset] = value; }
  std::span<std::byte> rom_until_reset() { return rom_; }

  // Memory that slots may cover, in the order in which it is tried.
  std::vector<MappedMemory> slot_memories();

  // Where the guest sees a part of ram or vram. Nothing: nowhere, or it is no part of either.
  std::optional<std::uint64_t> address_of(BytesView part) const;

  // A run of bytes of a memory, for saved states, which know no addresses.
  template <class Archive>
  void transfer_place(Archive& archive, std::span<std::byte>& part) {
    std::uint8_t region = 0;
    std::uint64_t offset = 0, length = part.size();
    if constexpr (!Archive::loads) locate(part, region, offset);
    archive.value("region", region, std::uint8_t{0}, std::uint8_t{3});
    archive.value("offset", offset);
    archive.value("length", length);
    if constexpr (Archive::loads) {
      const auto memory = memory_of(region);
      if (region == 0) {
        part = {};
      } else if (offset > memory.size() || length > memory.size() - offset) {
        archive.refuse("length", "more than the memory has");
      } else {
        part = memory.subspan(offset, length);
      }
    }
  }
  std::shared_ptr<const void> owner_of(BytesView part) const;
  template <class Archive>
  void transfer(Archive& archive) {
    archive.part("pci", [&] { pci_.transfer(archive); });
    archive.bytes("shadow_rom", shadow_rom_);
    archive.bytes("rom", rom_);
  }

  // Guest accesses. False: no memory of the device, or not all of it, answers there. Writes to the
  // ROM are discarded.
  bool read(std::uint64_t address, std::span<std::byte> to) const;
  bool write(std::uint64_t address, BytesView from);

 private:
  // Region 1 is ram, 2 vram, 3 the host's frame, 0 none of them.
  std::span<std::byte> memory_of(std::uint8_t region);
  void locate(BytesView part, std::uint8_t& region, std::uint64_t& offset) const;

  Sizes sizes_;
  PciConfig pci_;
  MemoryRegion ram_, vram_;
  std::optional<MemoryRegion> host_frame_;
  DirtyPages* watcher_ = nullptr;
  Bytes shadow_rom_, rom_;
};

}  // namespace spicebench::qxl
