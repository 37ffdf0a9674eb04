// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/real-server/main_loop.hpp"

#include <poll.h>

#include <algorithm>
#include <memory>
#include <vector>

namespace spicebench::real_server {

namespace {

using Clock = std::chrono::steady_clock;

// Removed ones stay until nobody can be in their handler.
std::list<std::unique_ptr<SpiceTimer>> timers;
std::list<std::unique_ptr<SpiceWatch>> watches;

SpiceTimer* timer_add(SpiceTimerFunc call, void* opaque) {
  return timers.emplace_back(std::make_unique<SpiceTimer>(SpiceTimer{call, opaque, {}})).get();
}
void timer_start(SpiceTimer* timer, std::uint32_t ms) {
  timer->due = Clock::now() + std::chrono::milliseconds(ms);
}
void timer_cancel(SpiceTimer* timer) {
  timer->due.reset();
}
void timer_remove(SpiceTimer* timer) {
  timer->due.reset();
  timer->call = nullptr;
}
SpiceWatch* watch_add(int fd, int mask, SpiceWatchFunc call, void* opaque) {
  return watches.emplace_back(std::make_unique<SpiceWatch>(SpiceWatch{fd, mask, call, opaque}))
      .get();
}
void watch_update_mask(SpiceWatch* watch, int mask) {
  watch->mask = mask;
}
void watch_remove(SpiceWatch* watch) {
  watch->removed = true;
}

void fire_timers() {
  for (const auto& timer : timers)
    if (timer->due && *timer->due <= Clock::now()) {
      timer->due.reset();
      timer->call(timer->opaque);
    }
  timers.remove_if([](const auto& timer) { return timer->call == nullptr; });
}

}  // namespace

SpiceCoreInterface* MainLoop::core(void (*channel_event)(int, SpiceChannelEventInfo*)) {
  static SpiceBaseInterface base;
  base.major_version = SPICE_INTERFACE_CORE_MAJOR;
  base.minor_version = SPICE_INTERFACE_CORE_MINOR;
  static SpiceCoreInterface core;
  core.base = base;
  core.timer_add = timer_add;
  core.timer_start = timer_start;
  core.timer_cancel = timer_cancel;
  core.timer_remove = timer_remove;
  core.watch_add = watch_add;
  core.watch_update_mask = watch_update_mask;
  core.watch_remove = watch_remove;
  core.channel_event = channel_event;
  return &core;
}

void MainLoop::turn(int longest_ms) {
  int wait = longest_ms;
  for (const auto& timer : timers)
    if (timer->due) {
      const auto left =
          std::chrono::ceil<std::chrono::milliseconds>(*timer->due - Clock::now()).count();
      wait = std::clamp(static_cast<int>(left), 0, wait);
    }
  std::vector<pollfd> fds;
  std::vector<SpiceWatch*> watched;
  for (const auto& watch : watches) {
    if (watch->removed) continue;
    const auto events = static_cast<short>(((watch->mask & SPICE_WATCH_EVENT_READ) ? POLLIN : 0) |
                                           ((watch->mask & SPICE_WATCH_EVENT_WRITE) ? POLLOUT : 0));
    if (events == 0) continue;
    fds.push_back({watch->fd, events, 0});
    watched.push_back(watch.get());
  }
  poll(fds.data(), fds.size(), wait);
  fire_timers();
  for (std::size_t i = 0; i < fds.size(); ++i) {
    if (fds[i].revents == 0 || watched[i]->removed) continue;
    const int events =
        ((fds[i].revents & (POLLIN | POLLHUP | POLLERR)) ? SPICE_WATCH_EVENT_READ : 0) |
        ((fds[i].revents & POLLOUT) ? SPICE_WATCH_EVENT_WRITE : 0);
    watched[i]->call(watched[i]->fd, events, watched[i]->opaque);
  }
  watches.remove_if([](const auto& watch) { return watch->removed; });
}

}  // namespace spicebench::real_server
