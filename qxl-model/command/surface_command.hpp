// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include "core/wire/device_link.hpp"
#include "qxl-model/command/reader.hpp"

namespace spicebench::qxl {

constexpr std::uint64_t surface_command_bytes = 41;

// A SURFACE command (qxl-device.md §12.5) as a value: a create with its pixels found in guest
// memory, a destroy with the id alone. Charges the reader for parsing it.
//   most     ids are below this
//   returns  without fetch_id and release_id
//   errors   fatal: an id or stride that makes the device latch the guest bug, pixels that are not
//            in a slot; otherwise a geometry beyond the rules of §15.1, an unknown action
Parsed<wire::device::SurfaceCommand> read_surface_command(Reader& reader, BytesView in,
                                                          std::uint32_t most);

}  // namespace spicebench::qxl
