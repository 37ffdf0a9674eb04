// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/audio/audio.hpp"
#include "core/wire/sound_link.hpp"
#include "tests/server/bench.hpp"

namespace spicebench::server {

// One period of nothing but this byte.
inline SharedBytes frame_of(std::uint8_t value) {
  return Bytes(1920, static_cast<std::byte>(value));
}

// A machine with a sound device, and a session without its sound channels.
struct SoundBench {
  explicit SoundBench(ServerOptions options = {}, std::uint32_t rate = 48000)
      : bench(without_net_test(std::move(options))) {
    bench.connect_device();
    bench.device_says(wire::sound::Device{
        .has_playback = 1, .has_record = 1, .playback_rate = rate, .record_rate = rate});
  }
  void play(std::uint8_t value = 0) {
    bench.device_says(wire::sound::PlaybackSamples{frame_of(value)});
  }
  // What the device gets of what was recorded, S16.
  Bytes read(std::uint32_t most_frames) {
    bench.device_says(wire::sound::RecordRead{++requests, most_frames});
    const auto heard = bench.device_heard<wire::sound::RecordSamples>();
    REQUIRE(heard.size() == requests);
    REQUIRE(heard.back().request_id == requests);
    const BytesView data = heard.back().data;
    return {data.begin(), data.end()};
  }
  std::size_t queued_bytes(wire::ChannelType type) const {
    const nlohmann::json state = bench.server.describe();
    for (const auto& connection : state["connections"])
      if (connection["channel"] == wire::name_of(type)) return connection["queued_bytes"];
    return 0;
  }

  Bench bench;
  FakeSession session{bench};
  std::uint32_t requests = 0;

 private:
  static ServerOptions without_net_test(ServerOptions options) {
    options.net_test_bytes.clear();
    return options;
  }
};

// Decibels, at the delay at which they fit best; the codec's, up to a few hundred frames.
inline double signal_to_noise(const audio::Samples& sent, const audio::Samples& got,
                              std::uint32_t rate) {
  const std::size_t skip = rate / 10 * 2;  // the codec settles first
  double best = -100;
  for (std::size_t delay = 0; delay < 800; delay += 2) {
    double signal = 0, noise = 0;
    for (std::size_t i = skip; i + delay < std::min(sent.size(), got.size()); ++i) {
      const double wave = sent[i], error = wave - got[i + delay];
      signal += wave * wave;
      noise += error * error;
    }
    best = std::max(best, 10 * std::log10(signal / (noise + 1)));
  }
  return best;
}

}  // namespace spicebench::server
