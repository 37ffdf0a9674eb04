// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include "recorder/store/reader.hpp"
#include "replayer/cli/command_line.hpp"

namespace spicebench::cli {

// What happened within the device, one event a line.
Result<void> show_trace(const recorder::Reader& recording, const ShowVerb& verb);
// The recording's notices.
Result<void> show_notices(const recorder::Reader& recording, const ShowVerb& verb);

}  // namespace spicebench::cli
