// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include "core/base/state_table.hpp"
#include "server/agent/agent.hpp"
#include "server/char_device/char_devices.hpp"
#include "server/char_device/vmc_device.hpp"
#include "server/display/cursor_worker.hpp"
#include "server/display/display_worker.hpp"
#include "server/session/keyboard.hpp"
#include "server/session/mouse_modes.hpp"
#include "server/sound/sound.hpp"

namespace spicebench::server {

// What all clients share about the machine behind the device link.
class Guest {
 public:
  enum class State : std::uint8_t { absent, linked };
  // Fires when a client has kept the guest waiting for too long.
  static constexpr TimerId stall_timer = 2;

  explicit Guest(Services& services);

  void linked(LinkId link);
  void gone();
  // A message of the device. Errors: out_of_order, unsupported (not one of the device's); the link
  // goes on all the same.
  Result<void> handle(const wire::AnyMessage& message);
  // Fetches what the clients have room for.
  void pump();
  // Lets the bytes of character devices move. True: something for clients came of it.
  bool pump_char_devices() { return char_devices.pump(); }

  // The rows of the table.
  Result<State> slot_add(const wire::device::SlotAdd&) { return state_; }
  Result<State> slot_del(const wire::device::SlotDel&) { return state_; }
  Result<State> surface_create(const wire::device::SurfaceCreate& message);
  Result<State> surface_destroy(const wire::device::SurfaceDestroy& message);
  Result<State> wakeup(const wire::device::Wakeup&);
  Result<State> draw_command(const wire::device::DrawCommand&);
  Result<State> surface_command(const wire::device::SurfaceCommand& message);
  Result<State> no_command(const wire::device::NoCommand& message);
  Result<State> cursor_command(const wire::device::CursorCommand&);
  Result<State> no_cursor(const wire::device::NoCursor& message);
  Result<State> update_area(const wire::device::UpdateArea& message);
  Result<State> monitors_config(const wire::device::MonitorsConfig& message);
  Result<State> reset(const wire::device::Reset&);
  Result<State> stop(const wire::device::Stop&);  // all is drawn by then
  Result<State> start(const wire::device::Start&);
  Result<State> pointer_device(const wire::device::PointerDevice& message);
  Result<State> keyboard_leds(const wire::device::KeyboardLeds& message);
  Result<State> client_monitors_answer(const wire::device::ClientMonitorsAnswer& message);
  Result<State> display_address(const wire::device::DisplayAddress& message);
  Result<State> char_device_add(const wire::device::CharDeviceAdd& message);
  Result<State> char_device_opened(const wire::device::CharDeviceOpened& message);
  Result<State> char_device_output(const wire::device::CharDeviceOutput& message);
  Result<State> char_device_room(const wire::device::CharDeviceRoom& message);

 private:
  Services& services_;

 public:
  Keyboard keyboard;
  MouseModes mouse;
  DisplayWorker display;
  CursorWorker cursor;
  Agent agent;
  VmcDevices vmc;  // whose channels clients may link
  CharDevices char_devices;
  Sound sound;

 private:
  bool admit(CharDevice& device);

  State state_ = State::absent;
  const wire::AnyMessage* message_ = nullptr;  // the one being handled, to be kept whole
  bool stall_timer_armed_ = false;
};

using GuestTable = StateTable<Guest, Guest::State, wire::MessageKey>;
const GuestTable& guest_table();

}  // namespace spicebench::server
