// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>

#include "core/base/shared_bytes.hpp"
#include "core/wire/ids.hpp"

// Character devices on the device link: the ports of the machine through which a program in the
// guest (its agent, or whoever opens a named port) speaks with the server. Bytes go both ways as a
// stream, each way only as far as the receiver has made room; room that was given and not used
// outlives the opening for which it was given.
//
// A program's opening has a number, and so have the bytes for it: what was meant for the one before
// never reaches the next.
namespace spicebench::wire::device {

enum class CharDeviceKind : std::uint8_t { agent = 0, port = 1, usbredir = 2, smartcard = 3 };
constexpr std::int64_t most_char_device_name = 255;       // bytes; a PORT_INIT has room for no more
constexpr std::int64_t most_char_device_bytes = 1 << 20;  // of one message

// Device to server
struct CharDeviceAdd {
  static constexpr MessageKey message{ChannelType::device, Side::client, 40};
  std::uint32_t device_id = 0;
  std::uint8_t kind = 0;  // CharDeviceKind
  SharedBytes name;       // u32 count, text; what its kind does not say: "org.example.port"
  bool operator==(const CharDeviceAdd&) const = default;
};
// A program in the guest opened the device, or closed it.
struct CharDeviceOpened {
  static constexpr MessageKey message{ChannelType::device, Side::client, 41};
  std::uint32_t device_id = 0;
  std::uint32_t opening = 0;  // counts from 1; 0: nobody has it open now
  bool operator==(const CharDeviceOpened&) const = default;
};
struct CharDeviceOutput {  // from the guest
  static constexpr MessageKey message{ChannelType::device, Side::client, 42};
  std::uint32_t device_id = 0;
  SharedBytes data;  // to the end
  bool operator==(const CharDeviceOutput&) const = default;
};
// The device takes so many more bytes.
struct CharDeviceRoom {
  static constexpr MessageKey message{ChannelType::device, Side::client, 43};
  std::uint32_t device_id = 0, bytes = 0;
  bool operator==(const CharDeviceRoom&) const = default;
};

// Where in the machine the display device is, for an agent that has to find it. The address begins
// with the kind of bus: "pci/0000/02.0".
struct DisplayAddress {
  static constexpr MessageKey message{ChannelType::device, Side::client, 44};
  std::uint32_t monitors = 1;  // that it may drive
  SharedBytes address;         // to the end, text
  bool operator==(const DisplayAddress&) const = default;
};

// Server to device
// Whether somebody at the server's end speaks with the guest.
struct CharDeviceAttached {
  static constexpr MessageKey message{ChannelType::device, Side::server, 40};
  std::uint32_t device_id = 0;
  std::uint8_t attached = 0;
  bool operator==(const CharDeviceAttached&) const = default;
};
struct CharDeviceInput {  // to the guest
  static constexpr MessageKey message{ChannelType::device, Side::server, 41};
  std::uint32_t device_id = 0;
  std::uint32_t opening = 0;  // for whom; if it is over, nobody gets them
  SharedBytes data;           // to the end
  bool operator==(const CharDeviceInput&) const = default;
};
// The server takes so many more bytes.
struct CharDeviceWanted {
  static constexpr MessageKey message{ChannelType::device, Side::server, 42};
  std::uint32_t device_id = 0, bytes = 0;
  bool operator==(const CharDeviceWanted&) const = default;
};
struct CharDeviceEvent {
  static constexpr MessageKey message{ChannelType::device, Side::server, 43};
  std::uint32_t device_id = 0;
  std::uint8_t event = 0;  // spicevmc::PortEventKind: break and above
  bool operator==(const CharDeviceEvent&) const = default;
};

}  // namespace spicebench::wire::device
