// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <optional>
#include <span>

#include "core/base/bytes.hpp"
#include "qxl-model/device/properties.hpp"

namespace spicebench::qxl {

// Offsets in the device ROM, BAR 2 (qxl-device.md §3).
namespace rom {
constexpr std::uint32_t magic_value = 0x4f52'5851;  // "QXRO"
constexpr std::uint8_t first_slot = 1, last_slot = 7, slot_bits = 8;
constexpr std::size_t most_heads = 64;
enum Offset : std::uint32_t {
  magic = 0,
  id = 4,
  update_id = 8,
  compression_level = 12,
  log_level = 16,
  mode = 20,
  modes_offset = 24,
  num_pages = 28,
  pages_offset = 32,
  draw_area_offset = 36,
  surface0_area_size = 40,
  ram_header_offset = 44,
  mm_clock = 48,
  n_surfaces = 52,
  flags = 56,
  slots_start = 64,
  slots_end = 65,
  slot_gen_bits = 66,
  slot_id_bits = 67,
  slot_generation = 68,
  client_present = 69,
  client_capabilities = 70,
  monitors_crc = 128,
  monitors = 132,
  monitors_bytes = 1028,
  modes = 1160,
};
}  // namespace rom

// The whole ROM as at power on: header, mode table, zeros to sizes.rom bytes.
Bytes build_rom(const Properties& properties, const Sizes& sizes);

// A row of the mode table (§3.1).
struct VideoMode {
  std::uint32_t id = 0, width = 0, height = 0, bits = 0;
};
// By its place in the table, which is what SET_MODE takes. Nothing: there is none.
std::optional<VideoMode> mode_at(BytesView rom, std::uint32_t place);

// What one of the client's monitors shows, as the guest may read it (§17.2).
struct ClientHead {
  std::uint32_t top = 0, left = 0, right = 0, bottom = 0;
  bool operator==(const ClientHead&) const = default;
};
// Into the ROM, with their checksum; at most most_heads.
void write_client_monitors(std::span<std::byte> rom, std::span<const ClientHead> heads);

// CRC-32, reflected 0xedb88320, starting at 0 and not inverted at the end: the checksum of the
// client monitors configuration.
std::uint32_t monitors_crc(BytesView bytes);

}  // namespace spicebench::qxl
