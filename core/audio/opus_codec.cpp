// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/audio/opus_codec.hpp"

#include <fmt/format.h>
#include <opus.h>

namespace spicebench::audio {
namespace {

constexpr opus_int32 largest_encoded = 480;  // bytes, as the reference encoder's

struct Destroy {
  void operator()(OpusDecoder* library) const { opus_decoder_destroy(library); }
  void operator()(OpusEncoder* library) const { opus_encoder_destroy(library); }
};

std::unexpected<Error> not_carried(StreamFormat format) {
  return fail(ErrorCode::unsupported,
              fmt::format("Opus at {} Hz with {} channels", format.frequency, format.channels));
}
bool has_rate(StreamFormat format) {
  return (opus_carries(format.frequency) || format.frequency == 16000) && format.channels <= 2;
}

class Decoder final : public AudioDecoder {
 public:
  Decoder(OpusDecoder* library, std::uint32_t channels) : library_(library), channels_(channels) {}

  Result<Samples> decode(BytesView packet) override {
    if (packet.empty()) return fail(ErrorCode::truncated, "an empty Opus packet");
    if (packet.size() > max_opus_packet)
      return fail(ErrorCode::out_of_range, fmt::format("an Opus packet of {} bytes, at most {}",
                                                       packet.size(), max_opus_packet));
    Samples samples(std::size_t{packet_frames} * channels_);
    const int frames =
        opus_decode(library_.get(), reinterpret_cast<const unsigned char*>(packet.data()),
                    static_cast<opus_int32>(packet.size()), samples.data(), packet_frames, 0);
    if (frames == OPUS_BUFFER_TOO_SMALL)
      return fail(ErrorCode::out_of_range,
                  fmt::format("an Opus packet of more than {} frames", packet_frames));
    if (frames < 0) return fail(ErrorCode::malformed, opus_strerror(frames));
    samples.resize(static_cast<std::size_t>(frames) * channels_);
    return samples;
  }

 private:
  std::unique_ptr<OpusDecoder, Destroy> library_;
  std::uint32_t channels_;
};

class Encoder final : public AudioEncoder {
 public:
  Encoder(OpusEncoder* library, std::uint32_t channels) : library_(library), channels_(channels) {}

  Result<Bytes> encode(std::span<const std::int16_t> samples) override {
    if (samples.size() != std::size_t{packet_frames} * channels_)
      return fail(ErrorCode::out_of_range,
                  fmt::format("{} samples for an Opus packet of {} frames and {} channels",
                              samples.size(), packet_frames, channels_));
    Bytes packet(largest_encoded);
    const opus_int32 size =
        opus_encode(library_.get(), samples.data(), packet_frames,
                    reinterpret_cast<unsigned char*>(packet.data()), largest_encoded);
    if (size < 0) return fail(ErrorCode::internal, opus_strerror(size));
    packet.resize(static_cast<std::size_t>(size));
    return packet;
  }

 private:
  std::unique_ptr<OpusEncoder, Destroy> library_;
  std::uint32_t channels_;
};

}  // namespace

Result<std::unique_ptr<AudioDecoder>> make_opus_decoder(StreamFormat format) {
  if (!has_rate(format)) return not_carried(format);
  int status = OPUS_OK;
  OpusDecoder* library = opus_decoder_create(static_cast<opus_int32>(format.frequency),
                                             static_cast<int>(format.channels), &status);
  if (library == nullptr) return fail(ErrorCode::internal, opus_strerror(status));
  return std::make_unique<Decoder>(library, format.channels);
}

// 16000 Hz is decoded but not encoded: 480 frames are 30 ms there, which Opus does not have.
Result<std::unique_ptr<AudioEncoder>> make_opus_encoder(StreamFormat format) {
  if (!has_rate(format) || !opus_carries(format.frequency)) return not_carried(format);
  int status = OPUS_OK;
  OpusEncoder* library =
      opus_encoder_create(static_cast<opus_int32>(format.frequency),
                          static_cast<int>(format.channels), OPUS_APPLICATION_AUDIO, &status);
  if (library == nullptr) return fail(ErrorCode::internal, opus_strerror(status));
  return std::make_unique<Encoder>(library, format.channels);
}

}  // namespace spicebench::audio
