// SPDX-License-Identifier: LGPL-2.1-or-later
// P-PLAY, H-PLAY: the entries of the list of checks of the playback channel that are the client's.
#include <fmt/format.h>
#include <rapidcheck.h>
#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>

#include "client/sound/volume.hpp"
#include "core/audio/tone.hpp"
#include "tests/client/fake_server.hpp"

namespace spicebench::client {
namespace {

using std::chrono::milliseconds;
using wire::ChannelType;

constexpr int data = 101, mode = 102, start = 103, stop = 104, volume = 105, mute = 106,
              latency = 107;

struct Loudspeaker {
  explicit Loudspeaker(ClientOptions options = {})
      : server(std::move(options)), link(server.bring_up(ChannelType::playback)) {}
  void begin(std::uint16_t in_mode = 1, std::uint32_t rate = 48000) {
    server.say(link, mode, Body().u32(0).u16(in_mode));
    server.say(link, start, Body().u32(2).u16(1).u32(rate).u32(0));
  }
  void play(std::uint32_t time, BytesView samples) {
    server.say(link, data, Body().u32(time).raw(samples));
  }
  PlaybackStatus status() const { return *server.client.playback(); }
  Hash128 hash_of(BytesView samples) const {
    Hasher hasher;
    hasher.add(samples);
    return hasher.value();
  }
  FakeServer server;
  LinkId link;
};

Bytes tone_bytes(std::size_t frames) {
  audio::Tone tone(audio::ToneKind::tone, 48000, 400);
  return audio::bytes_of(tone.next(frames, 2));
}

}  // namespace

TEST_CASE(
    "a client links playback and record where they are offered and wanted, and says what it "
    "takes",
    "[client][sound]") {
  FakeServer server({.sound = {.latency = false}});
  server.bring_up_main();
  server.say(0, 104, channels_list({{5, 0}, {6, 0}}));
  const Bytes playback = server.bring_up(server.take_connection());
  CHECK(load_little_endian(&playback[playback.size() - 4], 4) == (1u << 1 | 1u << 3));
  const Bytes record = server.bring_up(server.take_connection());
  CHECK(load_little_endian(&record[record.size() - 4], 4) == (1u << 1 | 1u << 2));
  FakeServer deaf({.sound = {.playback = false, .record = false}});
  deaf.bring_up_main();
  deaf.say(0, 104, channels_list({{5, 0}, {6, 0}}));
  CHECK_FALSE(deaf.has_connection());
}

TEST_CASE("raw sound is heard as it is, scaled by volume and mute", "[client][sound]") {
  Loudspeaker s;
  s.begin();
  const Bytes first = tone_bytes(480);
  s.play(10, first);
  CHECK(s.status().frames == 480);
  CHECK(s.status().heard == s.hash_of(first));
  CHECK(s.status().open);
  s.server.say(s.link, volume, Body().u8(2).u16(65535).u16(32768));
  s.server.say(s.link, volume, Body().u8(0));  // ignored
  s.play(20, first);
  s.server.say(s.link, mute, Body().u8(255));
  s.play(30, first);
  Bytes expected = first;
  audio::Samples second = audio::samples_of(first);
  for (std::size_t i = 1; i < second.size(); i += 2)
    second[i] = static_cast<std::int16_t>(second[i] * (32768ll * 32768 * 32768) /
                                          (65535ll * 65535 * 65535));
  append(expected, audio::bytes_of(second));
  expected.resize(3 * first.size());
  CHECK(s.status().heard == s.hash_of(expected));
  s.server.say(s.link, stop);
  CHECK_FALSE(s.status().open);
  CHECK(s.server.client.errors().empty());
}

TEST_CASE("volumes keep the loudest samples in range", "[client][sound]") {
  audio::Samples samples{-32768, 32767, -32768, 32767};
  const std::vector<std::uint16_t> all{65535}, none{0}, half{32768};
  scale(samples, 2, all, false);
  CHECK(samples == audio::Samples{-32768, 32767, -32768, 32767});
  scale(samples, 2, half, false);
  CHECK(samples[0] == -4096);
  scale(samples, 2, none, false);
  CHECK(samples == audio::Samples(4));
}

TEST_CASE("Opus sound is decoded; a decoder begins anew with each START and MODE",
          "[client][sound]") {
  Loudspeaker s;
  s.begin(3);
  auto encoder = *audio::make_audio_encoder(3, {});
  const Bytes packet = *encoder->encode(audio::samples_of(tone_bytes(480)));
  s.play(10, packet);
  s.play(20, packet);
  CHECK(s.status().packets == 2);
  CHECK(s.status().frames == 960);
  s.server.say(s.link, mode, Body().u32(0).u16(1));
  s.play(30, tone_bytes(480));
  CHECK(s.status().frames == 1440);
  CHECK(s.server.client.errors().empty());
}

TEST_CASE("the sink keeps its latency, tells when it ran dry, and LATENCY only raises it",
          "[client][sound]") {
  Loudspeaker s;
  s.begin();
  const Bytes frame = tone_bytes(480);
  for (std::uint32_t i = 0; i < 300; ++i, s.server.pass(milliseconds(10))) s.play(10 * i, frame);
  CHECK(s.status().underruns == 0);
  CHECK(s.status().latency_ms == 200);
  s.server.pass(milliseconds(199));
  s.play(3000, frame);
  CHECK(s.status().underruns == 0);
  s.server.pass(milliseconds(300));
  s.play(3010, frame);
  CHECK(s.status().underruns == 1);
  s.server.say(s.link, latency, Body().u32(450));
  s.server.say(s.link, latency, Body().u32(100));
  CHECK(s.status().latency_ms == 450);
  s.server.pass(milliseconds(430));
  s.play(3020, frame);
  CHECK(s.status().underruns == 1);
  s.server.say(s.link, latency, Body().u32(UINT32_MAX));  // H-PLAY-4
  CHECK(s.status().latency_ms == 10'000);
  s.server.say(s.link, stop);
  s.begin();
  CHECK(s.status().latency_ms == 200);
}

TEST_CASE("P-PLAY-5: media time is what is being heard, however packets are delayed",
          "[client][sound]") {
  rc::prop("constant delay and jitter", [] {
    const int delay = *rc::gen::inRange(0, 200), jitter = *rc::gen::inRange(0, 150);
    Loudspeaker s;
    s.begin();
    const Bytes frame = tone_bytes(480);
    s.server.pass(milliseconds(1000 + delay));
    std::uint64_t resets = 0;
    std::int64_t last = 0, first_lag = 0;
    for (std::uint32_t i = 0; i < 350; ++i) {
      // Sent at 1000 + 10 i, arrived up to `jitter` later; TCP keeps the order.
      const auto sent = std::chrono::milliseconds(1000 + 10 * i);
      const Instant due = Instant{sent + milliseconds(delay + *rc::gen::inRange(0, jitter + 1))};
      if (due > s.server.now()) s.server.pass(due - s.server.now());
      s.play(static_cast<std::uint32_t>(sent.count()), frame);
      const Instant now = s.server.now();
      const auto media = static_cast<std::int64_t>(s.server.client.media_clock().at(now));
      const auto so_far = s.server.client.media_clock().resets();
      if (so_far == resets && i > 0) RC_ASSERT(media >= last - 10);
      resets = so_far;
      last = media;
      const std::int64_t lag = nanoseconds(now) / 1'000'000 - media;
      if (i == 0) first_lag = lag;
      RC_ASSERT(std::abs(lag - first_lag) <= 20);
    }
    RC_ASSERT(s.status().underruns == 0u);
  });
}

TEST_CASE("P-MAIN-6: media time that wraps is no step", "[client][sound]") {
  Loudspeaker s;
  s.server.say(0, 106, Body().u32(0xffff'ff00));
  const std::uint64_t resets = s.server.client.media_clock().resets();
  s.server.say(s.link, mode, Body().u32(0xffff'ff00).u16(1));
  s.server.say(s.link, start, Body().u32(2).u16(1).u32(48000).u32(0xffff'ff00));
  const Bytes frame = tone_bytes(480);
  // Sound begins a latency behind what was told: one step back, then none.
  for (std::uint32_t i = 0; i < 500; ++i, s.server.pass(milliseconds(10)))
    s.play(0xffff'ff00 + 10 * i, frame);
  CHECK(s.status().times_went_back == 0);
  CHECK(s.server.client.media_clock().resets() == resets + 1);
  CHECK(s.server.client.media_clock().at(s.server.now()) == 0xffff'ff00 + 5000 - 200);
}

TEST_CASE("H-PLAY-1: a START that makes no sense opens nothing until one does, or is the end",
          "[client][sound]") {
  const auto begun = [](std::uint32_t channels, std::uint16_t format, std::uint32_t rate) {
    auto s = std::make_unique<Loudspeaker>();
    s->server.say(s->link, mode, Body().u32(0).u16(1));
    s->server.say(s->link, start, Body().u32(channels).u16(format).u32(rate).u32(0));
    CHECK_FALSE(s->status().open);
    CHECK(s->server.client.errors().size() == 1);
    return s;
  };
  for (const std::uint16_t format : {0, 255}) {
    const auto s = begun(2, format, 48000);
    CHECK_FALSE(s->server.client.ended());
    s->play(1, tone_bytes(480));
    CHECK(s->status().frames == 0);
    s->begin();
    s->play(1, tone_bytes(480));
    CHECK(s->status().frames == 480);
  }
  CHECK_FALSE(begun(2, 1, 7999)->server.client.ended());
  for (const std::uint32_t channels : {0u, 9u, 255u})
    CHECK(begun(channels, 1, 48000)->server.client.ended());
  for (const std::uint32_t rate : {0u, UINT32_MAX}) CHECK(begun(2, 1, rate)->server.client.ended());
}

TEST_CASE("H-PLAY-2: sound outside of a stream, or that is none, is dropped", "[client][sound]") {
  Loudspeaker s;
  s.play(1, tone_bytes(480));
  CHECK(s.server.client.errors().size() == 1);
  s.begin(3);
  for (const std::size_t size : {0, 4001}) s.play(2, Bytes(size));
  s.play(3, Bytes(7, std::byte{0xff}));
  auto mono = *audio::make_audio_encoder(3, {.channels = 1});
  s.play(4, *mono->encode(audio::Samples(480)));  // decoders mix: heard on both sides
  CHECK(s.status().dropped_packets == 4);
  CHECK(s.status().frames == 480);
  s.server.say(s.link, mode, Body().u32(0).u16(1));
  s.play(5, Bytes(1));
  s.play(6, Bytes(4 * 8193));
  CHECK(s.status().frames == 480);
  s.server.say(s.link, stop);
  s.play(7, tone_bytes(480));
  CHECK(s.status().frames == 480);
  CHECK_FALSE(s.server.client.ended());
  s.server.say(s.link, data, Body().zeros(1 << 20));  // over the bound of any sound
  CHECK(s.server.client.ended());
}

TEST_CASE("H-PLAY-3: a mode that is not there means silence until there is one",
          "[client][sound]") {
  for (const std::uint16_t unknown : {0, 2, 99}) {
    Loudspeaker s;
    s.begin(unknown);
    REQUIRE_FALSE(s.server.client.errors().empty());
    CHECK(s.server.client.errors()[0].error.detail == fmt::format("unsupported mode {}", unknown));
    s.play(1, tone_bytes(480));
    CHECK(s.status().frames == 0);
    s.server.say(s.link, mode, Body().u32(0).u16(1));  // between START and STOP
    s.play(2, tone_bytes(480));
    CHECK(s.status().frames == 480);
    CHECK_FALSE(s.server.client.ended());
  }
}

TEST_CASE("H-PLAY-4: strange numbers and repetitions change nothing", "[client][sound]") {
  Loudspeaker s;
  s.server.say(s.link, stop);
  s.begin();
  s.begin();
  CHECK(s.status().streams == 2);
  for (const std::uint32_t time : {0u, 0x7fff'ffffu, 0xffff'fffeu, 5u, 0x8000'0005u})
    s.play(time, tone_bytes(480));
  CHECK(s.status().packets == 5);
  CHECK(s.status().times_went_back == 1);
  s.server.say(s.link, stop);
  s.server.say(s.link, stop);
  CHECK(s.server.client.errors().empty());
  s.server.say(s.link, volume, Body().u8(3).u16(1));
  CHECK(s.server.client.ended());
}

}  // namespace spicebench::client
