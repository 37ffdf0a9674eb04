// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/guest/input_reader.hpp"

namespace spicebench::qxl {

namespace {
constexpr std::uint16_t data_port = 0x60, status_port = 0x64, tablet_port = 0x0510;
constexpr std::uint8_t output_full = 1, from_mouse = 0x20, set_leds_command = 0xed;
constexpr std::uint8_t extension = 0xe0, release_bit = 0x80;
}  // namespace

Task<> InputReader::service(std::uint8_t lines) {
  if ((lines & (line_keyboard | line_pointer)) == 0) co_return;
  bool mouse_spoke = false;
  for (;;) {
    const std::uint32_t status = co_await bus_.in(status_port);
    if ((status & output_full) == 0) break;
    const std::uint32_t byte = co_await bus_.in(data_port);
    if (status & from_mouse) {
      mouse_spoke = true;
      mouse_byte(static_cast<std::uint8_t>(byte));
    } else {
      keyboard_byte(static_cast<std::uint8_t>(byte));
    }
  }
  if ((lines & line_pointer) && !mouse_spoke) co_await read_tablet();
}

Task<> InputReader::read_tablet() {
  for (;;) {
    const std::uint32_t waiting = co_await bus_.in(tablet_port, 4);
    if (waiting == 0) co_return;
    const std::uint32_t x = co_await bus_.in(tablet_port, 4);
    const std::uint32_t y = co_await bus_.in(tablet_port, 4);
    const std::uint32_t buttons = co_await bus_.in(tablet_port, 4);
    ++motions_;
    add({.kind = InputEvent::Kind::position,
         .x = static_cast<std::int32_t>(x),
         .y = static_cast<std::int32_t>(y)});
    // The tablet counts left, middle, right; the mouse left, right, middle.
    buttons_are(static_cast<std::uint8_t>((buttons & 1) | (buttons & 2) << 1 | (buttons & 4) >> 1));
  }
}

void InputReader::keyboard_byte(std::uint8_t byte) {
  if (byte == extension) {
    extended_ = true;
    return;
  }
  const bool up = (byte & release_bit) != 0;
  if (!up) ++keys_;
  add({.kind = up ? InputEvent::Kind::key_up : InputEvent::Kind::key_down,
       .code = static_cast<std::uint8_t>(byte & ~release_bit),
       .extended = extended_});
  extended_ = false;
}

void InputReader::mouse_byte(std::uint8_t byte) {
  if (packet_bytes_ == 0 && (byte & 8) == 0) return;  // not the start of a packet
  packet_[packet_bytes_++] = byte;
  if (packet_bytes_ < 4) return;
  packet_bytes_ = 0;
  const std::uint8_t flags = packet_[0];
  const std::int32_t dx = packet_[1] - (flags & 0x10 ? 256 : 0);
  const std::int32_t dy = packet_[2] - (flags & 0x20 ? 256 : 0);
  if (dx != 0 || dy != 0) {
    ++motions_;
    add({.kind = InputEvent::Kind::motion, .x = dx, .y = -dy});
  }
  if (const auto dz = static_cast<std::int8_t>(packet_[3]); dz != 0)
    add({.kind = InputEvent::Kind::wheel, .y = dz});
  buttons_are(flags & 7);
}

void InputReader::buttons_are(std::uint8_t buttons) {
  for (const std::uint8_t bit : {1, 2, 4}) {
    if (((buttons ^ buttons_) & bit) == 0) continue;
    const bool down = (buttons & bit) != 0;
    if (down) ++buttons_seen_;
    add({.kind = down ? InputEvent::Kind::button_down : InputEvent::Kind::button_up,
         .button = bit});
  }
  buttons_ = buttons;
}

void InputReader::add(const InputEvent& event) {
  if (events_.size() == max_events) events_.pop_front();
  events_.push_back(event);
}

Task<> InputReader::set_leds(std::uint8_t leds) {
  co_await bus_.out(data_port, set_leds_command);
  co_await bus_.out(data_port, leds);
}

}  // namespace spicebench::qxl
