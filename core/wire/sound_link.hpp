// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <vector>

#include "core/base/shared_bytes.hpp"
#include "core/wire/ids.hpp"

// What passes on the device link about the machine's sound device. Sound is 16-bit little-endian
// stereo; a frame is one sample of each channel. The device pushes what it plays, one period of
// packet_frames frames at a time, and pulls what it records.
namespace spicebench::wire::sound {

constexpr std::uint32_t channels = 2, bytes_per_frame = 4;
constexpr std::uint32_t packet_frames = 480;  // channels.md §9.1, at any rate

// Device to server
// There is a sound device, and what it can do. Again, while nothing is played or recorded: other
// rates.
struct Device {
  static constexpr MessageKey message{ChannelType::device, Side::client, 64};
  std::uint8_t has_playback = 0, has_record = 0;
  std::uint32_t playback_rate = 48000, record_rate = 48000;  // Hz
  bool operator==(const Device&) const = default;
};
struct PlaybackStart {
  static constexpr MessageKey message{ChannelType::device, Side::client, 65};
  bool operator==(const PlaybackStart&) const = default;
};
struct PlaybackStop {
  static constexpr MessageKey message{ChannelType::device, Side::client, 66};
  bool operator==(const PlaybackStop&) const = default;
};
struct PlaybackSamples {
  static constexpr MessageKey message{ChannelType::device, Side::client, 67};
  SharedBytes data;  // to the end; one period
  bool operator==(const PlaybackSamples&) const = default;
};
struct PlaybackVolume {
  static constexpr MessageKey message{ChannelType::device, Side::client, 68};
  std::vector<std::uint16_t> volume;  // u8 nchannels; 0 … 65535, linear
  bool operator==(const PlaybackVolume&) const = default;
};
struct PlaybackMute {
  static constexpr MessageKey message{ChannelType::device, Side::client, 69};
  std::uint8_t mute = 0;
  bool operator==(const PlaybackMute&) const = default;
};
// Opus, where client and rate allow it, or raw; at any time.
struct PlaybackCompression {
  static constexpr MessageKey message{ChannelType::device, Side::client, 70};
  std::uint8_t on = 0;
  bool operator==(const PlaybackCompression&) const = default;
};
struct RecordStart {
  static constexpr MessageKey message{ChannelType::device, Side::client, 71};
  bool operator==(const RecordStart&) const = default;
};
struct RecordStop {
  static constexpr MessageKey message{ChannelType::device, Side::client, 72};
  bool operator==(const RecordStop&) const = default;
};
struct RecordVolume {
  static constexpr MessageKey message{ChannelType::device, Side::client, 73};
  std::vector<std::uint16_t> volume;  // u8 nchannels
  bool operator==(const RecordVolume&) const = default;
};
struct RecordMute {
  static constexpr MessageKey message{ChannelType::device, Side::client, 74};
  std::uint8_t mute = 0;
  bool operator==(const RecordMute&) const = default;
};
// Asks for what was recorded; answered by RecordSamples.
struct RecordRead {
  static constexpr MessageKey message{ChannelType::device, Side::client, 75};
  std::uint32_t request_id = 0, most_frames = 0;
  bool operator==(const RecordRead&) const = default;
};

// Server to device
struct RecordSamples {
  static constexpr MessageKey message{ChannelType::device, Side::server, 64};
  std::uint32_t request_id = 0;
  SharedBytes data;  // to the end; whole frames, none if there is not enough yet
  bool operator==(const RecordSamples&) const = default;
};

}  // namespace spicebench::wire::sound
