// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cassert>
#include <cstdint>
#include <deque>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "core/wire/char_device_link.hpp"
#include "core/wire/stream_buffer.hpp"
#include "server/session/services.hpp"

namespace spicebench::server {

// Who a message to a device is from: a connection by its link, or one of these.
using WriteOwner = LinkId;
constexpr WriteOwner server_itself = 0, nobody = 1;

class CharDevice;
// What is at the server's end of a device.
class CharDeviceUser {
 public:
  virtual ~CharDeviceUser() = default;
  virtual void device_opened() = 0;  // by a program in the guest
  virtual void device_closed() = 0;  // nothing of it is left to be read or written
  // A whole message went to the device.
  virtual void written(WriteOwner owner) = 0;
  // Reads what it can. True: something for clients came of it.
  virtual bool pump() = 0;
};

// The server's end of one character device.
//
// Source: channels.md §7.
class CharDevice {
 public:
  //   window  bytes that may wait here to be read
  CharDevice(Services& services, const wire::device::CharDeviceAdd& add, std::size_t window);

  std::uint32_t id() const { return id_; }
  wire::device::CharDeviceKind kind() const { return kind_; }
  const std::string& name() const { return name_; }
  bool opened() const { return opening_ != 0; }
  // Which program of the guest has it open, counted; 0: none.
  std::uint32_t opening() const { return opening_; }
  void set_user(CharDeviceUser* user) { user_ = user; }
  CharDeviceUser* user() const { return user_; }

  // Messages of the device. Errors: out_of_range (more bytes than asked for).
  void handle(const wire::device::CharDeviceOpened& message);
  Result<void> handle(const wire::device::CharDeviceOutput& message);
  void handle(const wire::device::CharDeviceRoom& message);

  void set_attached(bool attached);
  void send_event(std::uint8_t event);
  // Whether bytes are asked for at all. What was asked for before may still come.
  void set_reading(bool reading) { reading_ = reading; }
  // Stopped with its machine: nothing goes either way, nothing is lost.
  void set_running(bool running) { running_ = running; }

  // What came and was not taken, in the order in which it came.
  BytesView unread() const { return running_ ? unread_.view() : BytesView(); }
  // Precondition: bytes <= unread().size().
  SharedBytes take(std::size_t bytes) { return unread_.take(bytes); }
  void discard_unread() { unread_.take(unread_.view().size()); }

  // Puts a message into the queue. Precondition: opened, message is not empty.
  void write(SharedBytes message, WriteOwner owner);
  std::size_t waiting(WriteOwner owner) const;  // its messages in the queue
  // Takes its messages out of the queue, but for one that is partly written, which is nobody's
  // then. True: there was one.
  bool drop_writes(WriteOwner owner);

  // Writes what there is room for, and asks for more to read. True: a message went.
  bool pump();
  nlohmann::json describe() const;

 private:
  struct Message {
    SharedBytes bytes;
    WriteOwner owner;
  };

  Services& services_;
  std::uint32_t id_;
  wire::device::CharDeviceKind kind_;
  std::string name_;
  std::size_t window_;
  CharDeviceUser* user_ = nullptr;
  std::uint32_t opening_ = 0;
  bool attached_ = false, running_ = true, reading_ = false;
  wire::StreamBuffer unread_;
  std::uint64_t asked_ = 0;  // bytes that may still come
  std::deque<Message> queue_;
  std::size_t written_of_front_ = 0;
  std::uint64_t room_ = 0;  // bytes that the device takes
};

}  // namespace spicebench::server
