// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <set>

#include "qxl-model/guest/profile.hpp"
#include "qxl-model/guest/workload.hpp"
#include "tests/replayer/support.hpp"

// Every workload of the guest with server and client, from its scenario in the corpus, cut short.
using namespace spicebench;
using namespace spicebench::replayer;
using namespace spicebench::test;

namespace {

const fs::path scenarios = source / "corpus/scenarios";

Scenario short_scenario(const std::string& name, std::uint64_t seed = 1) {
  auto scenario = value(load_scenario(scenarios / (name + ".toml")));
  scenario.seed = seed;
  scenario.guest.seconds = 2;
  scenario.seconds = 6;  // until everything is back
  return scenario;
}
// How many drawing commands a workload pushes at least in two seconds.
struct Row {
  const char* name;
  std::uint64_t draws, clipped_away;
};
constexpr Row rows[] = {{"office", 400, 0},    {"browser", 150, 0}, {"video", 160, 0},
                        {"heads", 500, 0},     {"paint", 400, 20},  {"surfaces", 250, 0},
                        {"lifecycle", 500, 0}, {"compat", 300, 0},  {"boot", 20, 0}};

}  // namespace

TEST_CASE("each workload is shown as it was drawn, and gives everything back", "[simulate]") {
  for (const Row& row : rows) {
    INFO(row.name);
    SimulationOptions options;
    options.check_every_quiet_moment = true;
    const Scenario scenario = short_scenario(row.name);
    const auto report = simulate(scenario, options);
    INFO((report.finding ? report.finding->text() : ""));
    CHECK_FALSE(report.finding.has_value());
    CHECK(report.screens_compared > 50);
    CHECK(report.machine.draws_pushed >= row.draws);
    // Clips that leave nothing are for the device alone.
    CHECK(report.machine.draws_fetched >= row.draws - row.clipped_away);
    CHECK(report.machine.refused == 0);
    CHECK(report.machine.outstanding <= 1);  // the cursor's shape stays with the server
    CHECK(report.machine.motions_seen > 5);
  }
}

TEST_CASE("drivers in the manner of each real one draw the same, through suspend and resets",
          "[simulate]") {
  for (const char* workload : {"desktop", "lifecycle"}) {
    for (const std::string_view guest : qxl::profile_names()) {
      INFO(workload << " with " << guest);
      Scenario scenario = short_scenario(workload);
      scenario.guest.guest = guest;
      SimulationOptions options;
      options.check_every_quiet_moment = true;
      const auto report = simulate(scenario, options);
      INFO((report.finding ? report.finding->text() : ""));
      CHECK_FALSE(report.finding.has_value());
      CHECK(report.screens_compared > 50);
      CHECK(report.machine.draws_fetched > 200);
      CHECK(report.machine.refused == 0);
      CHECK(report.machine.outstanding <= 1);
      const bool polls = qxl::profile_named(guest)->polls;
      CHECK((report.machine.interrupts == 0) == polls);
    }
  }
}

TEST_CASE("a workload draws the same with the same seed, something else with another",
          "[simulate][determinism]") {
  for (const Row& row : rows) {
    INFO(row.name);
    const auto screen = [&row](std::uint64_t seed) {
      return simulate(short_scenario(row.name, seed)).screen;
    };
    const Hash128 first = screen(1);
    CHECK(first == screen(1));
    CHECK(first != screen(2));
  }
}

TEST_CASE("there is a scenario for each workload that needs no recording, and a test plays it",
          "[scenario]") {
  std::set<std::string> played{"desktop", "hostile"};  // in simulate_test, hostile_test
  for (const Row& row : rows) played.insert(row.name);
  for (const std::string_view workload : qxl::workload_names()) {
    if (workload == qxl::recording_workload) continue;
    const std::string name(workload);
    INFO(name);
    CHECK(played.contains(name));
    const auto scenario = value(load_scenario(scenarios / (name + ".toml")));
    CHECK(scenario.name == name);
    CHECK(scenario.guest.workload == name);
  }
}
