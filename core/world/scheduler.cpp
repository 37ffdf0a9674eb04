// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/world/scheduler.hpp"

#include <algorithm>

namespace spicebench {

void Scheduler::at(Instant due, EventClass event_class, Task task) {
  assert(due >= now_);
  heap_.push_back({{due, event_class, next_order_++}, std::move(task)});
  std::ranges::push_heap(heap_, later);
}

bool Scheduler::step() {
  if (heap_.empty()) return false;
  std::ranges::pop_heap(heap_, later);
  Entry earliest = std::move(heap_.back());
  heap_.pop_back();
  now_ = earliest.key.due;
  earliest.task();
  return true;
}

}  // namespace spicebench
