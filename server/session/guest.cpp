// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/session/guest.hpp"

namespace spicebench::server {

namespace device = wire::device;
using State = Guest::State;

namespace {

constexpr GuestTable::Row rows[] = {
    state_row<&Guest::slot_add>(State::linked, State::linked),
    state_row<&Guest::slot_del>(State::linked, State::linked),
    state_row<&Guest::surface_create>(State::linked, State::linked),
    state_row<&Guest::surface_destroy>(State::linked, State::linked),
    state_row<&Guest::wakeup>(State::linked, State::linked),
    state_row<&Guest::draw_command>(State::linked, State::linked),
    state_row<&Guest::surface_command>(State::linked, State::linked),
    state_row<&Guest::no_command>(State::linked, State::linked),
    state_row<&Guest::cursor_command>(State::linked, State::linked),
    state_row<&Guest::no_cursor>(State::linked, State::linked),
    state_row<&Guest::update_area>(State::linked, State::linked),
    state_row<&Guest::monitors_config>(State::linked, State::linked),
    state_row<&Guest::reset>(State::linked, State::linked),
    state_row<&Guest::stop>(State::linked, State::linked),
    state_row<&Guest::start>(State::linked, State::linked),
    state_row<&Guest::pointer_device>(State::linked, State::linked),
    state_row<&Guest::keyboard_leds>(State::linked, State::linked),
    state_row<&Guest::client_monitors_answer>(State::linked, State::linked),
    state_row<&Guest::display_address>(State::linked, State::linked),
    state_row<&Guest::char_device_add>(State::linked, State::linked),
    state_row<&Guest::char_device_opened>(State::linked, State::linked),
    state_row<&Guest::char_device_output>(State::linked, State::linked),
    state_row<&Guest::char_device_room>(State::linked, State::linked),
};
constexpr std::string_view state_names[] = {"absent", "linked"};
constexpr GuestTable table("device", state_names, rows);

}  // namespace

const GuestTable& guest_table() {
  return table;
}

Guest::Guest(Services& services)
    : services_(services),
      keyboard(services),
      mouse(services.options.allow_client_mouse),
      display(services),
      cursor(services, mouse),
      agent(services, mouse),
      char_devices(services, [this](CharDevice& device) { return admit(device); }),
      sound(services) {}

void Guest::linked(LinkId link) {
  services_.device = link;
  state_ = State::linked;
  display.announce_capabilities();
}

// What was queued for clients stays: they see the last picture go.
void Guest::gone() {
  services_.device.reset();
  state_ = State::absent;
  display.device_gone();
  char_devices.machine_gone();
  cursor.device_gone();
  sound.device_gone();
  mouse.set_surface_allows(std::nullopt);
  mouse.set_tablet(false);
}

Result<void> Guest::handle(const wire::AnyMessage& message) {
  if (sound_table().knows(message.info().key)) return sound.handle(message);
  message_ = &message;
  const auto next =
      table.dispatch(*this, state_, message.info().key, message.object(), message.info().name);
  message_ = nullptr;
  if (!next) return std::unexpected(next.error());
  state_ = *next;
  return {};
}

void Guest::pump() {
  cursor.pump();
  display.pump();
  const bool stalled = cursor.waits_for_clients() || display.waits_for_clients();
  if (stalled == stall_timer_armed_) return;
  stall_timer_armed_ = stalled;
  if (stalled)
    services_.outputs.emplace_back(
        Arm{stall_timer, services_.now + std::chrono::seconds(client_wait_limit_s)});
  else
    services_.outputs.emplace_back(Disarm{stall_timer});
}

Result<State> Guest::surface_create(const device::SurfaceCreate& message) {
  if (message.surface_id == 0 && display.surface(0)) cursor.reset();
  display.create(message);
  if (message.surface_id == 0 && display.surface(0)) {
    mouse.set_surface_allows(message.mouse_mode != 0);
    cursor.surface_created();
  }
  return state_;
}

Result<State> Guest::surface_destroy(const device::SurfaceDestroy& message) {
  if (!display.surface(message.surface_id))
    return fail(ErrorCode::not_found, fmt::format("surface {} does not exist", message.surface_id),
                0, "surface_destroy.surface_id");
  display.destroy(message.surface_id);
  if (message.surface_id == 0) {
    cursor.reset();
    mouse.set_surface_allows(std::nullopt);
  }
  return state_;
}

Result<State> Guest::wakeup(const device::Wakeup&) {
  cursor.wake();
  display.wake();
  return state_;
}

Result<State> Guest::draw_command(const device::DrawCommand&) {
  display.draw(*message_);
  return state_;
}

Result<State> Guest::surface_command(const device::SurfaceCommand& message) {
  display.surface_command(message);
  return state_;
}

Result<State> Guest::no_command(const device::NoCommand& message) {
  display.no_command(message);
  return state_;
}

Result<State> Guest::cursor_command(const device::CursorCommand&) {
  cursor.command(*message_);
  return state_;
}

Result<State> Guest::no_cursor(const device::NoCursor& message) {
  cursor.no_command(message);
  return state_;
}

Result<State> Guest::update_area(const device::UpdateArea& message) {
  display.update_area(message);
  return state_;
}

Result<State> Guest::monitors_config(const device::MonitorsConfig& message) {
  display.set_monitors(message);
  return state_;
}

Result<State> Guest::reset(const device::Reset&) {
  display.reset();
  cursor.reset();
  mouse.set_surface_allows(std::nullopt);
  return state_;
}

Result<State> Guest::stop(const device::Stop&) {
  char_devices.set_running(false);
  return state_;
}

Result<State> Guest::start(const device::Start&) {
  char_devices.set_running(true);
  display.announce_capabilities();
  return state_;
}

Result<State> Guest::pointer_device(const device::PointerDevice& message) {
  mouse.set_tablet(message.absolute != 0);
  return state_;
}

Result<State> Guest::keyboard_leds(const device::KeyboardLeds& message) {
  keyboard.set_leds(message.modifiers);
  return state_;
}

Result<State> Guest::client_monitors_answer(const device::ClientMonitorsAnswer& message) {
  agent.answer(message);
  return state_;
}

Result<State> Guest::display_address(const device::DisplayAddress& message) {
  agent.set_display_address(message);
  return state_;
}

bool Guest::admit(CharDevice& one) {
  return one.kind() == device::CharDeviceKind::agent ? agent.adopt(one) : vmc.adopt(one);
}

Result<State> Guest::char_device_add(const device::CharDeviceAdd& message) {
  CHECKED(char_devices.handle(message));
  return state_;
}
Result<State> Guest::char_device_opened(const device::CharDeviceOpened& message) {
  CHECKED(char_devices.handle(message));
  return state_;
}
Result<State> Guest::char_device_output(const device::CharDeviceOutput& message) {
  CHECKED(char_devices.handle(message));
  return state_;
}
Result<State> Guest::char_device_room(const device::CharDeviceRoom& message) {
  CHECKED(char_devices.handle(message));
  return state_;
}

}  // namespace spicebench::server
