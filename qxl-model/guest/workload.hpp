// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

#include "core/base/random.hpp"
#include "core/wire/guest_action.hpp"
#include "qxl-model/guest/driver.hpp"

namespace spicebench::qxl {

// What a workload has to work with. It draws for `seconds` from when it is started, reacts to input
// meanwhile, and is silent afterwards.
struct WorkloadSetting {
  Bus& bus;
  Driver& driver;
  Random random;
  std::uint32_t width, height;  // of the primary surface
  std::uint32_t seconds;
  BytesView script;  // of the hostile guest
  // Of the recording: what is done again, and the longest pause in it.
  std::span<const wire::device::GuestAction> recorded;
  Cycle longest_pause;
  const std::function<void(Error)>& found;  // is told what goes wrong
};
struct Workload {
  std::string_view name;
  Task<> (*run)(WorkloadSetting setting);
  // Who makes the primary surface: the machine, before the workload starts, or the workload.
  bool makes_primary = false;
  // The guest breaks rules on purpose: what the device refuses is no finding.
  bool breaks_rules = false;
};

// Null: no workload of this name. To add one: its function in a workload_*.cpp, and a row in
// workload.cpp.
const Workload* workload_named(std::string_view name);
std::span<const std::string_view> workload_names();

// Windows with text and gradients, one of them dragged with copy_bits, a scrolling log, icons that
// recur under stable ids, a caret, a selection, a pointer that wanders; types what the user types
// and moves its pointer as the user does. About 120 commands a second.
Task<> desktop(WorkloadSetting setting);

// Somebody writes: words typed into a page that scrolls, a table whose cells change, a list of
// letters, a tool bar, a dialog that opens and closes. About 15,000 small commands a minute.
Task<> office(WorkloadSetting setting);

// Somebody reads: pages of large pictures and paragraphs that load piece by piece and are scrolled.
Task<> browser(WorkloadSetting setting);

// A film in a window, 30 pictures a second of the same place and size, none like the other; beside
// it the bar that says how far it is.
Task<> video(WorkloadSetting setting);

// Four monitors that show parts of one surface: layouts change, and with them the surface's size.
Task<> heads(WorkloadSetting setting);

// The modes of the ROM's table, of 16 and of 32 bits per pixel, as drivers set them before there
// were memory slots, and drawing in each.
Task<> compat(WorkloadSetting setting);

// A computer is switched on: firmware with text, pictures in VGA modes and in those of VBE, the
// driver with a desktop; then it crashes into text, and comes up again.
Task<> boot(WorkloadSetting setting);

// Every drawing operation with random parameters, on surfaces of several formats: images of every
// format and flag, palettes, brushes, masks, clips, raster operations, stretching, strokes, glyphs,
// compositions, pointers of every type. What it leaves out: paint_rules.hpp.
Task<> paint(WorkloadSetting setting);

// Off-screen surfaces: drawn on, copied between, composed on the screen, evicted and restored,
// destroyed and made anew.
Task<> surfaces(WorkloadSetting setting);

// What happens to a computer: suspend and resume, modes of other sizes, used up memory, a reset; a
// surface off the screen lives through all but the last.
Task<> lifecycle(WorkloadSetting setting);

// Does again what a guest did: the surfaces and commands of a recording, with their ids, in their
// order and at their times. It makes its primary surfaces itself; pauses are cut where they are
// longer than wanted.
Task<> recording(WorkloadSetting setting);
constexpr std::string_view recording_workload = "recording";  // its name

// Does to the device what no guest should (hostile_guest.hpp), by the script or, without one, by
// chance; then comes up like any driver and draws one picture, which must show.
Task<> hostile(WorkloadSetting setting);

}  // namespace spicebench::qxl
