// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/device/device.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/wire/message_value.hpp"
#include "qxl-model/command/reader.hpp"

namespace spicebench::qxl {

namespace device = wire::device;

struct Device::PortRow {
  Cost (Device::*handler)(std::uint8_t value, Twin twin);
  Twin twin = Twin::sync;
  bool in_vga_mode = false;  // works there; others are swallowed
};

const Device::PortRow Device::ports[25] = {
    {&Device::notify},
    {&Device::notify},
    {&Device::update_area},
    {&Device::update_irq, Twin::sync, true},
    {&Device::notify_oom},
    {&Device::reset, Twin::sync, true},
    {&Device::set_mode, Twin::sync, true},
    {&Device::log, Twin::sync, true},
    {&Device::memslot_add, Twin::sync, true},
    {&Device::memslot_del, Twin::sync, true},
    {&Device::not_implemented},
    {&Device::not_implemented},
    {&Device::create_primary, Twin::sync, true},
    {&Device::destroy_primary},
    {&Device::destroy_surface},
    {&Device::destroy_all},
    {&Device::update_area, Twin::async},
    {&Device::memslot_add, Twin::async, true},
    {&Device::create_primary, Twin::async, true},
    {&Device::destroy_primary, Twin::async},
    {&Device::destroy_surface, Twin::async},
    {&Device::destroy_all, Twin::async},
    {&Device::flush_surfaces, Twin::async},
    {&Device::flush_release},
    {&Device::monitors_config, Twin::async},
};

Device::Device(const Properties& properties, const CostModel& costs, Timeline& timeline,
               DeviceHost& host, MemoryMap::Memories memories)
    : core_(properties, costs, timeline, host, std::move(memories)),
      worker_(core_),
      host_display_(core_, worker_) {}

// The order of the checks is that of §7.1.
std::optional<Cycle> Device::write_port(std::uint8_t port, std::uint8_t value) {
  core_.note(TraceKind::port, port, value, static_cast<std::uint64_t>(core_.mode));
  if (core_.bug_latched && port != static_cast<std::uint8_t>(Port::reset)) return 0;
  constexpr std::uint8_t last_before_clients = 23;
  if (core_.properties.revision < first_with_clients && port > last_before_clients)
    return bug({ErrorCode::unsupported, 0, "port",
                fmt::format("{}, which revision {} has not", port, core_.properties.revision)});
  const PortRow* row = port < std::size(ports) ? &ports[port] : nullptr;
  if (core_.mode == Mode::vga && (row == nullptr || !row->in_vga_mode)) {
    // So that confused drivers do not wait for ever.
    if (port >= 16 && port <= 24) core_.interrupts.raise(interrupt_io_cmd);
    return 0;
  }
  if (row == nullptr)
    return bug({ErrorCode::out_of_range, 0, "port", fmt::format("{}, at most 24", port)});
  if (row->twin == Twin::async) {
    if (async_under_way_)
      return bug({ErrorCode::out_of_order, 0, "port",
                  fmt::format("{} while an asynchronous one is under way", port)});
    async_under_way_ = true;
  }
  return (this->*row->handler)(value, row->twin);
}

Device::Cost Device::bug(Error error) {
  core_.guest_bug(std::move(error));
  return 0;
}

// The current operation is cleared before its interrupt can be seen, so the guest may start the
// next one at once.
void Device::complete_async() {
  async_under_way_ = false;
  core_.interrupts.raise(interrupt_io_cmd);
}

Device::Cost Device::submit(Twin twin, Operation operation) {
  if (twin == Twin::async) {
    operation.cost += core_.costs.async_fixed;
    operation.done = [this] { complete_async(); };
    worker_.submit(std::move(operation));
    return 0;
  }
  operation.done = [this] {
    // The answer is on its way even if the device is replaced meanwhile.
    core_.timeline.after(core_.costs.wk_ack, EventClass::guest_step,
                         [&host = core_.host] { host.port_completed(); });
  };
  worker_.submit(std::move(operation));
  return std::nullopt;
}

Device::Cost Device::notify(std::uint8_t, Twin) {
  ++core_.counters.kicks;
  worker_.wake();
  return 0;
}

Device::Cost Device::update_irq(std::uint8_t, Twin) {
  core_.interrupts.recompute();
  return core_.costs.update_irq;
}

Device::Cost Device::notify_oom(std::uint8_t, Twin) {
  worker_.out_of_memory();
  return 0;
}

// Heard only if guests were asked to speak. The text may lack its end.
Device::Cost Device::log(std::uint8_t, Twin) {
  if (core_.properties.guestdebug == 0) return 0;
  const std::string_view text = as_text(core_.header.log_text());
  core_.host.logged(std::string(text.substr(0, text.find('\0'))));
  return 0;
}

Device::Cost Device::not_implemented(std::uint8_t, Twin) {
  return bug({ErrorCode::unsupported, 0, "port", "this one is not implemented"});
}

Device::Cost Device::update_area(std::uint8_t, Twin twin) {
  const std::uint32_t surface = core_.header.get32(ram::update_surface);
  const auto field = [this](std::uint32_t i) {
    return static_cast<std::int32_t>(core_.header.get32(ram::update_area + 4 * i));
  };
  wire::display::Rect area{field(0), field(1), field(2), field(3)};
  if (surface > core_.properties.surfaces)
    return bug({ErrorCode::out_of_range, 0, "update_surface",
                fmt::format("{}, at most {}", surface, core_.properties.surfaces)});
  if (wire::display::is_empty(area) || area.left < 0 || area.top < 0) {
    core_.guest_bug({ErrorCode::out_of_range, 0, "update_area",
                     fmt::format("{}, {} … {}, {}", area.left, area.top, area.right, area.bottom)});
    // Quirk of the reference: an exactly empty rectangle clears the latch, whoever set it.
    if (area.left == area.right || area.top == area.bottom) {
      core_.bug_latched = false;
      if (twin == Twin::async) complete_async();
    }
    return 0;
  }
  return submit(twin, {.drains = true, .execute = [this, surface, area] {
                         auto request = worker_.whole_surface(surface);
                         if (!request) return request;
                         auto& within = request->area;
                         within = {area.top, area.left, std::min(area.bottom, within.bottom),
                                   std::min(area.right, within.right)};
                         return wire::display::is_empty(within) ? std::nullopt : request;
                       }});
}

Device::Cost Device::flush_surfaces(std::uint8_t, Twin twin) {
  return submit(twin, {.drains = true, .execute = [this] { return worker_.any_surface(); }});
}

// DIFFERS: the reference's sync form dies for any id but 0. Waits until nothing queued can involve
// the surface.
Device::Cost Device::destroy_surface(std::uint8_t value, Twin twin) {
  if (value >= core_.properties.surfaces) {
    core_.guest_bug({ErrorCode::out_of_range, 0, "surface", fmt::format("{}", value)});
    if (twin == Twin::async) complete_async();
    return 0;
  }
  return submit(
      twin, {.drains = true, .execute = [this, value] { return worker_.whole_surface(value); }});
}

Device::Cost Device::memslot_add(std::uint8_t value, Twin twin) {
  const std::uint64_t start = core_.header.get64(ram::mem_slot);
  const std::uint64_t end = core_.header.get64(ram::mem_slot + 8);
  const auto memories = core_.memory.slot_memories();
  if (auto added = core_.slots.add(value, start, end, memories); !added)
    return bug(std::move(added).error().within("mem_slot"));
  core_.note(TraceKind::slot_added, value, start, end);
  core_.memory.set_rom_until_reset(rom::slot_generation, std::byte{0});
  return submit(twin, {.execute = [this, value] {
                  core_.host.hand(wire::value_of(
                      device::SlotAdd{.slot_id = value, .size = core_.slots.size(value)}));
                  return std::optional<device::UpdateArea>{};
                }});
}

Device::Cost Device::memslot_del(std::uint8_t value, Twin) {
  if (auto removed = core_.slots.remove(value); !removed)
    return bug(std::move(removed).error().within("mem_slot"));
  core_.note(TraceKind::slot_removed, value);
  core_.host.hand(wire::value_of(device::SlotDel{value}));
  return 0;
}

Device::Cost Device::flush_release(std::uint8_t, Twin) {
  const std::uint32_t entry = core_.header.release_ring().produced();
  const auto outcome = core_.releases.flush();
  if (outcome.published) core_.note(TraceKind::published, entry);
  if (outcome.wake) core_.interrupts.raise(interrupt_display);
  return 0;
}

Device::Cost Device::monitors_config(std::uint8_t, Twin twin) {
  const std::uint64_t address = core_.header.get64(ram::monitors_config);
  // A bad address raises the bug, and completes all the same.
  if (auto bytes = core_.slots.decode(address, 4); !bytes)
    core_.guest_bug(std::move(bytes).error().within("monitors_config"));
  return submit(twin, {.cost = core_.costs.moncfg_fixed, .execute = [this, address] {
                         send_monitors(address);
                         return std::optional<device::UpdateArea>{};
                       }});
}

void Device::send_monitors(std::uint64_t address) {
  constexpr std::uint64_t header_bytes = 4, head_bytes = 28;
  const auto header = core_.slots.decode(address, header_bytes);
  if (!header) return;
  const std::uint16_t count = Fields(*header).u16(0), max_allowed = Fields(*header).u16(2);
  const auto bytes = core_.slots.decode(address, header_bytes + count * head_bytes);
  if (!bytes || count == 0 || count > max_allowed) return;
  const std::uint32_t most = std::max(1u, core_.properties.max_outputs);
  device::MonitorsConfig message;
  message.max_allowed = static_cast<std::uint16_t>(std::min<std::uint32_t>(max_allowed, most));
  for (std::uint32_t i = 0; i < std::min<std::uint32_t>(count, most); ++i) {
    const Fields head = Fields(*bytes).part(header_bytes + i * head_bytes);
    message.heads.push_back({head.u32(0), head.u32(4), head.u32(8), head.u32(12), head.u32(16),
                             head.u32(20), head.u32(24)});
  }
  core_.host.hand(wire::value_of(std::move(message)));
}

void Device::set_client_capabilities(const device::ClientCapabilities& message) {
  if (core_.properties.revision < first_with_clients) return;
  Bytes rom_bytes;
  append_little_endian(rom_bytes, message.client_present, 1);
  for (const std::uint8_t byte : message.capabilities) append_little_endian(rom_bytes, byte, 1);
  core_.memory.set_rom(rom::client_present, rom_bytes);
  core_.interrupts.raise(interrupt_client);
}

bool Device::handle(const wire::AnyMessage& message) {
  if (const auto* fetch = message.as<device::FetchCommand>()) {
    worker_.fetch(*fetch);
  } else if (const auto* cursor = message.as<device::FetchCursor>()) {
    worker_.fetch(*cursor);
  } else if (const auto* release = message.as<device::Release>()) {
    worker_.release(release->release_id);
  } else if (const auto* updated = message.as<device::AreaUpdated>()) {
    worker_.area_updated(updated->request_id);
  } else if (const auto* capabilities = message.as<device::ClientCapabilities>()) {
    set_client_capabilities(*capabilities);
  } else if (const auto* monitors = message.as<device::ClientMonitors>()) {
    set_client_monitors(*monitors);
  } else {
    return false;
  }
  return true;
}

}  // namespace spicebench::qxl
