// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/device/memory_slots.hpp"

#include <fmt/format.h>

#include <cassert>

namespace spicebench::qxl {

Result<void> MemorySlots::add(unsigned slot, std::uint64_t start, std::uint64_t end,
                              std::span<const MappedMemory> memories, Offsets offsets) {
  if (slot >= count)
    return fail(ErrorCode::out_of_range, fmt::format("slot {}, at most {}", slot, count - 1));
  if (slots_[slot].active)
    return fail(ErrorCode::out_of_range, fmt::format("slot {} is in use", slot));
  if (start > end)
    return fail(ErrorCode::out_of_range, fmt::format("slot from {:#x} to {:#x}", start, end));
  for (const MappedMemory& memory : memories) {
    const std::uint64_t limit = memory.base + memory.bytes.size();
    if (start < memory.base || start > limit || end > limit) continue;
    slots_[slot] = {true, offsets == Offsets::from_start ? 0 : start,
                    memory.bytes.subspan(start - memory.base, end - start), memory.owner};
    return {};
  }
  return fail(ErrorCode::out_of_range,
              fmt::format("slot from {:#x} to {:#x} lies in no memory of the device", start, end));
}

Result<void> MemorySlots::remove(unsigned slot) {
  if (slot >= count)
    return fail(ErrorCode::out_of_range, fmt::format("slot {}, at most {}", slot, count - 1));
  slots_[slot] = {};
  return {};
}

// Why an address does not decode.
Error MemorySlots::refusal(std::uint64_t address, std::uint64_t length) const {
  const EncodedAddress encoded{address};
  const auto out_of_range = [](std::string why) {
    return Error{ErrorCode::out_of_range, 0, "", std::move(why)};
  };
  if (encoded.slot() >= count || !slots_[encoded.slot()].active)
    return out_of_range(fmt::format("address {:#018x}: no such slot", address));
  if (encoded.generation() != 0)
    return out_of_range(fmt::format("address {:#018x}: generation is 0", address));
  return out_of_range(fmt::format("address {:#018x} and {} bytes, slot has {}", address, length,
                                  slots_[encoded.slot()].memory.size()));
}

std::uint64_t MemorySlots::total_size() const {
  std::uint64_t total = 0;
  for (const Slot& slot : slots_) total += slot.memory.size();
  return total;
}

std::shared_ptr<const void> MemorySlots::owner(std::uint64_t address) const {
  const unsigned slot = EncodedAddress{address}.slot();
  assert(slot < count && slots_[slot].active);
  return slots_[slot].owner;
}

}  // namespace spicebench::qxl
