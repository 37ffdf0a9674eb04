// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include "replayer/cli/command_line.hpp"

namespace spicebench::cli {

// `stats FOLDER --coverage`: runs FOLDER/scenarios/*.toml, prints what occurs, and holds it against
// FOLDER/coverage.toml.
int perform_coverage(const StatsVerb& verb);

}  // namespace spicebench::cli
