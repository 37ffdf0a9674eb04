// SPDX-License-Identifier: LGPL-2.1-or-later
// P-REC, H-REC: the entries of the list of checks of the record channel that are the server's.
#include "core/wire/record_channel.hpp"

#include <rapidcheck.h>
#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>

#include "core/audio/tone.hpp"
#include "server/sound/record_ring.hpp"
#include "tests/server/sound_setup.hpp"

namespace spicebench::server {
namespace {

using namespace wire::record;

// A guest that listens, and a client's microphone.
struct Recording : SoundBench {
  explicit Recording(std::uint32_t rate = 48000)
      : SoundBench({}, rate), channel(bench, wire::ChannelType::record, session.id) {
    bench.device_says(wire::sound::RecordStart{});
  }
  void begin(std::uint16_t mode = wire::audio::mode_raw) {
    channel.say(ModeChanged{.time = 1, .mode = mode, .data = {}});
    channel.say(StartMark{1});
  }
  void say(Bytes data) { channel.say(Data{.time = 2, .data = SharedBytes(std::move(data))}); }
  // Stereo frames numbered from `first` on, the number split over both channels.
  void ramp(std::uint32_t first, std::size_t frames) {
    Bytes data;
    for (std::size_t i = 0; i < frames; ++i)
      append_little_endian(data, static_cast<std::uint32_t>(first + i), 4);
    say(std::move(data));
  }
  std::vector<std::uint32_t> read_numbers(std::uint32_t most_frames) {
    const Bytes data = read(most_frames);
    std::vector<std::uint32_t> numbers;
    for (std::size_t at = 0; at < data.size(); at += 4)
      numbers.push_back(static_cast<std::uint32_t>(load_little_endian(data.data() + at, 4)));
    return numbers;
  }
  FakeChannel channel;
};

}  // namespace

TEST_CASE("a client is told of volume, mute and start when it comes, and of what follows",
          "[server][sound]") {
  SoundBench s;
  s.bench.device_says(wire::sound::RecordVolume{{7, 8}});
  s.bench.device_says(wire::sound::RecordMute{0});
  s.bench.device_says(wire::sound::RecordStart{});
  FakeChannel channel(s.bench, wire::ChannelType::record, s.session.id);
  auto said = channel.take();
  REQUIRE(said.size() == 3);
  CHECK(said[0].as<Volume>().volume == std::vector<std::uint16_t>{7, 8});
  CHECK(said[1].as<Mute>().mute == 0);
  CHECK(said[2].as<Start>() == Start{.channels = 2, .format = 1, .frequency = 48000});
  s.bench.device_says(wire::sound::RecordStop{});
  s.bench.device_says(wire::sound::RecordMute{1});
  said = channel.take();
  REQUIRE(said.size() == 2);
  said[0].as<Stop>();
  CHECK(said[1].as<Mute>().mute == 1);
  FakeChannel silent(s.bench, wire::ChannelType::record, s.session.id);
  CHECK(silent.result() != 0);  // it has one
}

TEST_CASE("P-REC-2: nothing is read before half the ring was full, then all that is there",
          "[server][sound]") {
  Recording s;
  s.begin();
  s.ramp(0, 4095);
  CHECK(s.read(10'000).empty());
  s.ramp(4095, 1);
  CHECK(s.read_numbers(100).size() == 100);
  CHECK(s.read_numbers(10'000).size() == 3996);
  CHECK(s.read(10).empty());
  s.ramp(5000, 3);
  CHECK(s.read_numbers(10) == std::vector<std::uint32_t>{5000, 5001, 5002});
}

TEST_CASE("P-REC-1: what is read is what was said, but for the oldest when it is too much",
          "[server][sound]") {
  rc::prop("any packets, any reads", [] {
    Recording s;
    s.begin();
    std::uint32_t said = 0, next = 0;
    bool filled = false;
    const auto steps =
        *rc::gen::container<std::vector<std::uint32_t>>(rc::gen::inRange<std::uint32_t>(0, 12'000));
    for (const std::uint32_t step : steps) {
      if (step % 3 != 0) {
        const std::uint32_t frames = step / 2;
        s.ramp(said, frames);
        said += frames;
        next = std::max(next, said < 8192 ? 0 : said - 8192);
        filled = filled || said - next >= 4096;
        continue;
      }
      const auto numbers = s.read_numbers(step);
      RC_ASSERT(numbers.size() == (filled ? std::min(step, said - next) : 0));
      for (const std::uint32_t number : numbers) RC_ASSERT(number == next++);
    }
    RC_ASSERT(s.bench.server.describe()["sound"]["record"]["waiting_frames"] <= 8192);
    RC_ASSERT(s.bench.server.errors().empty());
  });
  RecordRing ring;  // around it many times: values stay consecutive
  std::int16_t value = 0;
  for (int i = 0; i < 1000; ++i) {
    audio::Samples samples;
    for (int j = 0; j < 777; ++j, ++value) samples.insert(samples.end(), {value, value});
    ring.write(samples);
    if (i % 7 != 0) continue;
    const audio::Samples read = ring.read(3000);
    for (std::size_t at = 2; at < read.size(); at += 2)
      REQUIRE(static_cast<std::int16_t>(read[at] - read[at - 2]) == 1);
  }
}

TEST_CASE("P-REC-3, H-REC-4: sound from before a START, or without one, is not heard",
          "[server][sound]") {
  Recording s;
  s.ramp(0, 5000);  // no mark yet
  CHECK(s.read(10).empty());
  s.begin();
  s.ramp(10'000, 5000);
  s.bench.device_says(wire::sound::RecordStop{});
  s.ramp(20'000, 5000);
  CHECK(s.read(10).empty());
  s.bench.device_says(wire::sound::RecordStart{});
  s.ramp(30'000, 5000);  // under way since before the START
  CHECK(s.read(10).empty());
  s.begin();
  s.ramp(40'000, 4096);
  CHECK(s.read_numbers(1) == std::vector<std::uint32_t>{40'000});
  CHECK(s.bench.server.counters().recorded_unasked == 3);
  s.bench.hang_up(s.channel.link);
  FakeChannel again(s.bench, wire::ChannelType::record, s.session.id);
  again.say(StartMark{1});
  CHECK(again.take_types() == std::vector<std::uint16_t>{Start::message.id});
  CHECK(s.bench.server.errors().empty());
}

TEST_CASE("P-REC-4: Opus brings as many frames as raw", "[server][sound]") {
  for (const std::uint32_t rate : {8000u, 12000u, 24000u, 48000u}) {
    Recording s(rate);
    s.begin(wire::audio::mode_opus);
    audio::Tone tone(audio::ToneKind::tone, rate, 300);
    auto encoder =
        audio::make_audio_encoder(wire::audio::mode_opus, {.channels = 2, .frequency = rate});
    audio::Samples said;
    for (int i = 0; i < 12; ++i) {
      const audio::Samples frame = tone.next(480, 2);
      said.insert(said.end(), frame.begin(), frame.end());
      s.say(*(*encoder)->encode(frame));
    }
    const audio::Samples got = audio::samples_of(s.read(10'000));
    CHECK(got.size() == said.size());
    CHECK(signal_to_noise(said, got, rate) > 15);
  }
}

TEST_CASE("H-REC-1: of raw data whole frames are taken, at most a ring", "[server][sound]") {
  Recording s;
  s.begin();
  for (const std::size_t bytes : {0, 1, 3}) s.say(Bytes(bytes));
  CHECK(s.bench.server.describe()["sound"]["record"]["waiting_frames"] == 0);
  s.say(Bytes(7));
  CHECK(s.bench.server.describe()["sound"]["record"]["waiting_frames"] == 1);
  s.say(Bytes(65'535));
  CHECK(s.bench.server.describe()["sound"]["record"]["waiting_frames"] == 8192);
  CHECK_FALSE(s.channel.closed());
  CHECK(s.bench.server.errors().empty());
}

TEST_CASE("H-REC-2: what is no Opus is dropped, ten times in a row it ends the channel",
          "[server][sound]") {
  Recording s;
  s.begin(wire::audio::mode_opus);
  auto encoder = audio::make_audio_encoder(wire::audio::mode_opus, {});
  const Bytes good = *(*encoder)->encode(audio::Samples(960));
  const Bytes bad{std::byte{0xff}, std::byte{0xff}, std::byte{0xff}};
  const Bytes long_one{std::byte{0x18}, std::byte{0}, std::byte{0}};  // SILK, 60 ms
  for (int i = 0; i < 9; ++i) s.say(i % 2 == 0 ? bad : long_one);
  s.say(good);
  CHECK_FALSE(s.channel.closed());
  for (int i = 0; i < 9; ++i) s.say(Bytes(4001));
  CHECK_FALSE(s.channel.closed());
  s.say(bad);
  CHECK(s.channel.closed());
  CHECK_FALSE(s.session.main.closed());
  CHECK(s.bench.server.counters().recorded == 1);
  CHECK(s.bench.server.counters().recorded_bad == 19);
}

TEST_CASE("H-REC-3: a mode that is not there ends the channel, others may come at any time",
          "[server][sound]") {
  for (const std::uint16_t mode : {0, 2, 4, 99}) {
    Recording s;
    s.begin(mode);
    CHECK(s.channel.closed());
    CHECK_FALSE(s.session.main.closed());
  }
  Recording raw_only(44100);
  raw_only.begin(wire::audio::mode_opus);
  CHECK(raw_only.channel.closed());
  Recording s;
  auto encoder = audio::make_audio_encoder(wire::audio::mode_opus, {});
  const Bytes opus = *(*encoder)->encode(audio::Samples(960));
  for (int i = 0; i < 100; ++i) {
    const bool raw = i % 2 == 0;
    s.begin(raw ? wire::audio::mode_raw : wire::audio::mode_opus);
    s.say(raw ? Bytes(1920) : opus);
  }
  for (std::uint32_t i = 0; i < 1000; ++i) s.channel.say(StartMark{i});
  CHECK_FALSE(s.channel.closed());
  CHECK(s.bench.server.counters().recorded == 100);
  CHECK(s.bench.server.errors().empty());
}

}  // namespace spicebench::server
