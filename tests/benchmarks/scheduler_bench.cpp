// SPDX-License-Identifier: LGPL-2.1-or-later
#include <benchmark/benchmark.h>

#include <queue>

#include "core/base/random.hpp"
#include "core/world/scheduler.hpp"

namespace spicebench {
namespace {

constexpr int pending = 1000;

// Yardstick: a priority queue of bare integers with the same number of entries.
void yardstick_priority_queue(benchmark::State& state) {
  Random random(1);
  std::priority_queue<std::uint64_t, std::vector<std::uint64_t>, std::greater<>> queue;
  for (int i = 0; i < pending; ++i) queue.push(random.below(1000));
  for (auto _ : state) {
    const std::uint64_t due = queue.top();
    queue.pop();
    queue.push(due + random.below(1000));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(yardstick_priority_queue);

void scheduler_step(benchmark::State& state) {
  Random random(1);
  Scheduler scheduler;
  std::uint64_t ran = 0;
  for (int i = 0; i < pending; ++i)
    scheduler.at(instant(random.between(0, 999)), EventClass::network, [&ran] { ++ran; });
  for (auto _ : state) {
    scheduler.step();
    scheduler.at(scheduler.now() + Duration{random.between(0, 999)}, EventClass::network,
                 [&ran] { ++ran; });
  }
  benchmark::DoNotOptimize(ran);
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(scheduler_step);

}  // namespace
}  // namespace spicebench
