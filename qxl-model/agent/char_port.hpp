// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <functional>
#include <string>

#include "core/wire/char_device_link.hpp"
#include "core/world/peer.hpp"

namespace spicebench::qxl {

// A program in the guest that has opened a port.
class PortProgram {
 public:
  virtual ~PortProgram() = default;
  virtual void opened() = 0;
  virtual void closed() = 0;
  virtual void received(BytesView bytes) = 0;
};

// One character device of the machine. What the program writes waits here until the server wants
// it; what the server sends is read at once, and makes room again.
class CharPort {
 public:
  using HandOver = std::function<void(ValuePtr)>;
  //   room  bytes that the server may have on their way
  CharPort(std::uint32_t id, wire::device::CharDeviceKind kind, std::string name,
           std::uint32_t room, HandOver hand_over)
      : id_(id), kind_(kind), name_(std::move(name)), room_(room), hand_(std::move(hand_over)) {}
  void set_program(PortProgram* program) { program_ = program; }

  void plug();  // the machine's link is up
  void open();
  void close();
  bool is_open() const { return open_; }
  // Precondition: is_open().
  void write(BytesView bytes);
  // Somebody at the server's end speaks with this port.
  bool attached() const { return attached_; }
  std::uint64_t events() const { return events_; }  // breaks

  void handle(const wire::device::CharDeviceInput& message);
  void handle(const wire::device::CharDeviceWanted& message);
  void handle(const wire::device::CharDeviceAttached& message) { attached_ = message.attached; }
  void handle(const wire::device::CharDeviceEvent&) { ++events_; }

 private:
  void flush();

  std::uint32_t id_;
  wire::device::CharDeviceKind kind_;
  std::string name_;
  std::uint32_t room_;
  HandOver hand_;
  PortProgram* program_ = nullptr;
  bool open_ = false, attached_ = false;
  std::uint32_t openings_ = 0;
  std::uint64_t wanted_ = 0;  // bytes that the server takes
  Bytes waiting_;
  std::uint64_t events_ = 0;
};

}  // namespace spicebench::qxl
