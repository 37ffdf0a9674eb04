// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/agent/char_port.hpp"

#include <algorithm>
#include <cassert>

#include "core/wire/message_value.hpp"

namespace spicebench::qxl {

namespace device = wire::device;
using wire::value_of;

void CharPort::plug() {
  hand_(value_of(
      device::CharDeviceAdd{id_, static_cast<std::uint8_t>(kind_), SharedBytes::copy_of(name_)}));
  hand_(value_of(device::CharDeviceRoom{id_, room_}));
}

void CharPort::open() {
  if (std::exchange(open_, true)) return;
  hand_(value_of(device::CharDeviceOpened{id_, ++openings_}));
  if (program_) program_->opened();
}

void CharPort::close() {
  if (!std::exchange(open_, false)) return;
  waiting_.clear();
  hand_(value_of(device::CharDeviceOpened{id_, 0}));
  if (program_) program_->closed();
}

void CharPort::write(BytesView bytes) {
  assert(open_);
  append(waiting_, bytes);
  flush();
}

void CharPort::flush() {
  while (wanted_ > 0 && !waiting_.empty()) {
    const auto now = static_cast<std::size_t>(std::min<std::uint64_t>(
        {wanted_, waiting_.size(), std::uint64_t{device::most_char_device_bytes}}));
    const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(now);
    hand_(value_of(device::CharDeviceOutput{id_, Bytes(waiting_.begin(), end)}));
    waiting_.erase(waiting_.begin(), end);
    wanted_ -= now;
  }
}

void CharPort::handle(const device::CharDeviceInput& message) {
  if (open_ && message.opening == openings_ && program_) program_->received(message.data);
  hand_(value_of(device::CharDeviceRoom{id_, static_cast<std::uint32_t>(message.data.size())}));
}

void CharPort::handle(const device::CharDeviceWanted& message) {
  wanted_ += message.bytes;
  flush();
}

}  // namespace spicebench::qxl
