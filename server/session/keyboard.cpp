// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/session/keyboard.hpp"

#include "core/wire/inputs_channel.hpp"

namespace spicebench::server {
namespace {

constexpr std::uint8_t prefix_e0 = 0xe0, prefix_e1 = 0xe1, prefix_e2 = 0xe2, break_bit = 0x80;

struct LockKey {
  std::uint16_t modifier;
  std::uint8_t scancode;
};
constexpr LockKey lock_keys[] = {
    {wire::inputs::scroll_lock, scan_scroll_lock},
    {wire::inputs::num_lock, scan_num_lock},
    {wire::inputs::caps_lock, scan_caps_lock},
};

}  // namespace

void Keyboard::type(Typist& who, BytesView scancodes) {
  if (scancodes.empty()) return;
  for (const std::byte byte : scancodes) track(who, std::to_integer<std::uint8_t>(byte));
  send(Bytes(scancodes.begin(), scancodes.end()));
}

void Keyboard::track(Typist& who, std::uint8_t byte) {
  if (who.untracked_ > 0) {
    --who.untracked_;
    return;
  }
  if (byte == prefix_e0) {
    who.after_e0_ = true;
    return;
  }
  if (byte == prefix_e1 || byte == prefix_e2) {
    who.untracked_ = byte == prefix_e1 ? 2 : 1;
    who.after_e0_ = false;
    return;
  }
  const bool down = (byte & break_bit) == 0;
  const std::uint8_t key = byte & ~break_bit;
  (who.after_e0_ ? who.extended_ : who.plain_).set(key, down);
  if (!who.after_e0_) track_lock(key, down);
  who.after_e0_ = false;
}

void Keyboard::track_lock(std::uint8_t key, bool down) {
  for (const LockKey& lock : lock_keys) {
    if (lock.scancode != key) continue;
    if (!down) {
      held_ &= static_cast<std::uint16_t>(~lock.modifier);
    } else if ((held_ & lock.modifier) == 0) {
      held_ |= lock.modifier;
      locks_ ^= lock.modifier;
      arm_settle_timer();
    }
  }
}

void Keyboard::detach(Typist& who) {
  std::erase(typists_, &who);
  for (std::size_t key = 0; key < who.plain_.size(); ++key) {
    if (!who.plain_[key]) continue;
    track_lock(static_cast<std::uint8_t>(key), false);
    send({static_cast<std::byte>(key | break_bit)});
  }
  for (std::size_t key = 0; key < who.extended_.size(); ++key)
    if (who.extended_[key])
      send({static_cast<std::byte>(prefix_e0), static_cast<std::byte>(key | break_bit)});
}

std::size_t Keyboard::keys_down() const {
  std::size_t count = 0;
  for (const Typist* who : typists_) count += who->plain_.count() + who->extended_.count();
  return count;
}

void Keyboard::want_locks(std::uint16_t modifiers) {
  for (const LockKey& lock : lock_keys) {
    if ((held_ & lock.modifier) != 0 || ((modifiers ^ locks_) & lock.modifier) == 0) continue;
    send(
        {static_cast<std::byte>(lock.scancode), static_cast<std::byte>(lock.scancode | break_bit)});
    locks_ ^= lock.modifier;
  }
  arm_settle_timer();
}

void Keyboard::set_leds(std::uint16_t modifiers) {
  locks_ = modifiers;
  tell();
}

void Keyboard::send(Bytes scancodes) {
  services_.to_device(wire::device::Key{SharedBytes(std::move(scancodes))});
}

void Keyboard::arm_settle_timer() {
  services_.outputs.emplace_back(
      Arm{settle_timer, services_.now + std::chrono::seconds(lock_keys_settle_s)});
}

void Keyboard::tell() {
  for (Typist* who : typists_) who->locks_are(locks_);
}

}  // namespace spicebench::server
