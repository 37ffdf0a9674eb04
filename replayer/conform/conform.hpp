// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <optional>
#include <vector>

#include "core/base/result.hpp"
#include "qxl-model/guest/profile.hpp"
#include "replayer/conform/mirror.hpp"
#include "replayer/scenario/scenario.hpp"

namespace spicebench::replayer {

struct ConformReport {
  std::optional<Nonconformity> nonconformity;
  std::vector<Error> findings;  // of the model, about its guest
  bool finished = false;        // the workload came to its end
  MirrorCounters counters;
};

// A guest that does `workload` for so many virtual seconds at a pace that makes its accesses
// independent of how fast the device is.
//   errors  as scenario_from_json
//   guest  the profile of its driver
Result<Scenario> conform_scenario(std::string workload, std::uint64_t seed, std::uint32_t seconds,
                                  std::string guest = std::string(qxl::default_profile));

// Runs the scenario's machine with a server and no client, each access made on the real device too.
// The scenario's guest should pace itself (Pace in guest/driver.hpp); without, its accesses
// depend on how fast a device is.
//   errors  of the connection to the real device
Result<ConformReport> conform(const Scenario& scenario, qxl::Qtest& real, RealScreenSource screen,
                              Mirror::Patience patience);

}  // namespace spicebench::replayer
