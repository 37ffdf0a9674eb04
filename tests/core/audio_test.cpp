// SPDX-License-Identifier: LGPL-2.1-or-later
// Packets of real playback and record channels, and sound through every encoder and decoder.
#include "core/audio/audio.hpp"

#include <rapidcheck.h>
#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>
#include <cmath>

#include "tests/core/rawpack.hpp"

namespace {
using namespace spicebench;
using namespace spicebench::audio;

constexpr std::uint16_t raw = 1, celt = 2, opus = 3;
constexpr StreamFormat usual{.channels = 2, .frequency = 48000};

// Stereo frames `first` and following of a tone: left as given, right silent.
Samples tone(std::size_t first, std::size_t frames, double hertz, double frequency = 48000) {
  constexpr double two_pi = 6.283185307179586;
  Samples samples;
  for (std::size_t i = first; i < first + frames; ++i) {
    const double at = static_cast<double>(i) / frequency;
    samples.push_back(static_cast<std::int16_t>(10000 * std::sin(two_pi * hertz * at)));
    samples.push_back(0);
  }
  return samples;
}
// Rising zero crossings of a channel in a second of stereo.
int crossings(const Samples& samples, std::size_t channel) {
  int found = 0;
  for (std::size_t i = channel + 2; i < samples.size(); i += 2)
    if (samples[i - 2] < 0 && samples[i] >= 0) ++found;
  return found;
}

TEST_CASE("real Opus packets are ten milliseconds each of the tone they carry", "[core][audio]") {
  for (const std::string name : {"opus_playback", "opus_record"}) {
    INFO(name);
    const auto decoder = make_audio_decoder(opus, usual);
    REQUIRE(decoder);
    Samples all;
    for (const Bytes& packet : rawpack("tests/core/video_frames/" + name)) {
      const auto samples = (*decoder)->decode(packet);
      REQUIRE(samples);
      REQUIRE(samples->size() == 2 * packet_frames);
      all.insert(all.end(), samples->begin(), samples->end());
    }
    // 440 Hz, in the last 0.4 s of 0.6
    const Samples end(all.end() - 2 * 48 * 400, all.end());
    CHECK(std::abs(crossings(end, 0) - 176) <= 1);
  }
}

TEST_CASE("a tone comes back from Opus at every rate it is offered for", "[core][audio]") {
  for (const std::uint32_t frequency : {8000u, 12000u, 24000u, 48000u}) {
    INFO(frequency);
    const StreamFormat format{.channels = 2, .frequency = frequency};
    const auto encoder = make_audio_encoder(opus, format);
    const auto decoder = make_audio_decoder(opus, format);
    REQUIRE((encoder && decoder));
    Samples all;
    for (std::size_t first = 0; first < frequency; first += packet_frames) {
      const auto packet = (*encoder)->encode(tone(first, packet_frames, 440, frequency));
      REQUIRE(packet);
      CHECK(packet->size() <= 480);
      const auto samples = (*decoder)->decode(*packet);
      REQUIRE(samples);
      REQUIRE(samples->size() == 2 * packet_frames);
      all.insert(all.end(), samples->begin(), samples->end());
    }
    CHECK(std::abs(crossings(all, 0) -
                   440 * static_cast<int>(all.size() / 2) / static_cast<int>(frequency)) <= 4);
  }
}

TEST_CASE("raw samples survive unchanged", "[core][audio]") {
  rc::prop("whole frames of any channel count", [] {
    const auto channels = *rc::gen::inRange(1u, 9u);
    const auto frames = *rc::gen::inRange<std::size_t>(0, 600);
    const auto samples =
        *rc::gen::container<Samples>(frames * channels, rc::gen::arbitrary<std::int16_t>());
    const StreamFormat format{channels, 44100};
    const auto packet = (*make_audio_encoder(raw, format))->encode(samples);
    RC_ASSERT(packet.has_value());
    RC_ASSERT(packet->size() == 2 * samples.size());
    const auto decoder = make_audio_decoder(raw, format);
    RC_ASSERT((*decoder)->decode(*packet).value() == samples);
    if (samples.empty()) return;
    // Half a frame too many: the tail is dropped.
    Bytes longer = *packet;
    longer.push_back(std::byte{1});
    RC_ASSERT((*decoder)->decode(longer).value() == samples);
  });
}

TEST_CASE("audio beyond its limits is refused", "[core][audio]") {
  const auto code = [](const auto& result) {
    REQUIRE_FALSE(result);
    return result.error().code;
  };
  CHECK(code(make_audio_decoder(celt, usual)) == ErrorCode::unsupported);
  CHECK(code(make_audio_decoder(0, usual)) == ErrorCode::malformed);
  CHECK(code(make_audio_encoder(99, usual)) == ErrorCode::malformed);
  CHECK(code(make_audio_decoder(raw, {0, 48000})) == ErrorCode::out_of_range);
  CHECK(code(make_audio_decoder(raw, {9, 48000})) == ErrorCode::out_of_range);
  CHECK(code(make_audio_decoder(raw, {2, 192001})) == ErrorCode::out_of_range);
  CHECK(code(make_audio_decoder(opus, {2, 44100})) == ErrorCode::unsupported);
  CHECK(code(make_audio_decoder(opus, {3, 48000})) == ErrorCode::unsupported);
  CHECK(code(make_audio_encoder(opus, {2, 16000})) == ErrorCode::unsupported);
  CHECK(make_audio_decoder(opus, {2, 16000}));

  const auto decoder = make_audio_decoder(raw, usual);
  CHECK(code((*decoder)->decode(Bytes(4 * (max_packet_frames + 1)))) == ErrorCode::out_of_range);
  const auto encoder = make_audio_encoder(opus, usual);
  CHECK(code((*encoder)->encode(Samples(2 * packet_frames - 2))) == ErrorCode::out_of_range);
  const auto packets = make_audio_decoder(opus, usual);
  CHECK(code((*packets)->decode({})) == ErrorCode::truncated);
  CHECK(code((*packets)->decode(Bytes(max_opus_packet + 1))) == ErrorCode::out_of_range);
  // Configuration 3: 60 ms of narrow-band speech.
  CHECK(code((*packets)->decode(Bytes{std::byte{3 << 3}, std::byte{1}})) ==
        ErrorCode::out_of_range);
}

TEST_CASE("damaged Opus packets are errors or ten milliseconds of something", "[core][audio]") {
  const auto packets = rawpack("tests/core/video_frames/opus_playback");
  rc::prop("flipped bits and cut ends", [&] {
    const auto decoder = make_audio_decoder(opus, usual);
    for (std::size_t i = 0; i < 4; ++i) {
      Bytes packet = packets[i];
      packet[*rc::gen::inRange<std::size_t>(0, packet.size())] ^=
          static_cast<std::byte>(1u << *rc::gen::inRange(0, 8));
      if (*rc::gen::arbitrary<bool>())
        packet.resize(*rc::gen::inRange<std::size_t>(0, packet.size()));
      const auto samples = (*decoder)->decode(packet);
      if (samples) RC_ASSERT(samples->size() <= 2 * packet_frames);
    }
  });
}

}  // namespace
