// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>

#include "core/wire/message_value.hpp"
#include "qxl-model/device/device.hpp"

// The client's monitors, which the guest's driver reads in the ROM (qxl-device.md §17.2).
namespace spicebench::qxl {

namespace device = wire::device;

namespace {

// Drivers that do not know of it never ask for its interrupt; those that stop set all bits.
bool wants_to_hear(std::uint32_t int_mask) {
  return int_mask != UINT32_MAX && (int_mask & interrupt_client_monitors) != 0;
}

}  // namespace

void Device::set_client_monitors(const device::ClientMonitors& message) {
  const bool accepted = core_.properties.revision >= first_with_clients &&
                        wants_to_hear(core_.header.get32(ram::int_mask));
  core_.host.hand(wire::value_of(device::ClientMonitorsAnswer{message.request_id, accepted}));
  if (!accepted || message.query != 0) return;
  const std::uint32_t outputs = core_.properties.max_outputs;
  const std::size_t most = outputs >= 1 && outputs <= rom::most_heads ? outputs : rom::most_heads;
  std::vector<ClientHead> heads;
  for (const auto& monitor : message.monitors) {
    if (heads.size() == most) break;
    heads.push_back({.top = monitor.y,
                     .left = monitor.x,
                     .right = monitor.x + monitor.width,
                     .bottom = monitor.y + monitor.height});
  }
  const auto rom = core_.memory.rom_until_reset();
  const auto block = rom.subspan(rom::monitors, rom::monitors_bytes);
  const Bytes before(block.begin(), block.end());
  write_client_monitors(rom, heads);
  if (!std::ranges::equal(before, block)) core_.interrupts.raise(interrupt_client_monitors);
}

}  // namespace spicebench::qxl
