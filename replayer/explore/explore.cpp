// SPDX-License-Identifier: LGPL-2.1-or-later
#include "replayer/explore/explore.hpp"

#include <fmt/format.h>

#include <charconv>
#include <chrono>

#include "replayer/wiring/rolling_hash.hpp"
#include "replayer/wiring/simulate.hpp"

namespace spicebench::replayer {

Result<SeedRange> parse_seed_range(std::string_view text) {
  const auto number = [](std::string_view digits) -> std::optional<std::uint64_t> {
    std::uint64_t value = 0;
    const auto end = digits.data() + digits.size();
    const auto [stopped, code] = std::from_chars(digits.data(), end, value);
    if (code != std::errc{} || stopped != end) return std::nullopt;
    return value;
  };
  const auto dots = text.find("..");
  const auto first = number(text.substr(0, dots));
  const auto last = dots == std::string_view::npos ? first : number(text.substr(dots + 2));
  if (!first || !last || *first > *last || *last - *first == UINT64_MAX)
    return fail(ErrorCode::malformed,
                fmt::format("\"{}\" is no range of seeds: A..B, with A not above B", text));
  return SeedRange{*first, *last};
}

Scenario with_random_links(Scenario scenario, std::uint64_t seed) {
  using std::chrono::microseconds;
  scenario.seed = seed;
  Random random = Random(seed).fork("explore");
  LinkProfile& link = scenario.network;
  link = {};
  link.latency = microseconds(random.between(0, 60'000));
  if (random.chance(3, 4)) link.jitter = microseconds(random.between(1, 30'000));
  if (random.chance(1, 2))
    link.bits_per_second = static_cast<std::uint64_t>(random.between(20'000'000, 500'000'000));
  if (random.chance(1, 2)) link.window = static_cast<std::size_t>(random.between(16'384, 262'144));
  if (random.chance(3, 4)) {
    // Small pieces find the most, but a run of single bytes takes long: mostly larger ones.
    link.segment_max = std::size_t{1} << random.between(4, 14);
    link.segment_min =
        static_cast<std::size_t>(random.between(1, static_cast<std::int64_t>(link.segment_max)));
  }
  if (random.chance(1, 4)) {
    link.stall_per_million = static_cast<std::uint32_t>(random.between(1, 5'000));
    link.stall = microseconds(random.between(1'000, 500'000));
  }
  return scenario;
}

Scenario with_faults(Scenario scenario, std::uint64_t seed) {
  scenario = with_random_links(std::move(scenario), seed);
  Random random = Random(seed).fork("faults");
  scenario.witness = true;
  scenario.server.max_clients = std::max(scenario.server.max_clients, 2u);
  LinkProfile& link = scenario.network;
  // From within the link stage to after some pictures; each as likely as one of twice the size.
  const std::uint64_t size = std::uint64_t{1} << random.between(4, 20);
  link.reset_after_bytes = size + random.below(size);
  if (random.chance(1, 8)) link.segment_min = link.segment_max = 1;
  return scenario;
}

namespace {

struct Run {
  std::optional<Divergence> finding;
  Hash128 hash;
};

Run run_once(const Scenario& scenario, bool check_screens) {
  RollingHash hash;
  SimulationOptions options;
  options.taps = {&hash};
  options.check_every_quiet_moment = check_screens;
  auto report = simulate(scenario, options);
  return {std::move(report.finding), hash.value()};
}

std::optional<Divergence> try_seed(const Scenario& scenario) {
  Run first = run_once(scenario, true);
  if (first.finding) return std::move(first.finding);
  const Run second = run_once(scenario, false);
  if (first.hash == second.hash) return std::nullopt;
  Divergence divergence;
  divergence.name = "rolling hash of a second run";
  divergence.expected = first.hash.hex();
  divergence.found = second.hash.hex();
  return divergence;
}

}  // namespace

ExploreReport explore(const Scenario& scenario, SeedRange seeds, Chance chance,
                      const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
  ExploreReport report;
  const std::uint64_t total = seeds.last - seeds.first + 1;
  for (std::uint64_t done = 0; done < total; ++done) {
    const std::uint64_t seed = seeds.first + done;
    if (progress) progress(done, total);
    ++report.runs;
    const Scenario tried =
        chance == Chance::links ? with_random_links(scenario, seed) : with_faults(scenario, seed);
    if (auto finding = try_seed(tried)) {
      report.failure = {seed, *std::move(finding)};
      break;
    }
  }
  return report;
}

}  // namespace spicebench::replayer
