// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include "core/wire/guest_action.hpp"
#include "recorder/import/qxl_text.hpp"

namespace spicebench::recorder {

// A command of a QXL recording. The recorder writes it before anybody looks whether it is valid, so
// its content may be anything.
struct QxlCommand {
  // Nothing: it changes no surface and no cursor, or it was refused.
  std::optional<decltype(wire::device::GuestAction::what)> action;
  std::optional<Error> refused;  // the first field that no value can hold
};
// Reads what the recorder writes behind the event of a command (server-abi.md §13.4).
//   type    of the ring entry: 1 draw, 2 update, 3 cursor, 4 message, 5 surface; others have
//           nothing behind them
//   errors  those of the text: what the recorder cannot have written
Result<QxlCommand> read_qxl_command(QxlText& text, std::uint32_t type);

constexpr std::uint32_t keep_data = 1;  // flag of a new surface
// Errors: malformed, where a surface's content is not |stride| * height bytes.
Result<void> check_content(const wire::device::GuestSurface& surface, const QxlText& text);

}  // namespace spicebench::recorder
