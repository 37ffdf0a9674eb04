// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/device/field_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <span>
#include <string_view>

#include "qxl-model/device/ram_header.hpp"
#include "qxl-model/device/rom.hpp"

namespace spicebench::qxl {
namespace {

// Names by the offset at which a field begins; it ends where the next one does.
struct Name {
  std::uint32_t offset;
  std::string_view name;
};
constexpr Name ram_names[] = {
    {ram::magic, "magic"},
    {ram::int_pending, "int_pending"},
    {ram::int_mask, "int_mask"},
    {ram::log_buf, "log_buf"},
    {ram::command_ring, "cmd_ring"},
    {ram::cursor_ring, "cursor_ring"},
    {ram::release_ring, "release_ring"},
    {ram::update_area, "update_area"},
    {ram::update_surface, "update_surface"},
    {ram::mem_slot, "mem_slot"},
    {ram::create_width, "create_surface.width"},
    {ram::create_height, "create_surface.height"},
    {ram::create_stride, "create_surface.stride"},
    {ram::create_format, "create_surface.format"},
    {ram::create_position, "create_surface.position"},
    {ram::create_mouse_mode, "create_surface.mouse_mode"},
    {ram::create_flags, "create_surface.flags"},
    {ram::create_type, "create_surface.type"},
    {ram::create_mem, "create_surface.mem"},
    {ram::flags, "flags"},
    {ram::monitors_config, "monitors_config"},
    {ram::header_bytes, "after the header"},
};
constexpr Name rom_names[] = {
    {rom::magic, "magic"},
    {rom::id, "id"},
    {rom::update_id, "update_id"},
    {rom::compression_level, "compression_level"},
    {rom::log_level, "log_level"},
    {rom::mode, "mode"},
    {rom::modes_offset, "modes_offset"},
    {rom::num_pages, "num_pages"},
    {rom::pages_offset, "pages_offset"},
    {rom::draw_area_offset, "draw_area_offset"},
    {rom::surface0_area_size, "surface0_area_size"},
    {rom::ram_header_offset, "ram_header_offset"},
    {rom::mm_clock, "mm_clock"},
    {rom::n_surfaces, "n_surfaces"},
    {rom::flags, "flags"},
    {rom::slots_start, "slots_start"},
    {rom::slots_end, "slots_end"},
    {rom::slot_gen_bits, "slot_gen_bits"},
    {rom::slot_id_bits, "slot_id_bits"},
    {rom::slot_generation, "slot_generation"},
    {rom::client_present, "client_present"},
    {rom::client_capabilities, "client_capabilities"},
    {rom::monitors_crc, "client_monitors_config_crc"},
    {rom::monitors, "client_monitors_config"},
    {rom::modes, "modes"},
};
constexpr Name ring_names[] = {
    {0, "num_items"}, {4, "prod"}, {8, "notify_on_prod"}, {12, "cons"}, {16, "notify_on_cons"}};

const Name& last_before(std::span<const Name> names, std::uint32_t offset) {
  return *std::prev(std::ranges::upper_bound(names, offset, {}, &Name::offset));
}
std::string with_rest(std::string_view name, std::uint32_t rest) {
  return rest == 0 ? std::string(name) : fmt::format("{}+{}", name, rest);
}
std::string ring_field(std::string_view ring, std::uint32_t offset, std::uint32_t item_bytes) {
  constexpr std::uint32_t header_bytes = DeviceCommandRing::header_bytes;
  if (offset < header_bytes) {
    const Name& field = last_before(ring_names, offset);
    return with_rest(fmt::format("{}.{}", ring, field.name), offset - field.offset);
  }
  const std::uint32_t at = offset - header_bytes;
  return with_rest(fmt::format("{}.items[{}]", ring, at / item_bytes), at % item_bytes);
}

}  // namespace

std::string ram_field_at(std::uint32_t offset) {
  const Name& field = last_before(ram_names, offset);
  const std::uint32_t rest = offset - field.offset;
  if (field.offset == ram::command_ring || field.offset == ram::cursor_ring)
    return ring_field(field.name, rest, RingCommand::bytes);
  if (field.offset == ram::release_ring) return ring_field(field.name, rest, ReleaseEntry::bytes);
  return with_rest(field.name, rest);
}
std::string rom_field_at(std::uint32_t offset) {
  const Name& field = last_before(rom_names, offset);
  return with_rest(field.name, offset - field.offset);
}

}  // namespace spicebench::qxl
