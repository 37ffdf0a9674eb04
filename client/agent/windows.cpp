// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/agent/windows.hpp"

#include <algorithm>

namespace spicebench::client {

bool Windows::resize(std::uint32_t display, std::uint32_t width, std::uint32_t height) {
  if (display >= most) return false;
  const bool open = width > 0 && height > 0;
  sizes_[display] =
      open ? Size{std::max(2u, std::min(width, side_max) & ~1u), std::min(height, side_max)}
           : Size{};
  return true;
}

bool Windows::any() const {
  return std::ranges::any_of(sizes_, [](const Size& one) { return one.width > 0; });
}

wire::agent::MonitorsConfig Windows::config(bool sparse, bool positions) const {
  constexpr std::uint32_t depth = 32;
  using namespace wire::agent;
  MonitorsConfig out{.flags = monitors_physical_size | (positions ? monitors_use_pos : 0u)};
  std::int32_t x = 0;
  for (const Size& one : sizes_) {
    const bool open = one.width > 0;
    if (!open && !sparse) continue;
    out.monitors.push_back(
        {.height = one.height, .width = one.width, .depth = open ? depth : 0, .x = open ? x : 0});
    x += static_cast<std::int32_t>(one.width);
  }
  out.physical_sizes.resize(out.monitors.size());  // unknown
  return out;
}

}  // namespace spicebench::client
