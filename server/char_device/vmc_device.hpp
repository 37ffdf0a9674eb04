// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <memory>
#include <optional>
#include <vector>

#include "core/wire/main_channel.hpp"
#include "server/char_device/char_device.hpp"

namespace spicebench::server {

// The channel of the client that has a device.
class VmcClient {
 public:
  virtual ~VmcClient() = default;
  // The guest opened the device, or closed it, since this was last asked. True: the client was
  // told.
  virtual bool tell_opening() = 0;
  virtual bool knows_opening(std::uint32_t opening) const = 0;
  virtual void device_said(const SharedBytes& bytes) = 0;
  virtual std::size_t backlog_bytes() const = 0;  // on their way to it
};

// A device of which a client has the other end, byte for byte: a port, webdav, USB redirection. One
// client at a time.
//
// Source: channels.md §7.1, §13.1.
class VmcDevice final : private CharDeviceUser {
 public:
  VmcDevice(CharDevice& device, wire::main_channel::ChannelId channel)
      : device_(device), channel_(channel) {
    device.set_user(this);
  }
  wire::main_channel::ChannelId channel() const { return channel_; }
  const std::string& name() const { return device_.name(); }
  std::uint32_t opening() const { return device_.opening(); }
  bool taken() const { return client_ != nullptr; }

  // Precondition: !taken().
  void attach(VmcClient& client);
  // What is queued for the guest still goes there.
  void detach();
  // Bytes for the guest, as one write. Without anybody there, or for one that is gone, they are
  // dropped.
  void write(SharedBytes bytes, WriteOwner owner);
  // Whether one more write may be queued.
  bool may_write(WriteOwner owner) const;
  void send_event(std::uint8_t event) { device_.send_event(event); }

 private:
  void device_opened() override;
  void device_closed() override {}
  void written(WriteOwner) override {}
  bool pump() override;

  CharDevice& device_;
  wire::main_channel::ChannelId channel_;
  VmcClient* client_ = nullptr;
};

// All of a machine, in the order in which they came; they stay for the server's life.
class VmcDevices {
 public:
  // False: no channel serves such a device.
  bool adopt(CharDevice& device);
  VmcDevice* find(std::uint8_t type, std::uint8_t id) const;
  std::vector<wire::main_channel::ChannelId> channels() const;  // oldest first
  std::size_t size() const { return all_.size(); }

 private:
  std::vector<std::unique_ptr<VmcDevice>> all_;
};

}  // namespace spicebench::server
