// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include "core/wire/guest_action.hpp"
#include "qxl-model/machine_options.hpp"

namespace spicebench::qxl {

// A machine that does `recorded` again, with memory enough for it; all else as in `options`.
//   errors  out_of_range: the surfaces or a command are larger than any device's memory
Result<MachineOptions> machine_for(
    std::shared_ptr<const std::vector<wire::device::GuestAction>> recorded,
    MachineOptions options = {});

}  // namespace spicebench::qxl
