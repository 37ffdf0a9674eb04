// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/guest/workload.hpp"

#include <algorithm>
#include <array>

namespace spicebench::qxl {

static constexpr Workload workloads[] = {
    {.name = "desktop", .run = &desktop},
    {.name = "office", .run = &office},
    {.name = "browser", .run = &browser},
    {.name = "video", .run = &video},
    {.name = "heads", .run = &heads},
    {.name = "compat", .run = &compat, .makes_primary = true},
    {.name = "boot", .run = &boot, .makes_primary = true},
    {.name = "paint", .run = &paint},
    {.name = "surfaces", .run = &surfaces},
    {.name = "lifecycle", .run = &lifecycle},
    {.name = recording_workload, .run = &recording, .makes_primary = true},
    {.name = "hostile", .run = &hostile, .makes_primary = true, .breaks_rules = true},
};

const Workload* workload_named(std::string_view name) {
  const auto* found = std::ranges::find(workloads, name, &Workload::name);
  return found == std::end(workloads) ? nullptr : found;
}
std::span<const std::string_view> workload_names() {
  static constexpr auto names = [] {
    std::array<std::string_view, std::size(workloads)> out;
    std::ranges::transform(workloads, out.begin(), &Workload::name);
    return out;
  }();
  return names;
}

}  // namespace spicebench::qxl
