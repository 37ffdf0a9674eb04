// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/audio/audio.hpp"

#include <fmt/format.h>

#include "core/audio/opus_codec.hpp"
#include "core/wire/audio.hpp"

namespace spicebench::audio {
namespace {

constexpr std::size_t sample_bytes = 2;

using wire::audio::Mode;

Result<void> check_size(std::size_t samples, std::uint32_t channels) {
  if (samples <= std::size_t{max_packet_frames} * channels) return {};
  return fail(ErrorCode::out_of_range, fmt::format("a packet of {} samples, at most {} a channel",
                                                   samples, max_packet_frames));
}

class RawDecoder final : public AudioDecoder {
 public:
  explicit RawDecoder(std::uint32_t channels) : channels_(channels) {}
  // What is left over behind the last whole frame is dropped (protocol.md §6.5).
  Result<Samples> decode(BytesView packet) override {
    const std::size_t count = packet.size() / (sample_bytes * channels_) * channels_;
    CHECKED(check_size(count, channels_));
    return samples_of(packet.first(count * sample_bytes));
  }

 private:
  std::uint32_t channels_;
};

class RawEncoder final : public AudioEncoder {
 public:
  explicit RawEncoder(std::uint32_t channels) : channels_(channels) {}
  Result<Bytes> encode(std::span<const std::int16_t> samples) override {
    if (samples.size() % channels_ != 0)
      return fail(ErrorCode::out_of_range,
                  fmt::format("{} samples of {} channels", samples.size(), channels_));
    CHECKED(check_size(samples.size(), channels_));
    return bytes_of(samples);
  }

 private:
  std::uint32_t channels_;
};

Result<Mode> checked(std::uint16_t mode, StreamFormat format) {
  if (format.channels == 0 || format.channels > 8)
    return fail(ErrorCode::out_of_range, fmt::format("{} channels of 1 to 8", format.channels));
  if (format.frequency < 8000 || format.frequency > 192000)
    return fail(ErrorCode::out_of_range, fmt::format("{} Hz of 8000 to 192000", format.frequency));
  switch (static_cast<Mode>(mode)) {
    case wire::audio::mode_raw:
    case wire::audio::mode_opus:
      return static_cast<Mode>(mode);
    case wire::audio::mode_celt_0_5_1:
      return fail(ErrorCode::unsupported, "audio mode CELT 0.5.1");
  }
  return fail(ErrorCode::malformed, fmt::format("audio mode {} of 1 to 3", mode));
}

}  // namespace

Bytes bytes_of(std::span<const std::int16_t> samples) {
  Bytes bytes;
  bytes.reserve(samples.size() * sample_bytes);
  for (const std::int16_t sample : samples)
    append_little_endian(bytes, static_cast<std::uint16_t>(sample), sample_bytes);
  return bytes;
}

Samples samples_of(BytesView bytes) {
  Samples samples;
  samples.reserve(bytes.size() / sample_bytes);
  for (std::size_t at = 0; at + sample_bytes <= bytes.size(); at += sample_bytes)
    samples.push_back(
        static_cast<std::int16_t>(load_little_endian(bytes.data() + at, sample_bytes)));
  return samples;
}

Result<std::unique_ptr<AudioDecoder>> make_audio_decoder(std::uint16_t mode, StreamFormat format) {
  if (TRY(checked(mode, format)) == wire::audio::mode_opus) return make_opus_decoder(format);
  return std::make_unique<RawDecoder>(format.channels);
}

Result<std::unique_ptr<AudioEncoder>> make_audio_encoder(std::uint16_t mode, StreamFormat format) {
  if (TRY(checked(mode, format)) == wire::audio::mode_opus) return make_opus_encoder(format);
  return std::make_unique<RawEncoder>(format.channels);
}

}  // namespace spicebench::audio
