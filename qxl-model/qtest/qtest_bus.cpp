// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/qtest/qtest_bus.hpp"

#include <algorithm>
#include <utility>

#include "qxl-model/qtest/pc_interrupts.hpp"

namespace spicebench::qxl {

void QtestBus::check(const Result<void>& done) {
  if (!done && !failure_) failure_ = done.error();
}

void QtestBus::read(std::uint64_t address, std::span<std::byte> to) {
  std::ranges::fill(to, std::byte{0xff});
  if (!failure_) check(qtest_.read(address, to));
}
void QtestBus::write(std::uint64_t address, BytesView from) {
  if (!failure_) check(qtest_.write(address, from));
}

bool QtestBus::step() {
  if (!guest_ || failure_ || !perform()) return false;
  std::exchange(guest_, {}).resume();
  return true;
}

// False: not yet.
bool QtestBus::perform() {
  switch (request_.kind) {
    case Request::Kind::out:
      check(qtest_.out(request_.port, request_.value, request_.width));
      result_ = 0;
      break;
    case Request::Kind::in: {
      const auto value = qtest_.in(request_.port, request_.width);
      if (!value) check(std::unexpected(value.error()));
      result_ = value.value_or(0);
      break;
    }
    case Request::Kind::wait:
      result_ = lines();
      if (result_ == 0 && now() < request_.deadline) return false;
      if (result_ & line_display) ++display_interrupts_;
      break;
    case Request::Kind::sleep:
      result_ = 0;
      if (now() < request_.deadline) return false;
      break;
  }
  return !failure_;
}

std::uint8_t QtestBus::lines() {
  // Any answer brings the news about the lines.
  std::byte byte[1];
  check(qtest_.read(0, byte));
  return static_cast<std::uint8_t>((qtest_.is_raised(display_input) ? line_display : 0) |
                                   (qtest_.is_raised(keyboard_input) ? line_keyboard : 0) |
                                   (qtest_.is_raised(pointer_input) ? line_pointer : 0));
}

}  // namespace spicebench::qxl
