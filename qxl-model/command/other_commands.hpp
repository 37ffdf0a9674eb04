// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include "qxl-model/command/reader.hpp"

namespace spicebench::qxl {

// Commands without an effect, which must be well formed all the same (qxl-device.md §12.5, §13.2).

// UPDATE. Errors: fatal, an area that is empty or begins left of or above the surface.
Parsed<void> check_update_command(Reader& reader, std::uint64_t address);
// MESSAGE. Errors: a text without an end, within its slot and bounds.
Parsed<void> check_message_command(Reader& reader, std::uint64_t address);

}  // namespace spicebench::qxl
