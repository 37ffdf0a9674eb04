// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <optional>

#include "core/wire/message.hpp"
#include "qxl-model/device/core.hpp"
#include "qxl-model/device/host_display.hpp"
#include "qxl-model/device/port.hpp"
#include "qxl-model/device/worker.hpp"

namespace spicebench::qxl {

// The QXL device: what the guest sees of it (configuration, memory, ports) on one side, the device
// link on the other.
class Device {
 public:
  // Powered on; and one on memories that are in use already, for a saved state to be loaded.
  //   memories  of the sizes that MemoryMap::new_memories gives them
  Device(const Properties& properties, const CostModel& costs, Timeline& timeline, DeviceHost& host,
         MemoryMap::Memories memories);
  Device(const Properties& properties, const CostModel& costs, Timeline& timeline, DeviceHost& host)
      : Device(properties, costs, timeline, host, MemoryMap::new_memories(properties)) {
    core_.header.init();
  }

  // Into the mode in which nobody has set it up. Once, before the guest runs.
  void power_on() { enter_first_mode(); }
  // The machine stops and starts (qxl-device.md §19.1). A stopped device reads no ring, raises
  // nothing and changes no memory. `stopped` is called when all is done that ports asked for.
  // Precondition of both: the guest does not run.
  void stop(std::function<void()> stopped);
  void start();
  // The state of a stopped device but its memories (§19.2), for a device of the same properties on
  // the same or equal memories, which then goes on as this one would.
  Bytes save();
  //   errors  truncated, malformed, out_of_range, with the field and its offset; the device is then
  //           good for nothing
  Result<void> load(BytesView state);

  // Guest side.
  MemoryMap& memory() { return core_.memory; }
  const MemoryMap& memory() const { return core_.memory; }
  bool line() const { return core_.interrupts.line(); }
  // What a port write costs the processor, beyond pio_exit. Nothing: it is blocked until the host
  // hears port_completed.
  std::optional<Cycle> write_port(std::uint8_t port, std::uint8_t value);
  // The VGA adapter's registers, at fixed ports, and its window in memory; a secondary device has
  // none. As VgaCore and write_port.
  std::optional<std::uint32_t> read_vga_port(std::uint16_t port, std::uint8_t width);
  bool has_vga_port(std::uint16_t port) const;
  std::optional<Cycle> write_vga_port(std::uint16_t port, std::uint32_t value, std::uint8_t width);
  // Null: none.
  VgaCore* vga() { return core_.properties.secondary ? nullptr : &host_display_.vga(); }

  // Server side.
  void connected() { worker_.connected(); }
  void disconnected() { worker_.disconnected(); }
  // A message of the device link. False: not one for the display device.
  bool handle(const wire::AnyMessage& message);

  // Is told of all that happens in the device. Null: nobody.
  void trace(TraceSink* sink) { core_.trace = sink; }

  const Surfaces& surfaces() const { return core_.surfaces; }
  Mode mode() const { return core_.mode; }
  bool bug_latched() const { return core_.bug_latched; }
  const DeviceCounters& counters() const { return core_.counters; }

 private:
  struct PortRow;
  static const PortRow ports[25];
  enum class Twin : bool { sync, async };
  using Cost = std::optional<Cycle>;  // of a port write; nothing: blocked

  Cost notify(std::uint8_t value, Twin twin);
  Cost update_area(std::uint8_t value, Twin twin);
  Cost update_irq(std::uint8_t value, Twin twin);
  Cost notify_oom(std::uint8_t value, Twin twin);
  Cost reset(std::uint8_t value, Twin twin);
  Cost set_mode(std::uint8_t value, Twin twin);
  Cost log(std::uint8_t value, Twin twin);
  Cost memslot_add(std::uint8_t value, Twin twin);
  Cost memslot_del(std::uint8_t value, Twin twin);
  Cost create_primary(std::uint8_t value, Twin twin);
  Cost destroy_primary(std::uint8_t value, Twin twin);
  Cost destroy_surface(std::uint8_t value, Twin twin);
  Cost destroy_all(std::uint8_t value, Twin twin);
  Cost flush_surfaces(std::uint8_t value, Twin twin);
  Cost flush_release(std::uint8_t value, Twin twin);
  Cost monitors_config(std::uint8_t value, Twin twin);
  Cost not_implemented(std::uint8_t value, Twin twin);

  Cost bug(Error error);
  Cost submit(Twin twin, Operation operation);
  void complete_async();
  void enter_first_mode();
  void soft_reset();
  void install_primary(LiveSurface surface, std::uint64_t address, bool keep);
  void remove_surface(std::uint32_t id);
  void send_monitors(std::uint64_t address);
  void set_client_monitors(const wire::device::ClientMonitors& message);
  void set_client_capabilities(const wire::device::ClientCapabilities& message);

  template <class Archive>
  void transfer(Archive& archive);

  DeviceCore core_;
  Worker worker_;
  HostDisplay host_display_;
  std::optional<Timeline::Key> client_news_;  // after a reset
  bool async_under_way_ = false;
};

}  // namespace spicebench::qxl
