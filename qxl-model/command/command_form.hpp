// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

namespace spicebench::qxl {

// How the guest's commands are written: in the compat modes (SET_MODE) shorter than in native mode,
// and with colours of 5 bits per component if the mode has 16 bits per pixel (qxl-device.md §9,
// §12.3, §12.4).
struct CommandForm {
  bool compat = false;
  bool rgb555 = false;
};

}  // namespace spicebench::qxl
