// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>

#include "core/base/shared_bytes.hpp"
#include "core/wire/ids.hpp"

// What the usbredir, port and webdav channels have in common (protocol.md §4.10, §6.2, §6.4). The
// data of one direction are a stream of bytes: where a message ends means nothing.
namespace spicebench::wire::spicevmc {

enum Compression : std::uint8_t { compression_none = 0, compression_lz4 = 1 };
constexpr std::uint32_t most_uncompressed_bytes = 16 << 20;
enum PortEventKind : std::uint8_t { event_opened = 0, event_closed = 1, event_break = 2 };

template <ChannelType channel, Side sender>
struct Data {
  static constexpr MessageKey message{channel, sender, 101};
  SharedBytes data;  // to the end
  bool operator==(const Data&) const = default;
};
template <ChannelType channel, Side sender>
struct CompressedData {
  static constexpr MessageKey message{channel, sender, 102};
  std::uint8_t type = compression_lz4;  // spice-server disconnects on any other
  std::uint32_t uncompressed_size = 0;  // not there if type is 0
  SharedBytes compressed_data;          // to the end: one LZ4 block
  bool operator==(const CompressedData&) const = default;
};

// Port and webdav only.
template <ChannelType channel>
struct PortInit {
  static constexpr MessageKey message{channel, Side::server, 201};
  SharedBytes name;         // u32 name_size, pointer; ends in NUL, at most 256 bytes with it
  std::uint8_t opened = 0;  // the guest's side
  bool operator==(const PortInit&) const = default;
};
template <ChannelType channel, Side sender>
struct PortEvent {  // numbered differently in the two directions
  static constexpr MessageKey message{
      channel, sender, sender == Side::server ? std::uint16_t{202} : std::uint16_t{201}};
  std::uint8_t event = 0;  // PortEventKind
  bool operator==(const PortEvent&) const = default;
};

}  // namespace spicebench::wire::spicevmc
