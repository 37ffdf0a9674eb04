// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <algorithm>
#include <cstdint>
#include <span>

#include "core/base/bytes.hpp"
#include "qxl-model/device/ring.hpp"

namespace spicebench::qxl {

// Offsets in the RAM header (qxl-device.md §4), which lies at Sizes::ram_header() of BAR 0.
namespace ram {
constexpr std::uint32_t magic_value = 0x4152'5851;  // "QXRA"
enum Offset : std::uint32_t {
  magic = 0,
  int_pending = 4,
  int_mask = 8,
  log_buf = 12,
  log_bytes = 4096,
  command_ring = 4108,
  cursor_ring = 4640,
  release_ring = 5172,
  update_area = 5256,  // top, left, bottom, right
  update_surface = 5272,
  mem_slot = 5276,      // start, end: guest-physical
  create_width = 5292,  // create_surface: up to flags
  create_height = 5296,
  create_stride = 5300,
  create_format = 5304,
  create_position = 5308,
  create_mouse_mode = 5312,
  create_flags = 5316,
  create_type = 5320,
  create_mem = 5324,
  flags = 5332,
  monitors_config = 5340,
  header_bytes = 5348,
};
}  // namespace ram

// Numbers of the commands in the two guest rings (§12.1).
enum class CommandType : std::uint32_t { nop, draw, update, cursor, message, surface };

// Memory of a ring that can be touched directly.
struct SpanMemory {
  std::span<std::byte> memory;
  void read(std::uint32_t offset, std::span<std::byte> to) const {
    std::ranges::copy(memory.subspan(offset, to.size()), to.begin());
  }
  void write(std::uint32_t offset, BytesView from) {
    std::ranges::copy(from, memory.subspan(offset, from.size()).begin());
  }
};
using DeviceCommandRing = Ring<SpanMemory, RingCommand, command_ring_items>;
using DeviceReleaseRing = Ring<SpanMemory, ReleaseEntry, release_ring_items>;
static_assert(ram::command_ring + DeviceCommandRing::bytes == ram::cursor_ring);
static_assert(ram::cursor_ring + DeviceCommandRing::bytes == ram::release_ring);
static_assert(ram::release_ring + DeviceReleaseRing::bytes == ram::update_area);

// The header as the device sees it. The guest may have written anything into it.
class RamHeader {
 public:
  // Precondition: ram::header_bytes bytes.
  explicit RamHeader(std::span<std::byte> memory) : memory_(memory) {}

  std::uint32_t get32(std::uint32_t offset) const {
    return static_cast<std::uint32_t>(load_little_endian(&memory_[offset], 4));
  }
  std::uint64_t get64(std::uint32_t offset) const {
    return load_little_endian(&memory_[offset], 8);
  }
  BytesView log_text() const { return memory_.subspan(ram::log_buf, ram::log_bytes); }
  void set32(std::uint32_t offset, std::uint32_t value) {
    store_little_endian(&memory_[offset], value, 4);
  }
  DeviceCommandRing command_ring() {
    return DeviceCommandRing({memory_.subspan(ram::command_ring, DeviceCommandRing::bytes)});
  }
  DeviceCommandRing cursor_ring() {
    return DeviceCommandRing({memory_.subspan(ram::cursor_ring, DeviceCommandRing::bytes)});
  }
  DeviceReleaseRing release_ring() {
    return DeviceReleaseRing({memory_.subspan(ram::release_ring, DeviceReleaseRing::bytes)});
  }
  // As at power on and after every hard reset; all other fields keep their bytes.
  void init() {
    set32(ram::magic, ram::magic_value);
    set32(ram::int_pending, 0);
    set32(ram::int_mask, 0);
    set32(ram::update_surface, 0);
    set32(ram::monitors_config, 0);
    set32(ram::monitors_config + 4, 0);
    command_ring().init();
    cursor_ring().init();
    release_ring().init();
    release_ring().store_open({0});
  }

 private:
  std::span<std::byte> memory_;
};

}  // namespace spicebench::qxl
