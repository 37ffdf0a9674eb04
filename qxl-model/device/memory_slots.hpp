// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <span>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"

namespace spicebench::qxl {

// An address as the guest writes it into commands (qxl-device.md §6.1): slot, generation, offset.
struct EncodedAddress {
  std::uint64_t value = 0;
  std::uint8_t slot() const { return static_cast<std::uint8_t>(value >> 56); }
  std::uint8_t generation() const { return static_cast<std::uint8_t>(value >> 48); }
  std::uint64_t offset() const { return value & 0xffff'ffff'ffffu; }
};
constexpr std::uint64_t encode_address(std::uint8_t slot, std::uint8_t generation,
                                       std::uint64_t offset) {
  return std::uint64_t{slot} << 56 | std::uint64_t{generation} << 48 | offset;
}

// Memory of the device that a slot may cover: a BAR where the guest placed it.
struct MappedMemory {
  std::uint64_t base = 0;  // guest-physical
  std::span<std::byte> bytes;
  std::shared_ptr<const void> owner;
};

// The guest's memory slots. One function decodes for the whole device, and checks everything.
//
// DIFFERS: the reference has two tables, and its ports half ignores the generation; its worker
// aborts on a bad slot or generation, and MEMSLOT_DEL deletes in the wrong table. Here there is one
// table, and every failure is an Error.
class MemorySlots {
 public:
  static constexpr unsigned count = 8;

  // What the offset of an encoded address counts from: the start of its slot; in the compat modes,
  // where addresses are guest-physical ones, from 0.
  enum class Offsets : std::uint8_t { from_start, guest_physical };
  // Makes guest-physical start … end (exclusive) addressable under `slot`.
  //   memories  the BARs that answer, in the order in which they are tried
  //   errors    out_of_range, with nothing changed
  Result<void> add(unsigned slot, std::uint64_t start, std::uint64_t end,
                   std::span<const MappedMemory> memories, Offsets offsets = Offsets::from_start);
  Result<void> remove(unsigned slot);
  void clear() { slots_ = {}; }

  // errors: out_of_range (slot, generation, or length beyond the slot's end)
  Result<std::span<std::byte>> decode(std::uint64_t address, std::uint64_t length) const {
    const EncodedAddress encoded{address};
    if (encoded.slot() < count && encoded.generation() == 0) {
      const Slot& slot = slots_[encoded.slot()];
      const std::uint64_t offset = encoded.offset() - slot.origin, size = slot.memory.size();
      if (slot.active && encoded.offset() >= slot.origin && offset <= size &&
          length <= size - offset)
        return slot.memory.subspan(offset, length);
    }
    return std::unexpected(refusal(address, length));
  }
  std::shared_ptr<const void> owner(std::uint64_t address) const;  // precondition: it decodes
  std::uint64_t size(unsigned slot) const { return slots_[slot].memory.size(); }  // slot < count
  std::uint64_t total_size() const;
  //   memory  the MemoryMap that the slots lie in
  template <class Archive>
  void transfer(Archive& archive, auto& memory) {
    for (Slot& slot : slots_) {
      archive.value("active", slot.active);
      archive.value("origin", slot.origin);
      memory.transfer_place(archive, slot.memory);
      if constexpr (Archive::loads) slot.owner = memory.owner_of(slot.memory);
    }
  }

 private:
  Error refusal(std::uint64_t address, std::uint64_t length) const;
  struct Slot {
    bool active = false;
    std::uint64_t origin = 0;  // offset of its first byte
    std::span<std::byte> memory;
    std::shared_ptr<const void> owner;
  };
  std::array<Slot, count> slots_;
};

}  // namespace spicebench::qxl
