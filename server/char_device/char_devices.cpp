// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/char_device/char_devices.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "server/constants.hpp"

namespace spicebench::server {

namespace device = wire::device;

Result<CharDevice*> CharDevices::find(std::uint32_t id, std::string_view message) {
  const auto found = devices_.find(id);
  if (found == devices_.end())
    return fail(ErrorCode::not_found, fmt::format("there is no character device {}", id), 0,
                fmt::format("{}.device_id", message));
  return found->second.get();
}

Result<void> CharDevices::handle(const device::CharDeviceAdd& message) {
  if (devices_.contains(message.device_id))
    return fail(ErrorCode::out_of_order, fmt::format("{} is there already", message.device_id), 0,
                "char_device_add.device_id");
  if (devices_.size() >= most_char_devices)
    return fail(ErrorCode::out_of_range, fmt::format("more than {}", most_char_devices), 0,
                "char_device_add");
  const bool agent = message.kind == static_cast<std::uint8_t>(device::CharDeviceKind::agent);
  auto added =
      std::make_unique<CharDevice>(services_, message, agent ? agent_read_window : vmc_read_window);
  if (!admit_(*added))
    return fail(ErrorCode::unsupported,
                fmt::format("kind {}, name \"{}\": nobody here serves it, or another one is there",
                            message.kind, as_text(message.name)),
                0, "char_device_add");
  devices_.emplace(message.device_id, std::move(added));
  return {};
}

Result<void> CharDevices::handle(const device::CharDeviceOpened& message) {
  TRY(find(message.device_id, "char_device_opened"))->handle(message);
  return {};
}
Result<void> CharDevices::handle(const device::CharDeviceOutput& message) {
  return TRY(find(message.device_id, "char_device_output"))->handle(message);
}
Result<void> CharDevices::handle(const device::CharDeviceRoom& message) {
  TRY(find(message.device_id, "char_device_room"))->handle(message);
  return {};
}

void CharDevices::set_running(bool running) {
  for (const auto& [id, one] : devices_) one->set_running(running);
}

void CharDevices::machine_gone() {
  for (const auto& [id, one] : devices_) one->handle(device::CharDeviceOpened{id, 0});
}

bool CharDevices::pump() {
  bool progress = false;
  for (const auto& [id, one] : devices_) {
    progress |= one->user()->pump();
    progress |= one->pump();
  }
  return progress;
}

nlohmann::json CharDevices::describe() const {
  nlohmann::json list = nlohmann::json::array();
  for (const auto& [id, one] : devices_) list.push_back(one->describe());
  return list;
}

}  // namespace spicebench::server
