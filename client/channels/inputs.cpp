// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/channels/inputs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "client/channels/display.hpp"
#include "client/session.hpp"
#include "core/wire/main_channel.hpp"

namespace spicebench::client {

using namespace wire::inputs;
using State = InputsState;
namespace user = wire::user;

const Inputs::Table& Inputs::table() {
  static constexpr Table::Row rows[] = {
      state_row<&Inputs::init>(State::up, State::up),
      state_row<&Inputs::key_modifiers>(State::up, State::up),
      state_row<&Inputs::motion_ack>(State::up, State::up),
  };
  static constexpr std::string_view names[] = {"up"};
  static constexpr Table table("inputs", names, rows);
  return table;
}

// From the server

Result<State> Inputs::init(const Init& message) {
  guest_locks_ = message.keyboard_modifiers;
  sync_locks();
  return State::up;
}

Result<State> Inputs::key_modifiers(const KeyModifiersChanged& message) {
  guest_locks_ = message.modifiers;
  sync_locks();
  return State::up;
}

Result<State> Inputs::motion_ack(const MouseMotionAck&) {
  if (outstanding_ < motions_per_ack)
    connection_.note({ErrorCode::out_of_order, 0, "mouse_motion_ack",
                      fmt::format("only {} motions are outstanding", outstanding_)});
  outstanding_ -= std::min(outstanding_, motions_per_ack);
  move_held();
  return State::up;
}

// From the user

void Inputs::user_event(const wire::AnyMessage& event) {
  if (const auto* down = event.as<user::KeyDown>()) key(down->code, true);
  if (const auto* up = event.as<user::KeyUp>()) key(up->code, false);
  if (const auto* to = event.as<user::PointerTo>()) pointer_to(to->x, to->y, to->display_id);
  if (const auto* by = event.as<user::PointerBy>()) pointer_by(by->dx, by->dy);
  if (const auto* down = event.as<user::ButtonDown>()) button(down->button, true);
  if (const auto* up = event.as<user::ButtonUp>()) button(up->button, false);
  if (const auto* locks = event.as<user::Locks>()) {
    user_locks_ = locks->modifiers;
    sync_locks();
  }
}

namespace {

// The break bit is bit 7 of the last scancode byte (protocol.md §4.4.2).
std::uint32_t break_bit(std::uint32_t code) {
  std::uint32_t bit = 0x80;
  while (code > 0xff) {
    code >>= 8;
    bit <<= 8;
  }
  return bit;
}

std::uint16_t lock_of(std::uint32_t make_code) {
  switch (make_code) {
    case 0x46:
      return scroll_lock;
    case 0x45:
      return num_lock;
    case 0x3a:
      return caps_lock;
    default:
      return 0;
  }
}

}  // namespace

void Inputs::key(std::uint32_t code, bool down) {
  if (code == 0) return;
  const std::uint32_t bit = break_bit(code), make = code & ~bit;
  if (down) {
    // A lock key changes the user's own lock state as well, once per press.
    const bool first = held_keys_.insert(make).second;
    if (first && user_locks_)
      user_locks_ = static_cast<std::uint16_t>(*user_locks_ ^ lock_of(make));
    connection_.send(KeyDown{make});
  } else {
    held_keys_.erase(make);
    connection_.send(KeyUp{make | bit});
  }
}

// Brings the guest's locks to the user's; not while a lock key is held, which may be changing them.
void Inputs::sync_locks() {
  const bool held = std::ranges::any_of(held_keys_, [](auto make) { return lock_of(make) != 0; });
  if (connection_.session().options().sync_modifiers && user_locks_ && !held &&
      *user_locks_ != guest_locks_)
    connection_.send(KeyModifiers{*user_locks_});
}

void Inputs::pointer_to(std::uint32_t x, std::uint32_t y, std::uint8_t display_id) {
  const Position before = pointer_;
  pointer_ = {x, y, display_id};
  if (connection_.session().mouse_mode() == wire::main_channel::mouse_mode_client) {
    held_position_ = pointer_;
  } else {
    held_dx_ += std::int64_t{x} - before.x;
    held_dy_ += std::int64_t{y} - before.y;
  }
  move_held();
}

void Inputs::pointer_by(std::int32_t dx, std::int32_t dy) {
  // The position follows, kept on the display.
  const Display* display = connection_.session().display(pointer_.display_id);
  const draw::Surface* screen = display ? display->screen() : nullptr;
  const auto moved = [](std::uint32_t from, std::int32_t by, std::uint32_t size) {
    return static_cast<std::uint32_t>(
        std::clamp<std::int64_t>(std::int64_t{from} + by, 0, std::int64_t{size} - 1));
  };
  constexpr std::uint32_t unbounded = std::numeric_limits<std::int32_t>::max();
  pointer_.x = moved(pointer_.x, dx, screen ? screen->width() : unbounded);
  pointer_.y = moved(pointer_.y, dy, screen ? screen->height() : unbounded);
  if (connection_.session().mouse_mode() == wire::main_channel::mouse_mode_client) {
    held_position_ = pointer_;
  } else {
    held_dx_ += dx;
    held_dy_ += dy;
  }
  move_held();
}

void Inputs::move_held() {
  if (outstanding_ < most_outstanding) send_motion();
}

// What was held back for the other mouse mode means nothing any more.
void Inputs::send_motion() {
  const bool client_mode =
      connection_.session().mouse_mode() == wire::main_channel::mouse_mode_client;
  if (client_mode && held_position_) {
    connection_.send(
        MousePosition{held_position_->x, held_position_->y, buttons_, held_position_->display_id});
    ++outstanding_;
  } else if (!client_mode && (held_dx_ != 0 || held_dy_ != 0)) {
    constexpr std::int64_t low = INT32_MIN, high = INT32_MAX;
    connection_.send(MouseMotion{static_cast<std::int32_t>(std::clamp(held_dx_, low, high)),
                                 static_cast<std::int32_t>(std::clamp(held_dy_, low, high)),
                                 buttons_});
    ++outstanding_;
  }
  held_position_.reset();
  held_dx_ = held_dy_ = 0;
}

void Inputs::button(std::uint8_t number, bool down) {
  if (number < button_left || number > button_extra) return;
  send_motion();
  const auto bit = static_cast<std::uint16_t>(1u << (number - 1));
  buttons_ = static_cast<std::uint16_t>(down ? buttons_ | bit : buttons_ & ~bit);
  if (down)
    connection_.send(MousePress{number, buttons_});
  else
    connection_.send(MouseRelease{number, buttons_});
}

}  // namespace spicebench::client
