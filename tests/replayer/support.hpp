// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <filesystem>
#include <string>

#include "recorder/store/reader.hpp"
#include "replayer/scenario/scenario.hpp"
#include "replayer/wiring/simulate.hpp"
#include "tests/recorder/support.hpp"

namespace spicebench::test {

inline const fs::path source = SPICEBENCH_SOURCE_DIR;
inline const fs::path desktop_file = source / "corpus/scenarios/desktop.toml";

// The desktop scenario cut down to two virtual seconds, its user's steps moved together.
replayer::Scenario short_desktop(std::uint64_t seed = 7);
// Runs it and records it into the file.
replayer::SimulationReport record(const replayer::Scenario& scenario, const fs::path& file);
recorder::Reader open(const fs::path& file);

// What a command said and how it ended; words are passed as they are.
struct Spoken {
  int code = 0;
  std::string out, err;
};
Spoken command(const std::string& arguments, const std::string& environment = {});

}  // namespace spicebench::test
