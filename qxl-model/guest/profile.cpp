// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/guest/profile.hpp"

#include <algorithm>
#include <array>

namespace spicebench::qxl {

static constexpr std::uint32_t display_cursor_io = 7, and_client_monitors = 0x27;

// qxl-device.md §21.2, §21.3, §21.4, §21.5.
static constexpr Profile profiles[] = {
    {.name = "linux-drm",
     .interrupt_mask = and_client_monitors,
     .primary_in_video_memory = true,
     .primary_keeps_data = true,
     .transient_primary = true,
     .pictures_whole_screen = true,
     .clips_always = true},
    {.name = "xorg-ums",
     .polls = true,
     .monitors_below_header = true,
     .chunk_bytes = 512 * 512,
     .starved = Profile::Starved::collects_and_sleeps,
     .mode_change = Profile::ModeChange::starts_over,
     .suspend = Profile::Suspend::resets},
    {.name = "windows-wddm",
     .synchronous_ports = true,
     .interrupt_mask = display_cursor_io,
     .handler = Profile::Handler::takes_its_own,
     .rows = Rows::bottom_up,
     .chunk_bytes = 64 * 1024,
     .pixels_have_alpha = true,
     .scales_nearest = true,
     .reads_target = true,
     .cursor_from_origin = true,
     .starved = Profile::Starved::sleeps_and_waits_between,
     .suspend = Profile::Suspend::stops},
    {.name = "windows-xddm",
     .synchronous_ports = true,
     .interrupt_mask = display_cursor_io,
     .handler = Profile::Handler::in_two_halves,
     .primary_bottom_up = true,
     .starved = Profile::Starved::sleeps_and_waits_between,
     .mode_change = Profile::ModeChange::disables_and_enables,
     .suspend = Profile::Suspend::tears_down},
};

const Profile* profile_named(std::string_view name) {
  const auto* found = std::ranges::find(profiles, name, &Profile::name);
  return found == std::end(profiles) ? nullptr : found;
}
std::span<const std::string_view> profile_names() {
  static constexpr auto names = [] {
    std::array<std::string_view, std::size(profiles)> out;
    std::ranges::transform(profiles, out.begin(), &Profile::name);
    return out;
  }();
  return names;
}

}  // namespace spicebench::qxl
