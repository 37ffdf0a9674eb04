// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cassert>
#include <compare>
#include <cstdint>
#include <functional>
#include <vector>

#include "core/base/time.hpp"

namespace spicebench {

// What happens first among events of one instant (qxl-device.md §22.1, network last).
enum class EventClass : std::uint8_t {
  timer = 2,    // a peer's own deadline: the device's next cycle, a user's next step
  value = 3,    // a value link's delivery: worker and device
  network = 7,  // a stream link's delivery
};

// Runs tasks in order of (due time, class, order of scheduling): two runs that schedule the same
// tasks make the same calls in the same order. No threads, no hashing, no address in any key.
class Scheduler {
 public:
  using Task = std::function<void()>;

  Instant now() const { return now_; }
  bool empty() const { return heap_.empty(); }
  // Precondition: not empty.
  Instant next_due() const { return heap_.front().key.due; }
  // Precondition: due >= now(): the past is recorded, never rewritten.
  void at(Instant due, EventClass event_class, Task task);
  // Precondition: now() <= to, and nothing is due before it.
  void pass_time(Instant to) {
    assert(to >= now_ && (empty() || next_due() >= to));
    now_ = to;
  }
  // Moves time to the earliest task and runs it. False when there is none.
  bool step();

 private:
  struct Key {
    Instant due;
    EventClass event_class;
    std::uint64_t order;
    auto operator<=>(const Key&) const = default;
  };
  struct Entry {
    Key key;
    Task task;
  };
  static bool later(const Entry& a, const Entry& b) { return a.key > b.key; }

  std::vector<Entry> heap_;  // earliest first; keys are unique, so their order is total
  Instant now_{};
  std::uint64_t next_order_ = 0;
};

}  // namespace spicebench
