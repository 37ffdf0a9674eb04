// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <string>
#include <vector>

#include "core/agent/message_stream.hpp"
#include "core/wire/char_device_link.hpp"
#include "tests/server/bench.hpp"

// A guest's agent by hand, on a server's bench.
namespace spicebench::server {

constexpr std::uint32_t agent_device = 1;
constexpr std::uint32_t client_port = 1, server_port = 2;

class FakeAgent {
 public:
  //   room  bytes that its port takes from the start
  explicit FakeAgent(Bench& bench, std::uint32_t room = 1 << 20) : bench_(bench) {
    bench_.connect_device();
    bench_.device_says(wire::device::CharDeviceAdd{agent_device, 0, {}});
    if (room > 0) give_room(room);
  }
  void open() { bench_.device_says(wire::device::CharDeviceOpened{agent_device, ++opening_}); }
  void close() { bench_.device_says(wire::device::CharDeviceOpened{agent_device, 0}); }
  void give_room(std::uint32_t bytes) {
    bench_.device_says(wire::device::CharDeviceRoom{agent_device, bytes});
  }
  // Raw bytes of the port, in pieces no larger than what the server wants.
  void write(BytesView bytes, std::size_t piece = SIZE_MAX);
  // A message, as one chunk or in chunks of so many bytes.
  void say(const wire::AnyMessage& message, std::uint32_t port = client_port,
           std::size_t chunk = SIZE_MAX);
  // Bytes that could not be written yet.
  std::size_t stuck() const { return unsent_.size(); }
  void flush();

  // All that came for the opening that is there now: chunks by port, in order.
  struct Chunk {
    std::uint32_t port;
    Bytes bytes;
  };
  std::vector<Chunk> chunks() const;
  Bytes heard(std::uint32_t port) const;
  // … as whole messages.
  std::vector<agent::Assembler::Whole> messages(std::uint32_t port) const;

 private:
  std::uint64_t wanted() const;

  Bench& bench_;
  std::uint32_t opening_ = 0;
  std::uint64_t written_ = 0;
  Bytes unsent_;
  std::size_t piece_ = SIZE_MAX;
};

// A block as it goes into AGENT_DATA: the beginning of a message that has `size` bytes.
Bytes block(std::uint32_t type, std::uint32_t size, std::size_t have, std::byte fill = {});

}  // namespace spicebench::server
