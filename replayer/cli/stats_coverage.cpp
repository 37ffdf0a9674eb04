// SPDX-License-Identifier: LGPL-2.1-or-later
#include "replayer/cli/stats_coverage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/live/terminal.hpp"
#include "replayer/cli/console.hpp"
#include "replayer/cli/temporary_folder.hpp"
#include "replayer/coverage/absences.hpp"
#include "replayer/wiring/simulate.hpp"

namespace spicebench::cli {
namespace {

namespace fs = std::filesystem;
using replayer::Absences;
using replayer::Occurrences;

constexpr std::string_view verb_name = "stats";

Result<std::vector<fs::path>> scenarios_in(const fs::path& folder) {
  std::error_code failed;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder / "scenarios", failed))
    if (entry.path().extension() == ".toml") files.push_back(entry.path());
  if (failed)
    return fail(ErrorCode::io,
                fmt::format("{}: {}", (folder / "scenarios").string(), failed.message()));
  if (files.empty())
    return fail(ErrorCode::not_found,
                fmt::format("{}: no scenario", (folder / "scenarios").string()));
  std::ranges::sort(files);
  return files;
}

Result<Occurrences> occurrences_in(const std::vector<fs::path>& scenarios) {
  const auto folder = TRY(TemporaryFolder::make());
  const fs::path file = folder.path() / "one.spicerec";
  Occurrences occurrences;
  live::ProgressBar progress("simulating");
  for (std::size_t i = 0; i < scenarios.size(); ++i) {
    const auto scenario = TRY(replayer::load_scenario(scenarios[i]));
    auto writer = TRY(recorder::Writer::create(file, recorder::Writer::Placement::on_finish));
    replayer::simulate(scenario, {.writer = &writer});
    CHECKED(writer.finish());
    CHECKED(occurrences.add(TRY(recorder::Reader::open(file))));
    progress.show(i + 1, scenarios.size());
  }
  return occurrences;
}

void print_counts(std::string_view title, const Occurrences::Counts& counts,
                  const std::map<std::string, std::string>& listed) {
  std::size_t occur = 0;
  for (const auto& [name, count] : counts) occur += count > 0 ? 1 : 0;
  print(fmt::format("{}: {} of {} occur\n", title, occur, counts.size()));
  for (const auto& [name, count] : counts) {
    const auto reason = listed.find(name);
    print(fmt::format("  {:<36} {:>9}{}\n", name, count,
                      reason == listed.end() ? "" : "  " + reason->second));
  }
}

}  // namespace

int perform_coverage(const StatsVerb& verb) {
  const auto absences = replayer::load_absences(verb.recording / "coverage.toml");
  if (!absences) return fail_with(verb_name, absences.error());
  const auto scenarios = scenarios_in(verb.recording);
  if (!scenarios) return fail_with(verb_name, scenarios.error());
  const auto occurrences = occurrences_in(*scenarios);
  if (!occurrences) return fail_with(verb_name, occurrences.error());
  const auto complaints = judge(*occurrences, *absences);
  if (verb.json) {
    const nlohmann::json out = {{"scenarios", scenarios->size()},
                                {"messages", occurrences->messages},
                                {"codecs", occurrences->codecs},
                                {"caches", occurrences->caches},
                                {"complaints", complaints}};
    print(out.dump(2) + "\n");
  } else {
    print_counts("server messages", occurrences->messages, absences->messages);
    print_counts("codecs", occurrences->codecs, absences->codecs);
    print_counts("caches", occurrences->caches, absences->caches);
    for (const std::string& complaint : complaints)
      print(fmt::format("{} {}\n", bad("finding"), complaint));
    print(fmt::format("{} scenarios, {} findings\n", scenarios->size(), complaints.size()));
  }
  return complaints.empty() ? exit_as_expected : exit_difference;
}

}  // namespace spicebench::cli
