// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <functional>
#include <map>
#include <memory>

#include "server/char_device/char_device.hpp"

namespace spicebench::server {

// The character devices of the machine, by number.
class CharDevices {
 public:
  // Gives a new device its user, by set_user; false: nobody wants such a device.
  using Admit = std::function<bool(CharDevice& device)>;

  CharDevices(Services& services, Admit admit) : services_(services), admit_(std::move(admit)) {}

  // Errors: duplicate number, too many, nobody wants it, unknown number; as of CharDevice.
  Result<void> handle(const wire::device::CharDeviceAdd& message);
  Result<void> handle(const wire::device::CharDeviceOpened& message);
  Result<void> handle(const wire::device::CharDeviceOutput& message);
  Result<void> handle(const wire::device::CharDeviceRoom& message);
  void set_running(bool running);
  void machine_gone();

  // Lets bytes move both ways. True: something for clients came of it.
  bool pump();
  nlohmann::json describe() const;

 private:
  Result<CharDevice*> find(std::uint32_t id, std::string_view message);

  Services& services_;
  Admit admit_;
  std::map<std::uint32_t, std::unique_ptr<CharDevice>> devices_;
};

}  // namespace spicebench::server
