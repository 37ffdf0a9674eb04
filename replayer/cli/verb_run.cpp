// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <nlohmann/json.hpp>

#include "core/live/process.hpp"
#include "core/live/terminal.hpp"
#include "recorder/digest.hpp"
#include "recorder/store/reader.hpp"
#include "replayer/cli/console.hpp"
#include "replayer/cli/run_on_qtest.hpp"
#include "replayer/cli/sound_text.hpp"
#include "replayer/cli/verbs.hpp"
#include "replayer/cli/write_screen.hpp"
#include "replayer/explore/explore.hpp"
#include "replayer/scenario/qxl_scenario.hpp"
#include "replayer/wiring/rolling_hash.hpp"
#include "replayer/wiring/simulate.hpp"

namespace spicebench::cli {
namespace {

using nlohmann::json;
using replayer::Scenario;
using replayer::SimulationReport;

constexpr std::string_view verb = "run";

struct Outcome {
  SimulationReport report;
  Hash128 rolling_hash;
  std::optional<Hash128> digest;  // of the recording
};

Result<Outcome> simulate(const Scenario& scenario, const RunVerb& run,
                         const std::filesystem::path& output) {
  Outcome outcome;
  replayer::RollingHash rolling_hash;
  live::ProgressBar progress("simulating");
  replayer::SimulationOptions options;
  options.taps = {&rolling_hash};
  options.check_every_quiet_moment = run.check_screens;
  options.progress = [&progress](Instant now, Instant end) {
    progress.show(static_cast<std::uint64_t>(nanoseconds(now)),
                  static_cast<std::uint64_t>(nanoseconds(end)));
  };
  if (run.no_record) {
    outcome.report = replayer::simulate(scenario, options);
  } else {
    auto writer = TRY(recorder::Writer::create(output, recorder::Writer::Placement::on_finish));
    writer.set_meta(recorder::meta::producer, "spicebench run");
    options.writer = &writer;
    options.trace_device = !run.trace.empty();
    outcome.report = replayer::simulate(scenario, options);
    CHECKED(writer.finish());
    const auto recording = TRY(recorder::Reader::open(output));
    outcome.digest = TRY(recorder::digest_of(recording)).total;
  }
  outcome.rolling_hash = rolling_hash.value();
  return outcome;
}

// The rolling hash of the same run in a process of its own, whose fresh and freed memory holds
// other bytes than ours.
Result<std::string> hash_in_another_process(const Scenario& scenario, const RunVerb& run) {
  std::vector<std::string> arguments = {"run", "--seed", std::to_string(scenario.seed),
                                        "--no-record", "--json"};
  if (!run.scenario.empty()) arguments.push_back(run.scenario.string());
  if (!run.qxl.empty()) arguments.insert(arguments.end(), {"--qxl", run.qxl.string()});
  if (run.longest_pause_ms)
    arguments.insert(arguments.end(), {"--longest-pause", std::to_string(*run.longest_pause_ms)});
  if (run.random_links) arguments.emplace_back("--random-links");
  if (run.faults) arguments.emplace_back("--faults");
  const auto result = TRY(live::run_self(arguments, {{"MALLOC_PERTURB_", "165"}}));
  const json output = json::parse(result.output, nullptr, false);
  if (!output.is_object() || !output.contains("rolling_hash"))
    return fail(ErrorCode::internal,
                fmt::format("the second process ended with {} and no hash", result.exit_code));
  return output["rolling_hash"].get<std::string>();
}

// What the verb plays.
Result<replayer::QxlScenario> played(const RunVerb& run) {
  replayer::QxlScenario out;
  if (!run.scenario.empty()) out.scenario = TRY(replayer::load_scenario(run.scenario));
  if (run.qxl.empty() && run.scenario.empty())
    return fail(ErrorCode::malformed, "a scenario or --qxl is required");
  if (!run.qxl.empty()) {
    auto base = run.scenario.empty() ? std::nullopt : std::optional(std::move(out.scenario));
    auto qxl = replayer::qxl_scenario(run.qxl, std::move(base), run.longest_pause_ms);
    if (!qxl)
      return fail(qxl.error().code, fmt::format("{}: {}", run.qxl.string(), qxl.error().text()));
    out = *std::move(qxl);
  }
  if (run.seed) out.scenario.seed = *run.seed;
  if (run.faults)
    out.scenario = replayer::with_faults(std::move(out.scenario), out.scenario.seed);
  else if (run.random_links)
    out.scenario = replayer::with_random_links(std::move(out.scenario), out.scenario.seed);
  return out;
}

// How often each field was refused, by its name.
std::map<std::string, std::size_t> refused_fields(const SimulationReport& report) {
  std::map<std::string, std::size_t> out;
  for (const Error& refusal : report.refusals) ++out[refusal.path];
  return out;
}

json as_json(const Scenario& scenario, const std::filesystem::path& output, const RunVerb& run,
             const Outcome& outcome) {
  const SimulationReport& report = outcome.report;
  json result = {
      {"scenario", scenario.name},
      {"seed", scenario.seed},
      {"ended_ns", nanoseconds(report.ended)},
      {"events", report.steps},
      {"draws", report.machine.draws_fetched},
      {"cursors", report.machine.cursors_fetched},
      {"cache_evictions", report.server.cache_evictions},
      {"motion_acks", report.server.motion_acks},
      {"screens_compared", report.screens_compared},
      {"screen",
       {{"width", report.width}, {"height", report.height}, {"hash", report.screen.hex()}}},
      {"rolling_hash", outcome.rolling_hash.hex()}};
  if (scenario.guest.sound) result["sound"] = sound_json(report.sound, report.server);
  if (!run.no_record) result["recording"] = output.string();
  if (outcome.digest) result["digest"] = outcome.digest->hex();
  if (!report.guest_log.empty()) result["guest_log"] = report.guest_log;
  if (!report.agent_log.empty()) result["agent_log"] = report.agent_log;
  if (!report.user_log.empty()) result["user_log"] = report.user_log;
  if (!report.refusals.empty()) {
    json& refused = result["refused"] = json::array();
    for (const Error& refusal : report.refusals) refused.push_back(refusal.text());
  }
  if (report.finding) result["finding"] = to_json(*report.finding);
  return result;
}

void print_text(const replayer::QxlScenario& played, const std::filesystem::path& output,
                const RunVerb& run, const Outcome& outcome) {
  const Scenario& scenario = played.scenario;
  const SimulationReport& report = outcome.report;
  print(fmt::format("scenario   {}, seed {}\n", scenario.name, scenario.seed));
  print(fmt::format("simulated  {}, {} events\n", replayer::seconds_text(report.ended),
                    report.steps));
  print(fmt::format("guest      {} drawing and {} cursor commands, {} cache evictions\n",
                    report.machine.draws_fetched, report.machine.cursors_fetched,
                    report.server.cache_evictions));
  print(fmt::format("input      {} keys, {} motions, {} motion acks, {} buttons\n",
                    report.server.keys, report.server.motions, report.server.motion_acks,
                    report.server.buttons));
  if (scenario.guest.sound) print(sound_text(report.sound, report.server));
  print(fmt::format("screen     {}x{}, compared with the guest's {} times\n", report.width,
                    report.height, report.screens_compared));
  print(fmt::format("hash       {}\n", outcome.rolling_hash.hex()));
  if (outcome.digest) print(fmt::format("digest     {}\n", outcome.digest->hex()));
  if (!run.no_record) print(fmt::format("recording  {}\n", output.string()));
  for (const std::string& line : report.agent_log) print(fmt::format("in guest   {}\n", line));
  for (const std::string& line : report.user_log) print(fmt::format("user       {}\n", line));
  for (const std::string& line : report.guest_log) print(fmt::format("log        {}\n", line));
  if (!report.refusals.empty()) {
    std::vector<std::string> fields;
    for (const auto& [field, times] : refused_fields(report))
      fields.push_back(fmt::format("{} × {}", times, field));
    print(
        fmt::format("refused    {} times: {}\n", report.refusals.size(), fmt::join(fields, ", ")));
  }
  for (const std::string& notice : played.notices) print(fmt::format("notice     {}\n", notice));
  if (report.finding) print(fmt::format("{}    {}\n", bad("finding"), report.finding->text()));
}

}  // namespace

int perform(const RunVerb& run) {
  auto playing = played(run);
  if (!playing) return fail_with(verb, playing.error(), run.scenario.string());
  const Scenario& scenario = playing->scenario;
  if (!run.bus.empty()) return run_on_qtest(scenario, run);
  auto output = run.output;
  if (output.empty()) output = fmt::format("{}-{}.spicerec", scenario.name, scenario.seed);

  const auto outcome = simulate(scenario, run, output);
  if (!outcome) return fail_with(verb, outcome.error(), output.string());
  if (!run.png.empty()) {
    if (const auto written = write_screen(run.png, outcome->report.framebuffer); !written)
      return fail_with(verb, written.error(), run.png.string());
  }
  json result = as_json(scenario, output, run, *outcome);
  if (!playing->notices.empty()) result["notices"] = playing->notices;
  bool repeatable = true;
  std::string other_hash;
  if (run.verify_determinism) {
    const auto other = hash_in_another_process(scenario, run);
    if (!other) return fail_with(verb, other.error());
    other_hash = *other;
    repeatable = other_hash == outcome->rolling_hash.hex();
    result["repeatable"] = repeatable;
  }
  if (run.json) {
    print(result.dump(2) + "\n");
  } else {
    print_text(*playing, output, run, *outcome);
    if (run.verify_determinism)
      print(repeatable ? fmt::format("repeated   {} in a second process\n", good("identical"))
                       : fmt::format("repeated   {}: {} in a second process\n", bad("different"),
                                     other_hash));
  }
  return outcome->report.finding || !repeatable ? exit_difference : exit_as_expected;
}

}  // namespace spicebench::cli
