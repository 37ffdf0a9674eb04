// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/char_device/vmc_device.hpp"

#include <algorithm>
#include <cassert>

#include "server/constants.hpp"

namespace spicebench::server {

using wire::ChannelType;
using wire::main_channel::ChannelId;

void VmcDevice::attach(VmcClient& client) {
  assert(!taken());
  client_ = &client;
  device_.set_attached(true);
  device_.set_reading(true);
}

// What the guest has said for this client is not for the next.
void VmcDevice::detach() {
  client_ = nullptr;
  device_.set_attached(false);
  device_.set_reading(false);
  device_.discard_unread();
}

void VmcDevice::device_opened() {
  device_.set_reading(taken());
}

void VmcDevice::write(SharedBytes bytes, WriteOwner owner) {
  if (device_.opened() && !bytes.empty() && client_ && client_->knows_opening(opening()))
    device_.write(std::move(bytes), owner);
}

bool VmcDevice::may_write(WriteOwner owner) const {
  return device_.waiting(owner) < vmc_write_tokens;
}

bool VmcDevice::pump() {
  if (!client_) {
    device_.discard_unread();
    return false;
  }
  bool progress = client_->tell_opening();
  if (!client_->knows_opening(opening())) return progress;
  while (client_->backlog_bytes() < vmc_queue_bytes && !device_.unread().empty()) {
    client_->device_said(device_.take(std::min(device_.unread().size(), vmc_read_window)));
    progress = true;
  }
  return progress;
}

bool VmcDevices::adopt(CharDevice& device) {
  using wire::device::CharDeviceKind;
  constexpr std::string_view webdav = "org.spice-space.webdav.0",
                             stream = "org.spice-space.stream.0";
  if (device.kind() != CharDeviceKind::port && device.kind() != CharDeviceKind::usbredir)
    return false;
  if (device.name() == stream) return false;
  const auto type = device.kind() == CharDeviceKind::usbredir ? ChannelType::usbredir
                    : device.name() == webdav                 ? ChannelType::webdav
                                                              : ChannelType::port;
  const auto number = static_cast<std::uint8_t>(type);
  const auto same = std::ranges::count_if(
      all_, [number](const auto& one) { return one->channel().type == number; });
  all_.push_back(
      std::make_unique<VmcDevice>(device, ChannelId{number, static_cast<std::uint8_t>(same)}));
  return true;
}

VmcDevice* VmcDevices::find(std::uint8_t type, std::uint8_t id) const {
  const auto found = std::ranges::find_if(all_, [&](const auto& one) {
    return one->channel() == ChannelId{type, id};
  });
  return found == all_.end() ? nullptr : found->get();
}

std::vector<ChannelId> VmcDevices::channels() const {
  std::vector<ChannelId> out;
  for (const auto& one : all_) out.push_back(one->channel());
  return out;
}

}  // namespace spicebench::server
