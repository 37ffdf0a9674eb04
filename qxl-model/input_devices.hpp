// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>

#include "core/base/bytes.hpp"
#include "core/wire/device_link.hpp"

namespace spicebench::qxl {

// What the guest's input comes through: a PS/2 controller with keyboard and wheel mouse (data port
// 0x60, status port 0x64), and a tablet of this project's own: 32-bit reads of tablet_port give the
// number of reports waiting, then per report x, y and button mask.
//
// Keys are set-1 scancodes. Mouse packets are {flags, dx, dy, dz}, dy upwards, as a wheel mouse in
// streaming mode sends them. Queues are bounded as in real hardware: what does not fit as a whole
// is dropped.
class InputDevices {
 public:
  static constexpr std::uint16_t data_port = 0x60, status_port = 0x64, tablet_port = 0x0510;
  enum Status : std::uint8_t { output_full = 1, from_mouse = 0x20 };
  static constexpr std::uint8_t set_leds = 0xed;  // command byte to the keyboard; the LEDs follow
  static constexpr std::size_t queue_bytes = 256, tablet_reports = 64;

  //   lines_changed  the level of some line may have changed
  //   leds_changed   the guest set the keyboard's LEDs: scroll 1, num 2, caps 4
  InputDevices(std::function<void()> lines_changed, std::function<void(std::uint8_t)> leds_changed)
      : lines_changed_(std::move(lines_changed)), leds_changed_(std::move(leds_changed)) {}

  // From the server.
  void key(const wire::device::Key& message);
  void motion(const wire::device::MouseMotion& message);
  void buttons(const wire::device::MouseButtons& message);
  void position(const wire::device::MousePosition& message);

  // From the guest.
  std::uint8_t lines() const;                           // Line bits
  std::optional<std::uint32_t> in(std::uint16_t port);  // nothing: not a port of these devices
  bool out(std::uint16_t port, std::uint32_t value);

  std::uint64_t dropped() const { return dropped_; }

 private:
  struct Report {
    std::uint32_t x, y, buttons;
  };
  void packet(std::int32_t dx, std::int32_t dy, std::int32_t dz, std::uint16_t buttons);

  std::function<void()> lines_changed_;
  std::function<void(std::uint8_t)> leds_changed_;
  std::deque<std::uint8_t> keyboard_, mouse_;
  std::deque<Report> tablet_;
  unsigned tablet_field_ = 0;  // of the front report: 0 its count, then x, y, buttons
  bool leds_follow_ = false;
  std::uint64_t dropped_ = 0;
};

}  // namespace spicebench::qxl
