// SPDX-License-Identifier: LGPL-2.1-or-later
// Slow clients: whatever is left out, comes as film or loses quality, each pixel that the server
// does not know to be inexact is the guest's (display-pipeline.md §8, §16, §17, §31).
#include <catch2/catch.hpp>

#include "replayer/wiring/simulate.hpp"
#include "tests/replayer/support.hpp"

using namespace spicebench;
using namespace spicebench::replayer;
using namespace spicebench::test;

namespace {

Scenario from_corpus(const std::string& name) {
  return value(load_scenario(source / "corpus/scenarios" / name));
}
Scenario with_workload(Scenario scenario, std::string workload) {
  scenario.guest.workload = std::move(workload);
  scenario.seconds = 2;
  return scenario;
}

}  // namespace

TEST_CASE("film ends in the guest's pixels, with each codec", "[replayer][video]") {
  Scenario scenario = from_corpus("film.toml");
  scenario.seconds = 3;
  for (const char* codec : {"mjpeg", "vp8", "vp9", "h264"}) {
    INFO(codec);
    scenario.server.video_codecs = codec;
    SimulationOptions options;
    options.check_every_quiet_moment = true;
    const SimulationReport report = simulate(scenario, options);
    INFO((report.finding ? report.finding->text() : "no finding"));
    CHECK_FALSE(report.finding.has_value());
    CHECK(report.server.streams > 0);
    CHECK(report.server.film_frames > 20);
    CHECK(report.screens_compared > 10);
  }
}

TEST_CASE("what hidden commands and lost quality leave is exact where it must be",
          "[replayer][wan]") {
  const Scenario slow = from_corpus("wan.toml");
  std::uint64_t hidden = 0;
  for (const char* workload : {"browser", "surfaces", "paint", "office", "lifecycle", "heads"}) {
    INFO(workload);
    const Scenario scenario = with_workload(slow, workload);
    SimulationOptions options;
    options.check_every_quiet_moment = true;
    const SimulationReport report = simulate(scenario, options);
    INFO((report.finding ? report.finding->text() : "no finding"));
    CHECK_FALSE(report.finding.has_value());
    hidden += report.server.hidden;
  }
  CHECK(hidden > 0);
}
