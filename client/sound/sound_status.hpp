// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <vector>

#include "core/base/hash.hpp"

// What a client tells about the sound that it plays and records.
namespace spicebench::client {

struct PlaybackStatus {
  std::uint64_t streams = 0;          // STARTs that opened the sink
  std::uint64_t packets = 0;          // decoded and played
  std::uint64_t dropped_packets = 0;  // not to be decoded, outside of a stream, or without a sink
  std::uint64_t times_went_back = 0;  // packets with a time before that of the last
  std::uint64_t frames = 0;           // samples of one channel that were played
  std::uint64_t underruns = 0;        // times that the sink ran dry in the middle of a stream
  std::uint32_t latency_ms = 0;       // that the sink keeps
  std::uint16_t mode = 0;             // wire::audio::Mode of the last MODE
  std::vector<std::uint16_t> volume;  // none: not told
  bool mute = false;
  bool open = false;  // the sink is
  Hash128 heard;      // of all samples that were played, volume applied
};

struct RecordStatus {
  std::uint64_t streams = 0;          // STARTs that opened the source
  std::uint64_t packets = 0;          // sent
  std::uint64_t dropped_packets = 0;  // while the server did not read
  std::uint64_t dropped_frames = 0;   // of the last, not whole packet of a stream
  std::uint16_t mode = 0;             // wire::audio::Mode of the last MODE
  std::vector<std::uint16_t> volume;
  bool mute = false;
  bool open = false;  // the source is
  Hash128 recorded;   // of all samples that were sent, before they were encoded
};

}  // namespace spicebench::client
