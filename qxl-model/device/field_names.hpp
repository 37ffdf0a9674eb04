// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <string>

namespace spicebench::qxl {

// The field of the RAM header or the ROM that a byte belongs to, such as "cmd_ring.prod" or
// "cursor_ring.items[3]+8"; with its offset alone where there is none.
std::string ram_field_at(std::uint32_t offset);
std::string rom_field_at(std::uint32_t offset);

}  // namespace spicebench::qxl
