// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <vector>

#include "core/base/shared_bytes.hpp"
#include "core/wire/ids.hpp"

// What the playback and record channels have in common (protocol.md §4.6, §4.7, §6.5). `Sender` is
// the side whose sound it is: the server's on playback, the client's on record; volume and mute are
// always the server's wishes.
namespace spicebench::wire::audio {

enum Mode : std::uint16_t { mode_raw = 1, mode_celt_0_5_1 = 2, mode_opus = 3 };
enum Format : std::uint16_t { format_s16 = 1 };
constexpr std::uint32_t most_data_bytes = 256 * 1024;

// One packet: of RAW interleaved samples, whole frames; of OPUS one packet, at most 4000 bytes. The
// mode is that of the last MODE, so these two are for the consumer to check.
template <ChannelType channel, Side sender>
struct Data {
  static constexpr MessageKey message{channel, sender, 101};
  std::uint32_t time = 0;  // multimedia time, ms
  SharedBytes data;        // to the end
  bool operator==(const Data&) const = default;
};
template <ChannelType channel, Side sender>
struct ModeChanged {
  static constexpr MessageKey message{channel, sender, 102};
  std::uint32_t time = 0;
  std::uint16_t mode = 0;  // Mode
  SharedBytes data;        // to the end; empty today
  bool operator==(const ModeChanged&) const = default;
};
template <ChannelType channel, std::uint16_t id>
struct Volume {
  static constexpr MessageKey message{channel, Side::server, id};
  std::vector<std::uint16_t> volume;  // u8 nchannels; 0 … 65535, linear
  bool operator==(const Volume&) const = default;
};
template <ChannelType channel, std::uint16_t id>
struct Mute {
  static constexpr MessageKey message{channel, Side::server, id};
  std::uint8_t mute = 0;
  bool operator==(const Mute&) const = default;
};

}  // namespace spicebench::wire::audio
