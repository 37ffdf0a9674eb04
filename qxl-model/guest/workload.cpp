// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/guest/workload.hpp"

#include <algorithm>
#include <array>

namespace spicebench::qxl {

static constexpr std::array<std::string_view, 2> names{"desktop", recording_workload};
static constexpr std::array<Workload, 2> workloads{&desktop, &recording};

Workload workload_named(std::string_view name) {
  const auto found = std::ranges::find(names, name);
  return found == names.end() ? nullptr
                              : workloads[static_cast<std::size_t>(found - names.begin())];
}
std::span<const std::string_view> workload_names() {
  return names;
}

}  // namespace spicebench::qxl
