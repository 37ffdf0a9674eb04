// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"

namespace spicebench::audio {

using Samples = std::vector<std::int16_t>;  // interleaved: frame 0 channel 0, frame 0 channel 1, …

// Samples as they lie in raw packets: 16 bits each, little endian. Of an odd number of bytes the
// last is left out.
Bytes bytes_of(std::span<const std::int16_t> samples);
Samples samples_of(BytesView bytes);

// Frames (samples per channel) of one packet, at any rate (protocol.md §6.5).
constexpr std::uint32_t packet_frames = 480;
// The largest raw packet that is taken, in frames; servers take no more.
constexpr std::uint32_t max_packet_frames = 8192;
constexpr std::size_t max_opus_packet = 4000;  // bytes

// What START says of a playback or record stream.
struct StreamFormat {
  std::uint32_t channels = 2;
  std::uint32_t frequency = 48000;  // Hz
};

class AudioDecoder {
 public:
  virtual ~AudioDecoder() = default;
  // The samples of one DATA message. Errors: malformed, truncated, out_of_range (more than the
  // limits above); the decoder stays usable.
  virtual Result<Samples> decode(BytesView packet) = 0;
};
class AudioEncoder {
 public:
  virtual ~AudioEncoder() = default;
  // The data of one message. Opus wants packet_frames frames exactly, raw any number up to
  // max_packet_frames. Errors: out_of_range.
  virtual Result<Bytes> encode(std::span<const std::int16_t> samples) = 0;
};

// By the mode of a MODE message: raw (1) or Opus (3).
//   errors    unsupported (CELT, and Opus at a rate or channel count it does not have), malformed
//             (no such mode), out_of_range (no channel or more than 8, frequency outside
//             8000..192000 Hz)
Result<std::unique_ptr<AudioDecoder>> make_audio_decoder(std::uint16_t mode, StreamFormat format);
Result<std::unique_ptr<AudioEncoder>> make_audio_encoder(std::uint16_t mode, StreamFormat format);

// True for the rates at which Opus may be offered: 480 frames must be a legal Opus packet.
constexpr bool opus_carries(std::uint32_t frequency) {
  return frequency == 8000 || frequency == 12000 || frequency == 24000 || frequency == 48000;
}

}  // namespace spicebench::audio
