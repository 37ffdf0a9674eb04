// SPDX-License-Identifier: LGPL-2.1-or-later
#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>

#include "core/world/world.hpp"
#include "tests/replayer/support.hpp"

// A guest that breaks the rules costs its own commands and nothing else: afterwards a driver comes
// up and draws, and a client sees it.
using namespace spicebench;
using namespace spicebench::test;

namespace {

replayer::Scenario hostile_scenario() {
  auto scenario = replayer::load_scenario(source / "corpus/scenarios/hostile.toml");
  REQUIRE(scenario);
  return *std::move(scenario);
}

}  // namespace

TEST_CASE("what a hostile guest does is refused by name, and a driver comes up after it",
          "[hostile]") {
  replayer::Scenario scenario = hostile_scenario();
  for (scenario.seed = 1; scenario.seed <= 5; ++scenario.seed) {
    const replayer::SimulationReport report = replayer::simulate(scenario);
    INFO("seed " << scenario.seed << (report.finding ? report.finding->text() : ""));
    CHECK_FALSE(report.finding);
    CHECK(report.width == 640);
    CHECK(report.refusals.size() > 20);
    for (const Error& refusal : report.refusals) CHECK_FALSE(refusal.path.empty());
  }
}

TEST_CASE("no script of a hostile guest does harm", "[hostile]") {
  const replayer::Scenario base = hostile_scenario();
  rc::prop("the picture drawn afterwards shows", [&base] {
    constexpr int longest = 4000;
    const auto script = *rc::gen::resize(
        longest, rc::gen::container<std::vector<std::uint8_t>>(rc::gen::arbitrary<std::uint8_t>()));
    RC_PRE(!script.empty());
    replayer::Scenario scenario = base;
    const auto bytes = std::as_bytes(std::span(script));
    scenario.guest.script = std::make_shared<const Bytes>(bytes.begin(), bytes.end());
    const replayer::SimulationReport report = replayer::simulate(scenario);
    if (report.finding) RC_FAIL(report.finding->text());
    RC_ASSERT(report.width == 640u);
  });
}

TEST_CASE("a hostile guest does the same twice", "[hostile]") {
  const Spoken spoken = command("run " + (source / "corpus/scenarios/hostile.toml").string() +
                                " --no-record --verify-determinism --seed 9");
  INFO(spoken.out << spoken.err);
  CHECK(spoken.code == 0);
}
