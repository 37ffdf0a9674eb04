// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <deque>

#include "qxl-model/guest/bus.hpp"
#include "qxl-model/guest/task.hpp"

namespace spicebench::qxl {

// Something that the user did, as guest programs see it.
struct InputEvent {
  enum class Kind : std::uint8_t {
    key_down,
    key_up,
    motion,
    wheel,
    button_down,
    button_up,
    position
  };
  Kind kind{};
  std::uint8_t code = 0;      // keys: set-1 scancode without the release bit
  bool extended = false;      // keys: 0xe0 came first
  std::uint8_t button = 0;    // left 1, right 2, middle 4
  std::int32_t x = 0, y = 0;  // motion: how far, y downwards; position: where; wheel: y
};

// The guest's driver for keyboard, mouse and tablet.
class InputReader {
 public:
  explicit InputReader(Bus& bus) : bus_(bus) {}

  // Reads all that waits at the controllers behind these lines (Line bits).
  Task<> service(std::uint8_t lines);
  bool empty() const { return events_.empty(); }
  InputEvent take() {
    const InputEvent event = events_.front();
    events_.pop_front();
    return event;
  }
  Task<> set_leds(std::uint8_t leds);

  std::uint64_t keys_seen() const { return keys_; }
  std::uint64_t motions_seen() const { return motions_; }
  std::uint64_t buttons_seen() const { return buttons_seen_; }

 private:
  static constexpr std::size_t max_events = 1024;  // the oldest go first

  void keyboard_byte(std::uint8_t byte);
  void mouse_byte(std::uint8_t byte);
  void buttons_are(std::uint8_t buttons);
  void add(const InputEvent& event);
  Task<> read_tablet();

  Bus& bus_;
  std::deque<InputEvent> events_;
  bool extended_ = false;
  std::uint8_t packet_[4] = {};
  unsigned packet_bytes_ = 0;
  std::uint8_t buttons_ = 0;
  std::uint64_t keys_ = 0, motions_ = 0, buttons_seen_ = 0;
};

}  // namespace spicebench::qxl
