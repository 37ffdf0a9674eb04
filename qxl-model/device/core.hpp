// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>

#include "core/world/peer.hpp"
#include "qxl-model/command/command_form.hpp"
#include "qxl-model/cost/cost_model.hpp"
#include "qxl-model/device/host_update.hpp"
#include "qxl-model/device/interrupts.hpp"
#include "qxl-model/device/memory_map.hpp"
#include "qxl-model/device/memory_slots.hpp"
#include "qxl-model/device/ram_header.hpp"
#include "qxl-model/device/releases.hpp"
#include "qxl-model/device/surfaces.hpp"
#include "qxl-model/device/timeline.hpp"
#include "qxl-model/device/trace.hpp"

namespace spicebench::qxl {

// What the device needs from the machine around it.
class DeviceHost {
 public:
  virtual ~DeviceHost() = default;
  virtual void hand(ValuePtr message) = 0;    // to the server, on the device link
  virtual void display_line(bool level) = 0;  // the interrupt line changed
  virtual void port_completed() = 0;          // the blocked processor may go on
  virtual void found(Error finding) = 0;      // something that a good guest does not do
  virtual void logged(std::string text) = 0;  // what the guest wants its host to know
};

// Also the numbers of saved states (qxl-device.md §9).
enum class Mode : std::uint8_t { undefined = 0, vga = 1, compat = 2, native = 3 };

struct DeviceCounters {
  std::uint64_t draws_fetched = 0, cursors_fetched = 0, refused = 0, released = 0, kicks = 0;
  template <class Archive>
  void transfer(Archive& archive) {
    for (std::uint64_t* counter : {&draws_fetched, &cursors_fetched, &refused, &released, &kicks})
      archive.value("count", *counter);
  }
};

// State that the device's two halves share: the ports (device.hpp) and the worker (worker.hpp).
struct DeviceCore {
  DeviceCore(const Properties& p, const CostModel& c, Timeline& t, DeviceHost& h,
             MemoryMap::Memories memories)
      : properties(p),
        costs(c),
        timeline(t),
        host(h),
        memory(p, std::move(memories)),
        header(memory.ram().subspan(memory.sizes().ram_header(), ram::header_bytes)),
        interrupts(
            t, c, header,
            [this](bool level) {
              note(TraceKind::line, level);
              host.display_line(level);
            },
            [this](std::uint32_t bits) { note(TraceKind::raised, bits); }),
        releases(header) {}

  // For who looks on, if anybody does.
  void note(TraceKind kind, std::uint64_t a = 0, std::uint64_t b = 0, std::uint64_t c = 0) {
    if (trace) trace->traced({timeline.now(), kind, {a, b, c}});
  }
  void set_mode(Mode to) {
    if (mode != to) note(TraceKind::mode, static_cast<std::uint64_t>(to));
    mode = to;
  }

  // The latch of §11: until a reset, ports and the command ring are dead.
  void guest_bug(Error error) {
    interrupts.raise(interrupt_error);
    bug_latched = true;
    host.found(std::move(error));
  }

  template <class Archive>
  void transfer(Archive& archive) {
    archive.part("memory", [&] { memory.transfer(archive); });
    archive.part("interrupts", [&] { interrupts.transfer(archive); });
    archive.part("slots", [&] { slots.transfer(archive, memory); });
    archive.part("releases", [&] { releases.transfer(archive, memory); });
    archive.part("handles", [&] { handles.transfer(archive, memory); });
    archive.part("surfaces", [&] { surfaces.transfer(archive, memory); });
    archive.choice("mode", mode, Mode::native);
    archive.value("compat", command_form.compat);
    archive.value("rgb555", command_form.rgb555);
    archive.value("bug_latched", bug_latched);
    archive.part("counters", [&] { counters.transfer(archive); });
  }

  TraceSink* trace = nullptr;
  const Properties properties;
  const CostModel& costs;
  Timeline& timeline;
  DeviceHost& host;
  MemoryMap memory;
  RamHeader header;
  Interrupts interrupts;
  MemorySlots slots;
  ReleaseQueue releases;
  Handles handles;
  // Where a device is that nobody has set up.
  Mode first_mode() const { return properties.secondary ? Mode::undefined : Mode::vga; }
  Mode mode = first_mode();
  CommandForm command_form;  // of what the guest pushes
  bool bug_latched = false;
  bool running = true;  // the machine; else no ring is read and nothing is told to the guest
  Surfaces surfaces;
  std::deque<HostUpdate> host_updates;  // the ring of mode VGA
  DeviceCounters counters;
};

}  // namespace spicebench::qxl
