// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/device/rom.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace spicebench::qxl {

namespace {

constexpr std::array<std::pair<std::uint32_t, std::uint32_t>, 37> resolutions{{
    {640, 480},   {800, 480},   {800, 600},   {832, 624},   {960, 640},   {1024, 600},
    {1024, 768},  {1152, 864},  {1152, 870},  {1280, 720},  {1280, 760},  {1280, 768},
    {1280, 800},  {1280, 960},  {1280, 1024}, {1360, 768},  {1366, 768},  {1400, 1050},
    {1440, 900},  {1600, 900},  {1600, 1200}, {1680, 1050}, {1920, 1080}, {1920, 1200},
    {1920, 1440}, {2000, 2000}, {2048, 1536}, {2048, 2048}, {2560, 1440}, {2560, 1600},
    {2560, 2048}, {2800, 2100}, {3200, 2400}, {3840, 2160}, {4096, 2160}, {7680, 4320},
    {8192, 4320},
}};

constexpr std::uint32_t millimetres(std::uint32_t pixels) {
  return pixels * 4699 / 16000;
}

// Entries that do not fit in vgamem are left out, so places in the table and ids may differ.
void append_modes(Bytes& out, std::uint32_t vgamem) {
  const std::size_t count_at = out.size();
  append_little_endian(out, 0, 4);
  std::uint32_t count = 0;
  for (std::uint32_t k = 0; k < resolutions.size(); ++k) {
    const auto [width, height] = resolutions[k];
    for (std::uint32_t variant = 0; variant < 4; ++variant) {
      const std::uint32_t bits = variant % 2 == 0 ? 16 : 32, stride = width * bits / 8;
      if (std::uint64_t{height} * stride > vgamem) continue;
      for (const std::uint32_t field : {4 * k + variant, width, height, bits, stride,
                                        millimetres(width), millimetres(height), variant / 2})
        append_little_endian(out, field, 4);
      ++count;
    }
  }
  store_little_endian(&out[count_at], count, 4);
}

}  // namespace

Bytes build_rom(const Properties& properties, const Sizes& sizes) {
  Bytes out(rom::modes);
  const auto set32 = [&out](rom::Offset offset, std::uint32_t value) {
    store_little_endian(&out[offset], value, 4);
  };
  set32(rom::magic, rom::magic_value);
  set32(rom::modes_offset, rom::modes);
  set32(rom::num_pages, sizes.num_pages());
  set32(rom::pages_offset, sizes.vgamem);
  set32(rom::surface0_area_size, sizes.vgamem);
  set32(rom::ram_header_offset, sizes.ram_header());
  set32(rom::n_surfaces, properties.surfaces);
  set32(rom::id, properties.console_id);
  set32(rom::log_level, properties.guestdebug);
  out[rom::slots_start] = std::byte{rom::first_slot};
  out[rom::slots_end] = std::byte{rom::last_slot};
  out[rom::slot_gen_bits] = std::byte{rom::slot_bits};
  out[rom::slot_id_bits] = std::byte{rom::slot_bits};
  if (properties.xres != 0 && properties.yres != 0) {
    const ClientHead head{.right = properties.xres, .bottom = properties.yres};
    write_client_monitors(out, std::span(&head, 1));
  }
  append_modes(out, sizes.vgamem);
  out.resize(sizes.rom);
  return out;
}

std::optional<VideoMode> mode_at(BytesView rom, std::uint32_t place) {
  constexpr std::size_t count_bytes = 4, row_bytes = 32;
  const auto word = [rom](std::size_t at) {
    return static_cast<std::uint32_t>(load_little_endian(&rom[at], 4));
  };
  if (place >= word(rom::modes)) return std::nullopt;
  const std::size_t row = rom::modes + count_bytes + place * row_bytes;
  return VideoMode{word(row), word(row + 4), word(row + 8), word(row + 12)};
}

void write_client_monitors(std::span<std::byte> rom, std::span<const ClientHead> heads) {
  constexpr std::size_t first_head = 4;
  const auto block = rom.subspan(rom::monitors, rom::monitors_bytes);
  std::ranges::fill(block, std::byte{0});
  const std::size_t count = std::min(heads.size(), rom::most_heads);
  store_little_endian(block.data(), count, 2);
  std::size_t at = first_head;
  for (const ClientHead& head : heads.first(count)) {
    for (const std::uint32_t side : {head.top, head.left, head.bottom, head.right}) {
      store_little_endian(&block[at], side, 4);
      at += 4;
    }
  }
  store_little_endian(&rom[rom::monitors_crc], monitors_crc(block), 4);
}

std::uint32_t monitors_crc(BytesView bytes) {
  std::uint32_t crc = 0;
  for (const std::byte byte : bytes) {
    crc ^= std::to_integer<std::uint32_t>(byte);
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? 0xedb8'8320u : 0u);
  }
  return crc;
}

}  // namespace spicebench::qxl
