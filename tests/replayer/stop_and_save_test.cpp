// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>

#include "recorder/digest.hpp"
#include "tests/replayer/support.hpp"

// Machines that are stopped in the middle of a session, and go on with another device.
using namespace spicebench;
using namespace spicebench::replayer;
using namespace spicebench::test;

namespace {

struct Run {
  SimulationReport report;
  Hash128 digest;
};
Run run(Scenario scenario, bool reload, const fs::path& file) {
  scenario.guest.stops = {{15, 0, reload},
                          {400, 3, reload},
                          {901, 120, reload},
                          {1'500, 0, reload},
                          {1'777, 1, reload}};
  Run out{record(scenario, file), {}};
  const auto recording = open(file);
  out.digest = value(recorder::digest_of(recording)).total;
  return out;
}

}  // namespace

TEST_CASE("a device that is saved and loaded goes on as the one that was not", "[simulate][save]") {
  const Scratch scratch;
  for (const char* workload : {"desktop", "heads", "compat", "boot"}) {
    INFO(workload);
    Scenario scenario = short_desktop();
    scenario.guest.workload = workload;
    scenario.guest.max_outputs = 4;
    const Run kept = run(scenario, false, scratch / "kept.spicerec");
    const Run loaded = run(scenario, true, scratch / "loaded.spicerec");
    INFO((loaded.report.finding ? loaded.report.finding->text() : ""));
    CHECK_FALSE(kept.report.finding);
    CHECK_FALSE(loaded.report.finding);
    CHECK(loaded.digest == kept.digest);
    CHECK(loaded.report.machine == kept.report.machine);
    CHECK(loaded.report.screen == kept.report.screen);
    CHECK(loaded.report.screens_compared > 0);
  }
}
