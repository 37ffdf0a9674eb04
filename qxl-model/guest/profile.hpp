// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <span>
#include <string_view>

#include "qxl-model/guest/command_block.hpp"

namespace spicebench::qxl {

// In what real drivers differ (qxl-device.md §21.2…§21.5): the choices that Driver and those who
// draw with it consult.
struct Profile {
  std::string_view name;

  // Ports
  bool synchronous_ports = false;    // memory slots and primary surface
  bool polls = false;                // no interrupt is enabled: it looks for what it waits for
  std::uint32_t interrupt_mask = 0;  // otherwise
  enum class Handler : std::uint8_t {
    takes_all,      // whoever rang: takes what is pending, enables, lowers the line
    takes_its_own,  // nothing where nothing is pending; lowers the line
    in_two_halves,  // disables and lowers the line, takes what is pending, enables and lowers again
  } handler = Handler::takes_all;

  // The primary surface
  bool primary_in_video_memory = false;  // in BAR 1, else at the beginning of BAR 0
  bool primary_bottom_up = false;        // negative stride
  bool primary_keeps_data = false;       // the driver clears it itself
  bool transient_primary = false;        // a small one is shown first, for one command
  bool pictures_whole_screen = false;    // a new mode begins with a picture of all of it
  bool monitors_below_header = false;    // the monitors object: there, else in command memory

  // Drawing
  bool clips_always = false;  // with one rectangle, where nothing is clipped
  Rows rows = Rows::top_down;
  std::uint32_t chunk_bytes = 0;  // of images, in whole rows; 0: one chunk
  bool pixels_have_alpha = false, scales_nearest = false, reads_target = false;
  bool cursor_from_origin = false;  // a new shape is set at (0, 0), then moved

  // Shortage and power
  enum class Starved : std::uint8_t {
    notifies_twice,
    collects_and_sleeps,       // NOTIFY_OOM, 10 ms, what came back
    sleeps_and_waits_between,  // 10 ms, NOTIFY_OOM, at most 30 ms for an interrupt, NOTIFY_OOM
  } starved = Starved::notifies_twice;
  enum class ModeChange : std::uint8_t {
    another_primary,
    starts_over,          // all surfaces flushed and destroyed, all memory taken back
    disables_and_enables  // as for suspend and resume
  } mode_change = ModeChange::another_primary;
  enum class Suspend : std::uint8_t {
    drains,     // primary destroyed, surfaces evicted, rings waited for
    resets,     // surfaces evicted, RESET
    stops,      // surfaces evicted (a driver for the screen alone has none), no more accesses
    tears_down  // FLUSH, DESTROY_ALL, releases drained and flushed, the slot of BAR 1 deleted
  } suspend = Suspend::drains;
};

constexpr std::string_view default_profile = "linux-drm";
// Null: no profile of this name.
const Profile* profile_named(std::string_view name);
std::span<const std::string_view> profile_names();

}  // namespace spicebench::qxl
