// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <optional>
#include <vector>

#include "replayer/scenario/scenario.hpp"

namespace spicebench::replayer {

// What comes of a QXL recording (recorder/import/qxl_recording.hpp).
struct QxlScenario {
  Scenario scenario;
  std::vector<std::string> notices;  // commands that are left out; where the file is cut off
};
// A guest that does again what is in the recording, for as long as that takes.
//   base              all else; nothing: defaults, and the recording's name
//   longest_pause_ms  longer pauses are cut; nothing: none
//   errors            those of load_qxl_recording and of qxl::machine_for
Result<QxlScenario> qxl_scenario(const std::filesystem::path& recording,
                                 std::optional<Scenario> base = std::nullopt,
                                 std::optional<std::uint32_t> longest_pause_ms = std::nullopt);

}  // namespace spicebench::replayer
