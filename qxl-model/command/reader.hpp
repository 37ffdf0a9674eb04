// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <span>

#include "core/base/result.hpp"
#include "core/base/shared_bytes.hpp"
#include "core/wire/display_types.hpp"
#include "qxl-model/command/command_form.hpp"
#include "qxl-model/command/field_path.hpp"
#include "qxl-model/cost/cost_model.hpp"
#include "qxl-model/device/memory_slots.hpp"

namespace spicebench::qxl {

// Fields of one structure in guest memory. Packed, little endian. Precondition of every access: the
// view was decoded with that many bytes.
class Fields {
 public:
  explicit Fields(BytesView bytes) : bytes_(bytes) {}
  std::uint8_t u8(std::size_t at) const { return static_cast<std::uint8_t>(load(at, 1)); }
  std::uint16_t u16(std::size_t at) const { return static_cast<std::uint16_t>(load(at, 2)); }
  std::uint32_t u32(std::size_t at) const { return static_cast<std::uint32_t>(load(at, 4)); }
  std::uint64_t u64(std::size_t at) const { return load(at, 8); }
  std::int16_t i16(std::size_t at) const { return static_cast<std::int16_t>(u16(at)); }
  std::int32_t i32(std::size_t at) const { return static_cast<std::int32_t>(u32(at)); }
  wire::display::Rect rect(std::size_t at) const {
    return {i32(at), i32(at + 4), i32(at + 8), i32(at + 12)};
  }
  wire::display::Point point(std::size_t at) const { return {i32(at), i32(at + 4)}; }
  wire::display::Point16 point16(std::size_t at) const { return {i16(at), i16(at + 2)}; }
  Fields part(std::size_t at) const { return Fields(bytes_.subspan(at)); }

 private:
  std::uint64_t load(std::size_t at, std::size_t width) const {
    return load_little_endian(bytes_.subspan(at, width).data(), width);
  }
  BytesView bytes_;
};

// A refusal of one command.
//   fatal   an address that does not decode, or counts that contradict each other: where the
//           reference aborts, this device latches the guest-bug state (qxl-device.md §6.3, §13.2)
struct Refusal {
  Error error;
  bool fatal = false;
};
template <class T>
using Parsed = std::expected<T, Refusal>;
std::unexpected<Refusal> refuse(ErrorCode code, std::string detail, const FieldPath& path);
std::unexpected<Refusal> refuse_fatally(Error error);

// Follows the addresses of one command, each checked on entry, and adds up what that costs the
// worker.
class Reader {
 public:
  Reader(const MemorySlots& slots, const CostModel& costs, CommandForm form = {})
      : slots_(slots), costs_(costs), form_(form) {}

  CommandForm form() const { return form_; }
  // A colour of a brush or palette as 0x00RRGGBB; of 5 bits per component it is widened by
  // repeating bits.
  std::uint32_t colour(std::uint32_t word) const {
    if (!form_.rgb555) return word;
    const auto wide = [word](unsigned shift) {
      const std::uint32_t five = word >> shift & 31;
      return five << 3 | five >> 2;
    };
    return wide(10) << 16 | wide(5) << 8 | wide(0);
  }

  // `length` bytes at an encoded address. Charged for: each address once.
  Parsed<std::span<std::byte>> at(std::uint64_t address, std::uint64_t length,
                                  const FieldPath& path) {
    charge(costs_.xlate);
    return again_at(address, length, path);
  }
  // More bytes at an address that was charged for.
  Parsed<std::span<std::byte>> again_at(std::uint64_t address, std::uint64_t length,
                                        const FieldPath& path) const {
    auto bytes = slots_.decode(address, length);
    if (!bytes) return refuse_fatally(std::move(bytes).error().within(path.text()));
    return *bytes;
  }
  // What keeps the memory at an address alive. Precondition: it was decoded.
  std::shared_ptr<const void> owner(std::uint64_t address) const { return slots_.owner(address); }
  // A chain of data chunks whose first header is at `address` (§12.2), joined.
  //   first    whether the first header is part of an object that was paid for already
  //   exact    the chain must hold exactly this many bytes; at most this many are read
  //   errors   chains longer than `exact`, cycles, too many links
  enum class First : std::uint8_t { own, embedded };
  Parsed<Bytes> chunks(std::uint64_t address, First first, std::uint64_t exact,
                       const FieldPath& path);
  // The same for an embedded one, however much it holds.
  Parsed<Bytes> all_chunks(std::uint64_t address, const FieldPath& path);
  // The same for an embedded one, but cut off at `most` bytes, and shorter chains are fine.
  Parsed<Bytes> chunks_up_to(std::uint64_t address, std::uint64_t most, const FieldPath& path);

  void charge(Cycle cycles) { cost_ += cycles; }
  void charge_object() { cost_ += costs_.obj_fixed; }
  void charge_bytes(std::uint64_t bytes) { copied_ += bytes; }
  // Of everything so far; the copied bytes are rounded up once.
  Cycle cost() const { return cost_ + CostModel::at_rate(copied_, costs_.dma_bytes_per_cycle); }
  const CostModel& costs() const { return costs_; }

  static constexpr std::uint32_t max_chunks = 2'097'151;
  static constexpr std::uint64_t chunk_header = 20, max_chunk_bytes = 0x7fff'ffff;

 private:
  enum class Excess : std::uint8_t { refused, cut };
  Parsed<Bytes> join(std::uint64_t address, First first, std::uint64_t limit, Excess excess,
                     const FieldPath& path);

  const MemorySlots& slots_;
  const CostModel& costs_;
  const CommandForm form_;
  Cycle cost_ = 0;
  std::uint64_t copied_ = 0;
};

}  // namespace spicebench::qxl
