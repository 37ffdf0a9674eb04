// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <spice.h>

#include <chrono>
#include <list>
#include <optional>

// libspice-server calls these by the names that its header declares.
struct SpiceTimer {
  SpiceTimerFunc call;
  void* opaque;
  std::optional<std::chrono::steady_clock::time_point> due;
};
struct SpiceWatch {
  int fd, mask;
  SpiceWatchFunc call;
  void* opaque;
  bool removed = false;
};

namespace spicebench::real_server {

// The timers and watches of a libspice-server, on poll(). One for each process.
class MainLoop {
 public:
  // What the server is given; it stays valid. `channel_event` may be null.
  static SpiceCoreInterface* core(void (*channel_event)(int event, SpiceChannelEventInfo* info));
  // Waits for what comes next, `longest_ms` at most, and handles it.
  static void turn(int longest_ms);
};

}  // namespace spicebench::real_server
