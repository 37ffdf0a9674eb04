// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/input_devices.hpp"

#include <algorithm>
#include <cstdlib>

#include "core/wire/inputs_channel.hpp"
#include "qxl-model/guest/bus.hpp"

namespace spicebench::qxl {

namespace inputs = wire::inputs;

void InputDevices::key(const wire::device::Key& message) {
  if (message.scancodes.size() > queue_bytes - keyboard_.size()) {
    ++dropped_;
    return;
  }
  for (const std::byte code : message.scancodes.view())
    keyboard_.push_back(std::to_integer<std::uint8_t>(code));
  lines_changed_();
}

// A movement beyond what one packet holds becomes several.
void InputDevices::motion(const wire::device::MouseMotion& message) {
  constexpr std::int32_t most = 255;
  std::int64_t dx = message.dx, dy = message.dy;
  std::int32_t dz = std::clamp(message.dz, -8, 7);
  do {
    const auto step_x = static_cast<std::int32_t>(std::clamp<std::int64_t>(dx, -most, most));
    const auto step_y = static_cast<std::int32_t>(std::clamp<std::int64_t>(dy, -most, most));
    const std::uint64_t before = dropped_;
    packet(step_x, step_y, dz, message.buttons_state);
    if (dropped_ != before) return;  // the queue is full
    dx -= step_x;
    dy -= step_y;
    dz = 0;
  } while (dx != 0 || dy != 0);
}

void InputDevices::buttons(const wire::device::MouseButtons& message) {
  packet(0, 0, std::clamp(message.dz, -8, 7), message.buttons_state);
}

void InputDevices::packet(std::int32_t dx, std::int32_t dy, std::int32_t dz,
                          std::uint16_t buttons) {
  if (mouse_.size() + 4 > queue_bytes) {
    ++dropped_;
    return;
  }
  dy = -dy;
  std::uint8_t flags = 8;
  if (buttons & inputs::mask_left) flags |= 1;
  if (buttons & inputs::mask_right) flags |= 2;
  if (buttons & inputs::mask_middle) flags |= 4;
  if (dx < 0) flags |= 0x10;
  if (dy < 0) flags |= 0x20;
  for (const std::int32_t byte : {std::int32_t{flags}, dx, dy, dz})
    mouse_.push_back(static_cast<std::uint8_t>(byte));
  lines_changed_();
}

void InputDevices::position(const wire::device::MousePosition& message) {
  if (tablet_.size() == tablet_reports) {
    ++dropped_;
    return;
  }
  tablet_.push_back({message.x, message.y, message.buttons_state});
  lines_changed_();
}

std::uint8_t InputDevices::lines() const {
  std::uint8_t out = 0;
  if (!keyboard_.empty()) out |= line_keyboard;
  if (!mouse_.empty() || !tablet_.empty()) out |= line_pointer;
  return out;
}

std::optional<std::uint32_t> InputDevices::in(std::uint16_t port) {
  switch (port) {
    case status_port:
      if (!keyboard_.empty()) return output_full;
      return mouse_.empty() ? 0 : output_full | from_mouse;
    case data_port: {
      auto& queue = keyboard_.empty() ? mouse_ : keyboard_;
      if (queue.empty()) return 0;
      const std::uint8_t byte = queue.front();
      queue.pop_front();
      lines_changed_();
      return byte;
    }
    case tablet_port: {
      if (tablet_field_ == 0) {
        if (!tablet_.empty()) tablet_field_ = 1;
        return static_cast<std::uint32_t>(tablet_.size());
      }
      const Report report = tablet_.front();
      const std::uint32_t fields[] = {report.x, report.y, report.buttons};
      const std::uint32_t value = fields[tablet_field_ - 1];
      if (++tablet_field_ > 3) {
        tablet_field_ = 0;
        tablet_.pop_front();
        lines_changed_();
      }
      return value;
    }
    default:
      return std::nullopt;
  }
}

bool InputDevices::out(std::uint16_t port, std::uint32_t value) {
  if (port == status_port || port == tablet_port) return true;
  if (port != data_port) return false;
  if (leds_follow_) {
    leds_changed_(static_cast<std::uint8_t>(value & 7));
    leds_follow_ = false;
  } else {
    leds_follow_ = static_cast<std::uint8_t>(value) == set_leds;
  }
  return true;
}

}  // namespace spicebench::qxl
