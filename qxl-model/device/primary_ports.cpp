// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fmt/format.h>

#include <algorithm>

#include "core/wire/message_value.hpp"
#include "qxl-model/device/device.hpp"

// The ports that make and end surface 0, all surfaces and the device's life: CREATE_PRIMARY,
// DESTROY_PRIMARY, DESTROY_ALL_SURFACES, RESET.
namespace spicebench::qxl {

namespace device = wire::device;

namespace {

constexpr std::uint8_t mouse_mode = 1;  // whatever the guest says

std::uint64_t magnitude(std::int32_t stride) {
  return static_cast<std::uint64_t>(stride < 0 ? -std::int64_t{stride} : stride);
}

}  // namespace

Device::Cost Device::create_primary(std::uint8_t value, Twin twin) {
  if (value != 0) {
    core_.guest_bug({ErrorCode::out_of_range, 0, "create_primary", fmt::format("{}", value)});
    if (twin == Twin::async) complete_async();
    return 0;
  }
  const std::uint32_t height = core_.header.get32(ram::create_height);
  const auto stride = static_cast<std::int32_t>(core_.header.get32(ram::create_stride));
  if (stride == INT32_MIN || magnitude(stride) * height > core_.memory.sizes().vgamem)
    return bug({ErrorCode::out_of_range, 0, "create_surface",
                fmt::format("stride {} and height {}: more than {} bytes", stride, height,
                            core_.memory.sizes().vgamem)});
  // Latches the bug and works, as the reference does.
  if (core_.mode == Mode::native)
    core_.guest_bug({ErrorCode::out_of_order, 0, "create_primary", "there is a primary surface"});
  // It has left VGA mode even if the rows are bad.
  if (core_.mode == Mode::vga) {
    host_display_.leave();
    core_.set_mode(Mode::undefined);
  }
  if (stride % 4 != 0) {
    worker_.submit({.execute =
                        [this] {
                          if (core_.mode != Mode::vga) remove_surface(0);
                          return std::optional<device::UpdateArea>{};
                        },
                    .done = [] {}});
    return bug({ErrorCode::out_of_range, 0, "create_surface.stride", fmt::format("{}", stride)});
  }
  core_.set_mode(Mode::native);
  core_.command_form = {};
  // The request was copied with the port write: the guest may reuse the fields at once.
  const auto field = [this](std::uint32_t offset) { return core_.header.get32(offset); };
  const LiveSurface request{
      field(ram::create_width), height, stride, field(ram::create_format), {}};
  const std::uint64_t address = core_.header.get64(ram::create_mem);
  const bool keep = (field(ram::create_flags) & device::guest_surface_keep_data) != 0;
  const Cycle clearing =
      keep ? 0 : CostModel::at_rate(magnitude(stride) * height, core_.costs.clear_bytes_per_cycle);
  return submit(
      twin, {.cost = core_.costs.surface_new + clearing, .execute = [this, request, address, keep] {
               install_primary(request, address, keep);
               return std::optional<device::UpdateArea>{};
             }});
}

// What is wrong here is refused silently: the ports half goes on believing in the surface.
void Device::install_primary(LiveSurface surface, std::uint64_t address, bool keep) {
  remove_surface(0);
  const auto bytes = surface_bytes(surface);
  if (!bytes) return core_.host.found(Error(bytes.error()).within("create_surface"));
  auto pixels = core_.slots.decode(address, *bytes);
  if (!pixels) return core_.host.found(std::move(pixels).error().within("create_surface.mem"));
  surface.pixels = *pixels;
  if (!keep) std::ranges::fill(surface.pixels, std::byte{0});
  core_.surfaces.add(0, surface);
  core_.note(TraceKind::surface_made, 0, surface.width, surface.height);
  device::SurfaceCreate message{.width = surface.width,
                                .height = surface.height,
                                .stride = surface.stride,
                                .format = surface.format,
                                .flags = keep ? std::uint32_t{device::guest_surface_keep_data} : 0,
                                .mouse_mode = mouse_mode};
  message.memory = {core_.slots.owner(address), surface.pixels};
  core_.host.hand(wire::value_of(std::move(message)));
}

void Device::remove_surface(std::uint32_t id) {
  if (!core_.surfaces.remove(id)) return;
  core_.note(TraceKind::surface_gone, id);
  core_.host.hand(wire::value_of(device::SurfaceDestroy{id}));
}

Device::Cost Device::destroy_primary(std::uint8_t value, Twin twin) {
  if (value != 0)
    core_.guest_bug({ErrorCode::out_of_range, 0, "destroy_primary", fmt::format("{}", value)});
  if (value != 0 || core_.mode == Mode::undefined) {
    if (twin == Twin::async) complete_async();
    return 0;
  }
  core_.set_mode(Mode::undefined);
  return submit(twin, {.drains = true, .cost = core_.costs.surface_del, .execute = [this] {
                         remove_surface(0);
                         return std::optional<device::UpdateArea>{};
                       }});
}

// The cost is that of the surfaces that there are now, before the rings are read out.
Device::Cost Device::destroy_all(std::uint8_t, Twin twin) {
  core_.set_mode(Mode::undefined);
  const std::size_t live = std::max<std::size_t>(1, core_.surfaces.all().size());
  return submit(twin, {.drains = true, .cost = live * core_.costs.surface_del, .execute = [this] {
                         while (!core_.surfaces.all().empty())
                           remove_surface(core_.surfaces.all().begin()->first);
                         return std::optional<device::UpdateArea>{};
                       }});
}

Device::Cost Device::reset(std::uint8_t, Twin) {
  core_.note(TraceKind::reset);
  host_display_.leave();
  worker_.reset();
  core_.handles.forget_all();
  core_.releases.clear();
  core_.slots.clear();
  core_.surfaces.clear();
  core_.memory.restore_rom();
  core_.header.init();
  core_.interrupts.recompute();
  core_.host.hand(wire::value_of(device::Reset{}));
  soft_reset();
  // The server announces its clients again when it starts the display.
  const Cycle cost = core_.costs.reset_fixed;
  if (client_news_) core_.timeline.cancel(*client_news_);
  client_news_ = core_.timeline.after(cost + core_.costs.msg_queue + core_.costs.wk_wake,
                                      EventClass::timer, [this] {
                                        client_news_.reset();
                                        if (core_.properties.revision >= first_with_clients)
                                          core_.interrupts.raise(interrupt_client);
                                      });
  return cost;
}

void Device::soft_reset() {
  core_.bug_latched = false;
  async_under_way_ = false;
  core_.command_form = {};
  enter_first_mode();
}
void Device::enter_first_mode() {
  if (core_.first_mode() == Mode::vga) return host_display_.enter();
  core_.set_mode(core_.first_mode());
}

// Up to revision 4 a guest that writes to the VGA adapter is taken for one whose driver is gone
// (qxl-device.md §2.1).
std::optional<Cycle> Device::write_vga_port(std::uint16_t port, std::uint32_t value,
                                            std::uint8_t width) {
  host_display_.vga().out(port, value, width);
  if (!VgaCore::is_legacy(port) || core_.mode == Mode::vga || core_.properties.revision > 4)
    return 0;
  if (core_.mode == Mode::undefined) {
    soft_reset();
    return 0;
  }
  core_.set_mode(Mode::undefined);
  return submit(Twin::sync, {.drains = true, .cost = core_.costs.surface_del, .execute = [this] {
                               remove_surface(0);
                               soft_reset();
                               return std::optional<device::UpdateArea>{};
                             }});
}
bool Device::has_vga_port(std::uint16_t port) const {
  return !core_.properties.secondary && VgaCore::has_port(port);
}
std::optional<std::uint32_t> Device::read_vga_port(std::uint16_t port, std::uint8_t width) {
  return host_display_.vga().in(port, width);
}

}  // namespace spicebench::qxl
