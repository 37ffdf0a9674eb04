// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/device/memory_map.hpp"

#include <algorithm>
#include <functional>
#include <optional>

namespace spicebench::qxl {

namespace {

constexpr unsigned ram_bar = 0, vram32_bar = 1, rom_bar = 2, vram64_bar = 4;

// Where an access of `length` bytes at `address` starts within a BAR of `size` bytes.
std::optional<std::size_t> offset_in(const PciConfig& pci, unsigned bar, std::uint64_t size,
                                     std::uint64_t address, std::size_t length) {
  const auto base = pci.base(bar);
  if (!base || address < *base || address - *base > size || length > size - (address - *base))
    return std::nullopt;
  return static_cast<std::size_t>(address - *base);
}

}  // namespace

void MemoryMap::set_rom(std::uint32_t offset, BytesView bytes) {
  std::ranges::copy(bytes, shadow_rom_.begin() + offset);
  std::ranges::copy(bytes, rom_.begin() + offset);
}

std::vector<MappedMemory> MemoryMap::slot_memories() {
  std::vector<MappedMemory> out;
  if (const auto base = pci_.base(ram_bar)) out.push_back({*base, ram_.bytes(), ram_.owner()});
  if (const auto base = pci_.base(vram32_bar))
    out.push_back({*base, vram_.bytes().first(sizes_.vram32), vram_.owner()});
  if (const auto base = pci_.base(vram64_bar)) out.push_back({*base, vram_.bytes(), vram_.owner()});
  return out;
}

std::optional<std::uint64_t> MemoryMap::address_of(BytesView part) const {
  const auto within = [&](unsigned bar, BytesView memory) -> std::optional<std::uint64_t> {
    const auto base = pci_.base(bar);
    const std::less_equal<const std::byte*> not_after;
    if (!base || !not_after(memory.data(), part.data()) ||
        !not_after(part.data() + part.size(), memory.data() + memory.size()))
      return std::nullopt;
    return *base + static_cast<std::uint64_t>(part.data() - memory.data());
  };
  if (const auto found = within(ram_bar, ram_.bytes())) return found;
  if (const auto found = within(vram32_bar, vram_.bytes().first(sizes_.vram32))) return found;
  return within(vram64_bar, vram_.bytes());
}

void MemoryMap::locate(BytesView part, std::uint8_t& region, std::uint64_t& offset) const {
  const std::less_equal<const std::byte*> not_after;
  const BytesView memories[] = {ram_.bytes(), vram_.bytes(),
                                host_frame_ ? BytesView(host_frame_->bytes()) : BytesView()};
  region = 0;
  for (const BytesView memory : memories) {
    ++region;
    if (part.data() == nullptr || !not_after(memory.data(), part.data()) ||
        !not_after(part.data() + part.size(), memory.data() + memory.size()))
      continue;
    offset = static_cast<std::uint64_t>(part.data() - memory.data());
    return;
  }
  region = 0;
}

std::shared_ptr<const void> MemoryMap::owner_of(BytesView part) const {
  std::uint8_t region = 0;
  std::uint64_t offset = 0;
  locate(part, region, offset);
  if (region == 3) return host_frame_->owner();
  return region == 2 ? vram_.owner() : ram_.owner();
}
std::span<std::byte> MemoryMap::memory_of(std::uint8_t region) {
  switch (region) {
    case 1:
      return ram_.bytes();
    case 2:
      return vram_.bytes();
    case 3:
      return host_frame_ ? host_frame_->bytes() : std::span<std::byte>{};
    default:
      return {};
  }
}

bool MemoryMap::read(std::uint64_t address, std::span<std::byte> to) const {
  const auto copy = [&](unsigned bar, BytesView memory) {
    const auto offset = offset_in(pci_, bar, memory.size(), address, to.size());
    if (offset) std::ranges::copy(memory.subspan(*offset, to.size()), to.begin());
    return offset.has_value();
  };
  return copy(ram_bar, ram_.bytes()) || copy(vram32_bar, vram_.bytes().first(sizes_.vram32)) ||
         copy(rom_bar, rom_) || copy(vram64_bar, vram_.bytes());
}

bool MemoryMap::write(std::uint64_t address, BytesView from) {
  const auto copy = [&](unsigned bar, std::span<std::byte> memory) {
    const auto offset = offset_in(pci_, bar, memory.size(), address, from.size());
    if (offset) std::ranges::copy(from, memory.subspan(*offset, from.size()).begin());
    if (offset && bar == ram_bar && watcher_) watcher_->mark(*offset, from.size());
    return offset.has_value();
  };
  return copy(ram_bar, ram_.bytes()) || copy(vram32_bar, vram_.bytes().first(sizes_.vram32)) ||
         offset_in(pci_, rom_bar, rom_.size(), address, from.size()).has_value() ||
         copy(vram64_bar, vram_.bytes());
}

}  // namespace spicebench::qxl
