// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cassert>
#include <compare>
#include <functional>
#include <optional>
#include <utility>

#include "qxl-model/cost/cycle.hpp"
#include "qxl-model/device/reusing_map.hpp"

namespace spicebench::qxl {

// The order of events that are due in the same cycle (qxl-device.md §22.1).
enum class EventClass : std::uint8_t {
  guest_step,  // the guest's own accesses to memory
  port_write,
  timer,
  worker_step_end,
  async_completion,
  line_recompute,
  interrupt_delivery,
};

// What a machine is going to do and when: its next interesting cycles. Time jumps from one to the
// next.
class Timeline {
 public:
  using Action = std::function<void()>;
  struct Key {
    Cycle due = never;
    EventClass event_class{};
    std::uint64_t sequence = 0;
    auto operator<=>(const Key&) const = default;
  };

  Cycle now() const { return now_; }
  // Precondition: due >= now().
  Key at(Cycle due, EventClass event_class, Action action) {
    assert(due >= now_);
    const Key key{due, event_class, next_sequence_++};
    events_.add(key, std::move(action));
    return key;
  }
  Key after(Cycle delay, EventClass event_class, Action action) {
    return at(now_ + delay, event_class, std::move(action));
  }
  // Without effect on an event that has happened.
  void cancel(const Key& key) {
    const auto found = events_.map().find(key);
    if (found != events_.map().end()) events_.take(found);
  }
  std::optional<Cycle> next() const {
    const auto& events = events_.map();
    return events.empty() ? std::nullopt : std::optional(events.begin()->first.due);
  }
  // Runs all that is due up to and including `limit`, then stands at `limit`.
  // Precondition: limit >= now().
  void run_until(Cycle limit) {
    assert(limit >= now_);
    auto& events = events_.map();
    while (!events.empty() && events.begin()->first.due <= limit) {
      const auto [key, action] = events_.take(events.begin());
      now_ = key.due;
      action();
    }
    now_ = limit;
  }

 private:
  Cycle now_ = 0;
  std::uint64_t next_sequence_ = 0;
  ReusingMap<Key, Action> events_;
};

}  // namespace spicebench::qxl
