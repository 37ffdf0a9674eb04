// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/live/terminal.hpp"
#include "replayer/cli/console.hpp"
#include "replayer/cli/verbs.hpp"
#include "replayer/explore/explore.hpp"

namespace spicebench::cli {

int perform(const ExploreVerb& verb) {
  const auto seeds = replayer::parse_seed_range(verb.seeds);
  if (!seeds) return fail_with("explore", seeds.error());
  const auto scenario = replayer::load_scenario(verb.scenario);
  if (!scenario) return fail_with("explore", scenario.error(), verb.scenario.string());
  live::ProgressBar bar("exploring");
  const auto report = replayer::explore(
      *scenario, *seeds, verb.faults ? replayer::Chance::faults : replayer::Chance::links,
      [&bar](std::uint64_t done, std::uint64_t total) { bar.show(done, total); });
  bar.wipe();
  const auto& failure = report.failure;
  if (verb.json) {
    nlohmann::json result = {{"runs", report.runs}, {"failed", failure.has_value()}};
    if (failure)
      result["failure"] = {{"seed", failure->seed}, {"finding", to_json(failure->finding)}};
    print(result.dump(2) + "\n");
  } else if (failure) {
    print(fmt::format("{} {}: {}\nagain: spicebench run {} {} --seed {}\n", bad("fails at seed"),
                      failure->seed, failure->finding.text(), verb.scenario.string(),
                      verb.faults ? "--faults" : "--random-links", failure->seed));
  } else {
    print(fmt::format("{}: {} seeds, each run twice\n", good("as expected"), report.runs));
  }
  return failure ? exit_difference : exit_as_expected;
}

}  // namespace spicebench::cli
