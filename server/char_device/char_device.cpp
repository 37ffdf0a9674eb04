// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/char_device/char_device.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace spicebench::server {

namespace device = wire::device;

CharDevice::CharDevice(Services& services, const device::CharDeviceAdd& add, std::size_t window)
    : services_(services),
      id_(add.device_id),
      kind_(static_cast<device::CharDeviceKind>(add.kind)),
      name_(as_text(add.name)),
      window_(window) {}

void CharDevice::handle(const device::CharDeviceOpened& message) {
  if (message.opening == opening_) return;
  if (opening_ != 0) {
    opening_ = 0;
    queue_.clear();
    written_of_front_ = 0;
    if (user_) user_->device_closed();
    discard_unread();
  }
  opening_ = message.opening;
  if (opening_ != 0 && user_) user_->device_opened();
}

Result<void> CharDevice::handle(const device::CharDeviceOutput& message) {
  if (message.data.size() > asked_)
    return fail(ErrorCode::out_of_range,
                fmt::format("{} bytes, asked for {}", message.data.size(), asked_), 0,
                "char_device_output.data");
  asked_ -= message.data.size();
  unread_.feed(message.data);
  return {};
}

void CharDevice::handle(const device::CharDeviceRoom& message) {
  room_ += message.bytes;
}

void CharDevice::set_attached(bool attached) {
  if (std::exchange(attached_, attached) != attached)
    services_.to_device(device::CharDeviceAttached{id_, attached});
}

void CharDevice::send_event(std::uint8_t event) {
  services_.to_device(device::CharDeviceEvent{id_, event});
}

void CharDevice::write(SharedBytes message, WriteOwner owner) {
  assert(opened() && !message.empty());
  queue_.push_back({std::move(message), owner});
}

std::size_t CharDevice::waiting(WriteOwner owner) const {
  return static_cast<std::size_t>(std::ranges::count(queue_, owner, &Message::owner));
}

bool CharDevice::drop_writes(WriteOwner owner) {
  const bool partly = written_of_front_ > 0 && queue_.front().owner == owner;
  if (partly) queue_.front().owner = nobody;
  std::erase_if(queue_, [owner](const Message& one) { return one.owner == owner; });
  return partly;
}

bool CharDevice::pump() {
  if (!running_) return false;
  bool progress = false;
  while (room_ > 0 && !queue_.empty()) {
    const Message& front = queue_.front();
    const auto now = static_cast<std::size_t>(
        std::min<std::uint64_t>(front.bytes.size() - written_of_front_, room_));
    services_.to_device(
        device::CharDeviceInput{id_, opening_, front.bytes.slice(written_of_front_, now)});
    room_ -= now;
    written_of_front_ += now;
    if (written_of_front_ < front.bytes.size()) break;
    const WriteOwner owner = front.owner;
    queue_.pop_front();
    written_of_front_ = 0;
    progress = true;
    if (user_ && owner != nobody) user_->written(owner);
  }
  // In lumps: half a window at a time, so that one byte read does not ask for one byte.
  const std::uint64_t held = asked_ + unread_.view().size();
  if (!opened() || !reading_ || held > window_ / 2) return progress;
  services_.to_device(device::CharDeviceWanted{id_, static_cast<std::uint32_t>(window_ - held)});
  asked_ += window_ - held;
  return progress;
}

nlohmann::json CharDevice::describe() const {
  return {{"id", id_},
          {"name", name_},
          {"opening", opening_},
          {"attached", attached_},
          {"unread", unread_.view().size()},
          {"asked", asked_},
          {"queued", queue_.size()},
          {"room", room_}};
}

}  // namespace spicebench::server
