// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fmt/format.h>

#include "qxl-model/device/device.hpp"

// SET_MODE: the modes of the first revision, without memory slots (qxl-device.md §7.3, §9).
namespace spicebench::qxl {

namespace device = wire::device;

Device::Cost Device::set_mode(std::uint8_t value, Twin twin) {
  constexpr unsigned ram_bar = 0, slot = 0;
  const auto mode = mode_at(core_.memory.rom(), value);
  if (!mode)
    return bug({ErrorCode::out_of_range, 0, "set_mode", fmt::format("{}: no such mode", value)});
  const Cycle reset_cost = reset(0, twin).value_or(0);
  const auto base = core_.memory.pci().base(ram_bar);
  if (!base) return bug({ErrorCode::out_of_order, 0, "set_mode", "BAR 0 is not mapped"});
  const auto memories = core_.memory.slot_memories();
  auto added = core_.slots.add(slot, *base, *base + core_.memory.ram().size(), memories,
                               MemorySlots::Offsets::guest_physical);
  if (!added) return bug(std::move(added).error().within("set_mode"));
  host_display_.leave();
  core_.set_mode(Mode::compat);
  core_.command_form = {.compat = true, .rgb555 = mode->bits == 16};
  std::byte number[4];
  store_little_endian(number, value, sizeof number);
  core_.memory.set_rom(rom::mode, number);
  // 32 bits per pixel in any mode, bottom row first.
  const LiveSurface request{mode->width,
                            mode->height,
                            -static_cast<std::int32_t>(4 * mode->width),
                            wire::display::surface_32_xrgb,
                            {}};
  const Cycle clearing = CostModel::at_rate(std::uint64_t{4} * mode->width * mode->height,
                                            core_.costs.clear_bytes_per_cycle);
  return submit(twin, {.cost = reset_cost + core_.costs.surface_new + clearing,
                       .execute = [this, request, address = *base] {
                         install_primary(request, address, false);
                         return std::optional<device::UpdateArea>{};
                       }});
}

}  // namespace spicebench::qxl
