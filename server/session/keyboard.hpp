// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <array>
#include <bitset>
#include <cstdint>
#include <vector>

#include "server/session/services.hpp"

namespace spicebench::server {

// One of those who type.
class Typist {
 public:
  virtual ~Typist() = default;
  virtual void locks_are(std::uint16_t modifiers) = 0;

 private:
  friend class Keyboard;
  std::bitset<128> plain_, extended_;  // keys that are down
  bool after_e0_ = false;
  int untracked_ = 0;  // bytes still to come of a sequence that is not tracked
};

// The guest's keyboard as all clients share it: forwards scancodes, knows which keys who holds
// down, and keeps a book of the lock LEDs (scroll 1, num 2, caps 4).
//
// Source: channels.md §8.2–8.4. DIFFERS: a prefixed byte is no lock key; the reference takes the
// last byte of Pause (E1 1D 45) for Num Lock.
class Keyboard {
 public:
  static constexpr TimerId settle_timer = 1;

  explicit Keyboard(Services& services) : services_(services) {}

  // Scancode bytes of set 1, make and break codes in any order.
  void type(Typist& who, BytesView scancodes);
  // Taps the lock keys whose state differs from `modifiers` and that are not held.
  void want_locks(std::uint16_t modifiers);
  // The guest's LEDs changed.
  void set_leds(std::uint16_t modifiers);
  // settle_timer fired: clients are told the book, in case a guest ignored a tap.
  void settle() { tell(); }

  std::uint16_t locks() const { return locks_; }
  std::size_t keys_down() const;

  void attach(Typist& who) { typists_.push_back(&who); }
  // It lets go of every key that it holds down: plain ones first.
  void detach(Typist& who);

 private:
  void track(Typist& who, std::uint8_t byte);
  void track_lock(std::uint8_t key, bool down);
  void send(Bytes scancodes);
  void arm_settle_timer();
  void tell();

  Services& services_;
  std::uint16_t locks_ = 0, held_ = 0;
  std::vector<Typist*> typists_;
};

}  // namespace spicebench::server
