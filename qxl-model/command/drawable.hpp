// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include "core/wire/device_link.hpp"
#include "qxl-model/command/reader.hpp"
#include "qxl-model/device/surfaces.hpp"

namespace spicebench::qxl {

constexpr std::uint64_t release_info_bytes = 8;
std::uint64_t drawable_bytes(CommandForm form);

// A drawable (qxl-device.md §12.3) as a value, of any operation; the body of NOP is empty.
// Charges the reader with parsing it and with rendering it at once (policy EAGER).
//   in       drawable_bytes of it, in the reader's form
//   surfaces  those that it may draw on and read
//   returns  without release_id and mm_time. Nothing: it draws nothing at all, since its clip is
//            empty
//   errors   as in §13.2, and what leaves the reference with a picture by chance
Parsed<std::optional<wire::device::Drawable>> read_drawable(Reader& reader, BytesView in,
                                                            const Surfaces& surfaces);

}  // namespace spicebench::qxl
