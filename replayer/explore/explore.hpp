// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "replayer/replay/divergence.hpp"
#include "replayer/scenario/scenario.hpp"

namespace spicebench::replayer {

struct SeedRange {
  std::uint64_t first = 0, last = 0;  // both included
};
// "3..17", or one seed "5". Errors: malformed.
Result<SeedRange> parse_seed_range(std::string_view text);

// The scenario with this seed and with link behaviour drawn from it: delays, jitter, bandwidth,
// window, segment sizes, stalls.
Scenario with_random_links(Scenario scenario, std::uint64_t seed);
// The same with links that break, each after so many bytes, and sometimes trickle; a witness on
// links of its own must see the guest's screen all the same.
Scenario with_faults(Scenario scenario, std::uint64_t seed);

struct ExploreReport {
  std::uint64_t runs = 0;  // seeds that were tried
  struct Failure {
    std::uint64_t seed = 0;
    Divergence finding;
  };
  std::optional<Failure> failure;  // the first
};
// What is drawn from each seed.
enum class Chance : std::uint8_t { links, faults };
// Runs each seed of the range twice, with screens compared at every quiet moment. A seed fails if
// its run has a finding or if the two are not the same.
ExploreReport explore(
    const Scenario& scenario, SeedRange seeds, Chance chance = Chance::links,
    const std::function<void(std::uint64_t done, std::uint64_t total)>& progress = {});

}  // namespace spicebench::replayer
