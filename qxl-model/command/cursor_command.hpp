// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include "core/wire/device_link.hpp"
#include "qxl-model/command/reader.hpp"

namespace spicebench::qxl {

constexpr std::uint64_t cursor_command_bytes = 150;

// A command of the cursor ring (qxl-device.md §12.5) as a value.
//   in       cursor_command_bytes of it
//   returns  without fetch_id and release_id. The shape of SET carries no cache flags: whether a
//            client caches it under its `unique` is the server's business
//   errors   unknown sub-type or shape type; a shape whose data do not fill its size
Parsed<wire::device::CursorCommand> read_cursor_command(Reader& reader, BytesView in);

}  // namespace spicebench::qxl
