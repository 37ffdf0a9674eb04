// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fmt/format.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "core/live/terminal.hpp"
#include "qxl-model/guest/paint_rules.hpp"
#include "qxl-model/guest/workload.hpp"
#include "replayer/cli/console.hpp"
#include "replayer/cli/qemu.hpp"
#include "replayer/cli/verbs.hpp"
#include "replayer/conform/conform.hpp"
#include "replayer/conform/tolerated.hpp"
#include "replayer/explore/explore.hpp"

namespace spicebench::cli {
namespace {

using nlohmann::ordered_json;
using replayer::ConformReport;
using replayer::Scenario;

// How long the real device may take to show what the model shows at once.
bool wait_for_the_real_device(unsigned attempt) {
  constexpr unsigned at_once = 20, most = 2000;
  if (attempt >= at_once) live::pause(std::chrono::milliseconds(1));
  return attempt < most;
}

// Not: what needs a recording to do again, and what the reference aborts on.
bool is_comparable(std::string_view workload) {
  return workload != qxl::recording_workload && workload != "hostile";
}

ordered_json as_json(const Scenario& scenario, const ConformReport& report) {
  const auto& counters = report.counters;
  ordered_json out = {{"workload", scenario.guest.workload},
                      {"guest", scenario.guest.guest},
                      {"seed", scenario.seed},
                      {"conforms", !report.nonconformity && report.finished},
                      {"finished", report.finished},
                      {"accesses", counters.accesses},
                      {"mirrored", counters.mirrored},
                      {"reads_compared", counters.reads_compared},
                      {"states_compared", counters.states_compared},
                      {"interrupts", counters.interrupts},
                      {"resources", counters.resources},
                      {"pixels_compared", counters.pixels}};
  if (const auto& found = report.nonconformity)
    out["difference"] = {{"what", found->what},
                         {"real_device", found->expected},
                         {"model", found->found},
                         {"access", found->access},
                         {"accesses_before", found->trail}};
  for (const Error& finding : report.findings) out["findings"].push_back(finding.text());
  return out;
}

void print_text(const Scenario& scenario, const ConformReport& report) {
  const auto& counters = report.counters;
  const bool conforms = !report.nonconformity && report.finished;
  print(fmt::format(
      "{}  {} seed {}: {} accesses, {} reads and {} states compared, {} "
      "interrupts, {} resources, {} pixels\n",
      conforms ? good("conforms") : bad("differs "), scenario.guest.workload, scenario.seed,
      counters.mirrored, counters.reads_compared, counters.states_compared, counters.interrupts,
      counters.resources, counters.pixels));
  if (const auto& found = report.nonconformity) {
    for (const std::string& access : found->trail) print("    " + access + "\n");
    print("  " + found->text() + "\n");
  } else if (!report.finished) {
    print("  the workload did not come to its end\n");
  }
  if (conforms) return;
  for (const Error& finding : report.findings) print("  the model says: " + finding.text() + "\n");
}

}  // namespace

int perform(const QxlConformVerb& verb) {
  if (!live::is_installed(verb.qemu))
    return fail_with("qxl conform",
                     {ErrorCode::not_found, 0, "", "not installed, and no such program"},
                     verb.qemu);
  auto seeds = replayer::parse_seed_range(
      verb.seeds.empty() ? fmt::format("{0}..{0}", verb.seed.value_or(1)) : verb.seeds);
  if (!seeds) return fail_with("qxl conform", seeds.error());
  std::vector<std::string> workloads = verb.workloads;
  if (workloads.empty())
    for (const std::string_view name : qxl::workload_names())
      if (is_comparable(name)) workloads.emplace_back(name);

  ordered_json runs = ordered_json::array();
  std::uint64_t differing = 0;
  for (const std::string& workload : workloads) {
    for (std::uint64_t seed = seeds->first; seed <= seeds->last; ++seed) {
      const auto scenario = replayer::conform_scenario(workload, seed, verb.seconds, verb.guest);
      if (!scenario) return fail_with("qxl conform", scenario.error());
      const auto qemu = Qemu::start(verb.qemu, scenario->guest);
      if (!qemu) return fail_with("qxl conform", qemu.error());
      const auto report = replayer::conform(
          *scenario, (*qemu)->qtest(), [&qemu] { return (*qemu)->screendump(); },
          wait_for_the_real_device);
      if (!report)
        return fail_with("qxl conform", report.error(), fmt::format("{} seed {}", workload, seed));
      if (report->nonconformity || !report->finished) ++differing;
      runs.push_back(as_json(*scenario, *report));
      if (!verb.json) print_text(*scenario, *report);
    }
  }
  if (verb.json) {
    ordered_json tolerated = ordered_json::array();
    for (const auto& one : replayer::tolerated())
      tolerated.push_back({{"what", one.what}, {"why", one.why}});
    ordered_json left_out = ordered_json::array();
    for (const auto& one : qxl::rules::left_out())
      left_out.push_back({{"what", one.what}, {"why", one.why}});
    print(ordered_json{{"runs", runs},
                       {"differing", differing},
                       {"tolerated", tolerated},
                       {"left_out", left_out}}
              .dump(2) +
          "\n");
  } else {
    print(fmt::format("{} runs, {} differ\n", runs.size(), differing));
  }
  return differing == 0 ? exit_as_expected : exit_difference;
}

}  // namespace spicebench::cli
