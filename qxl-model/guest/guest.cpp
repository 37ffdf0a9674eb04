// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/guest/guest.hpp"

#include <fmt/format.h>

#include "qxl-model/guest/workload.hpp"

namespace spicebench::qxl {

static constexpr std::size_t resources_kept = 1;  // the device holds the current cursor shape

Guest::Guest(Bus& bus, const MachineOptions& options, const Random& random, Cycle push_cost,
             std::function<void(Error)> found)
    : bus_(bus),
      options_(options),
      random_(random),
      found_(std::move(found)),
      driver_(bus, *profile_named(options.guest), push_cost, found_,
              {options.settle_us * Cycle{1000}, options.commands_between_rests}) {}

void Guest::power_on() {
  switched_on_ = true;
  life_ = live();
  life_.start();
}

Task<> Guest::live() {
  const Workload& workload = *workload_named(options_.workload);
  Result<void> up;
  if (!workload.makes_primary) up = co_await driver_.bring_up(options_.width, options_.height);
  if (!up) {
    found_(Error(up.error()).within("driver"));
    co_return;
  }
  WorkloadSetting setting{.bus = bus_,
                          .driver = driver_,
                          .random = random_.fork("workload"),
                          .width = options_.width,
                          .height = options_.height,
                          .seconds = options_.seconds,
                          .longest_pause = Cycle{1'000'000} * options_.longest_pause_ms,
                          .found = found_};
  if (options_.recorded) setting.recorded = *options_.recorded;
  if (options_.script) setting.script = *options_.script;
  co_await workload.run(setting);
  if (const auto& screen = driver_.primary()) {
    const wire::display::Rect whole{0, 0, static_cast<std::int32_t>(screen->height),
                                    static_cast<std::int32_t>(screen->width)};
    const Result<void> updated = co_await driver_.update_area(whole);
    if (!updated) found_(Error(updated.error()).within("driver"));
  }
  const bool all_back = co_await driver_.collect_all(resources_kept);
  if (!all_back)
    found_({ErrorCode::not_found, 0, "driver",
            fmt::format("{} resources do not come back", driver_.outstanding())});
  finished_ = true;
}

}  // namespace spicebench::qxl
