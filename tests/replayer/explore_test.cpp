// SPDX-License-Identifier: LGPL-2.1-or-later
#include "replayer/explore/explore.hpp"

#include <catch2/catch.hpp>

#include "replayer/scenario/link_profile_json.hpp"
#include "tests/replayer/support.hpp"

using namespace spicebench;
using namespace spicebench::replayer;
using namespace spicebench::test;

TEST_CASE("a range of seeds is two numbers, or one", "[explore]") {
  CHECK(value(parse_seed_range("3..17")).first == 3);
  CHECK(value(parse_seed_range("3..17")).last == 17);
  CHECK(value(parse_seed_range("5")).last == 5);
  CHECK(value(parse_seed_range("0..0")).last == 0);
  for (const char* bad : {"", "..", "1..", "..2", "2..1", "1-2", "a..b", "1...3", "1..2..3", "-1",
                          "1..99999999999999999999", "0..18446744073709551615"})
    CHECK_FALSE(parse_seed_range(bad).has_value());
}

TEST_CASE("link behaviour follows from the seed alone", "[explore]") {
  const auto drawn = [](std::uint64_t scenario_seed, std::uint64_t seed) {
    return to_json(with_random_links(short_desktop(scenario_seed), seed).network);
  };
  CHECK(drawn(1, 5) == drawn(2, 5));
  CHECK(drawn(1, 5) != drawn(1, 6));
  for (std::uint64_t seed = 0; seed < 300; ++seed)
    CHECK(link_profile_from_json(drawn(1, seed)).has_value());
}

TEST_CASE("the desktop survives links of several seeds", "[explore]") {
  auto scenario = short_desktop();
  const auto report = explore(scenario, {1, 4});
  INFO((report.failure ? report.failure->finding.text() : ""));
  CHECK_FALSE(report.failure.has_value());
  CHECK(report.runs == 4);
}

TEST_CASE("exploring stops at the first seed that fails and names it", "[explore]") {
  auto scenario = short_desktop();
  scenario.client.password = "wrong";
  const auto report = explore(scenario, {3, 9});
  REQUIRE(report.failure.has_value());
  CHECK(report.failure->seed == 3);
  CHECK(report.runs == 1);
}

TEST_CASE("links that break at any byte cost their client, and the other one nothing",
          "[explore]") {
  const Scenario scenario = value(load_scenario(source / "corpus/scenarios/faults.toml"));
  const std::uint64_t first = 1 + Catch::rngSeed() % 100'000;  // other ones for each commit
  constexpr std::uint64_t seeds = 12;
  const auto report = explore(scenario, {first, first + seeds - 1}, Chance::faults);
  INFO((report.failure ? report.failure->finding.text() : ""));
  CHECK_FALSE(report.failure);
  CHECK(report.runs == seeds);
  // They do break.
  int broken = 0;
  for (std::uint64_t seed = first; seed < first + seeds; ++seed) {
    SimulationOptions options;
    const auto run = simulate(with_faults(scenario, seed), options);
    broken += run.width == 0 ? 1 : 0;
  }
  CHECK(broken > 0);
}
