// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "qxl-model/cost/cycle.hpp"

namespace spicebench::qxl {

// What happens within the device, for who wants to look on. What the numbers of each kind are is in
// the table in trace.cpp.
enum class TraceKind : std::uint8_t {
  port,
  mode,
  reset,
  slot_added,
  slot_removed,
  surface_made,
  surface_gone,
  popped,
  armed,
  woken,
  released,
  published,
  raised,
  line,
  operation_begun,
  operation_done,
  stopped,
  started,
  vga_compared,
};
struct TraceEvent {
  Cycle at = 0;
  TraceKind kind{};
  std::array<std::uint64_t, 3> numbers{};
  bool operator==(const TraceEvent&) const = default;
};
std::string_view name_of(TraceKind kind);
// "port=memslot_add value=1 mode=vga"
std::string fields_of(const TraceEvent& event);

class TraceSink {
 public:
  virtual ~TraceSink() = default;
  virtual void traced(const TraceEvent& event) = 0;
};

}  // namespace spicebench::qxl
