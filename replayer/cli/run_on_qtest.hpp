// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include "replayer/cli/command_line.hpp"
#include "replayer/scenario/scenario.hpp"

namespace spicebench::cli {

// The scenario's guest alone, on the real device of a QEMU whose qtest socket `run.bus` names, in
// real time. The exit code of the verb.
int run_on_qtest(const replayer::Scenario& scenario, const RunVerb& run);

}  // namespace spicebench::cli
