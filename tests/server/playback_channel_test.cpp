// SPDX-License-Identifier: LGPL-2.1-or-later
// P-PLAY, H-PLAY: the entries of the list of checks of the playback channel that are the server's.
#include "core/wire/playback_channel.hpp"

#include <rapidcheck.h>
#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>

#include "core/audio/tone.hpp"
#include "core/wire/record_channel.hpp"
#include "server/channels/playback_channel.hpp"
#include "tests/server/sound_setup.hpp"

namespace spicebench::server {
namespace {

using namespace wire::playback;
using wire::link::PlaybackCap;

constexpr std::size_t plenty = std::size_t{1} << 40;
constexpr std::size_t link_stage_bytes = 206;  // that the server sends before the first message

std::vector<std::uint32_t> caps(std::initializer_list<PlaybackCap> list) {
  std::vector<std::uint32_t> words{0};
  for (const PlaybackCap cap : list) wire::link::set_cap(words, cap);
  return words;
}

// The order of messages that a client may rely on; false: it is broken.
class Grammar {
 public:
  bool takes(std::uint16_t type) {
    switch (type) {
      case ModeChanged::message.id:
        return mode_ = true;
      case Start::message.id:
        return mode_ && !std::exchange(started_, true);
      case Stop::message.id:
        return std::exchange(started_, false);
      case Data::message.id:
        return started_;
      default:
        return type == Volume::message.id || type == Mute::message.id ||
               type == Latency::message.id;
    }
  }

 private:
  bool mode_ = false, started_ = false;
};

}  // namespace

TEST_CASE("a machine without sound offers no channel for it", "[server][sound]") {
  Bench bench({.net_test_bytes = {}});
  bench.connect_device();
  FakeSession session(bench);
  session.main.take();
  session.main.say(wire::main_channel::AttachChannels{});
  CHECK(session.main.take()[0].as<wire::main_channel::ChannelsList>().channels.size() == 3);
  FakeChannel refused(bench, wire::ChannelType::playback, session.id);
  CHECK(refused.result() != 0);
}

TEST_CASE("P-MAIN-9: sound that comes later is announced to attached clients, once",
          "[server][sound]") {
  Bench bench({.net_test_bytes = {}});
  bench.connect_device();
  FakeSession session(bench);
  session.main.say(wire::main_channel::AttachChannels{});
  session.main.take();
  const wire::sound::Device both{.has_playback = 1, .has_record = 1};
  bench.device_says(both);
  bench.device_says(both);
  const auto said = session.main.take();
  REQUIRE(said.size() == 2);
  const auto first = said[0].as<wire::main_channel::ChannelsList>().channels;
  const auto second = said[1].as<wire::main_channel::ChannelsList>().channels;
  REQUIRE(first.size() == 1);
  REQUIRE(second.size() == 1);
  CHECK(first[0].type == static_cast<std::uint8_t>(wire::ChannelType::record));
  CHECK(second[0].type == static_cast<std::uint8_t>(wire::ChannelType::playback));
}

TEST_CASE("a client hears mode, volume and mute first, then what is playing", "[server][sound]") {
  SoundBench s({.playback_latency_ms = 120});
  s.bench.device_says(wire::sound::PlaybackVolume{{1000, 2000}});
  s.bench.device_says(wire::sound::PlaybackMute{1});
  s.bench.pass(std::chrono::milliseconds(700));
  s.bench.device_says(wire::sound::PlaybackStart{});
  s.bench.pass(std::chrono::milliseconds(50));
  FakeChannel channel(s.bench, wire::ChannelType::playback, s.session.id);
  auto said = channel.take();
  REQUIRE(said.size() == 5);
  CHECK(said[0].as<ModeChanged>().mode == wire::audio::mode_opus);
  CHECK(said[0].as<ModeChanged>().time == 750);
  CHECK(said[1].as<Volume>().volume == std::vector<std::uint16_t>{1000, 2000});
  CHECK(said[2].as<Mute>().mute == 1);
  CHECK(said[3].as<Start>() == Start{.channels = 2, .format = 1, .frequency = 48000, .time = 700});
  CHECK(said[4].as<Latency>().latency_ms == 120);
  s.bench.pass(std::chrono::milliseconds(10));
  s.play();
  s.bench.device_says(wire::sound::PlaybackStop{});
  said = channel.take();
  REQUIRE(said.size() == 2);
  CHECK(said[0].as<Data>().time == 760);
  said[1].as<Stop>();
}

TEST_CASE("what a client did not announce it is not sent", "[server][sound]") {
  SoundBench s({.playback_latency_ms = 120});
  s.bench.device_says(wire::sound::PlaybackVolume{{1000, 2000}});
  s.bench.device_says(wire::sound::PlaybackMute{1});
  FakeChannel channel(s.bench, wire::ChannelType::playback, s.session.id, true, caps({}));
  s.bench.device_says(wire::sound::PlaybackStart{});
  s.play();
  auto said = channel.take();
  REQUIRE(said.size() == 3);
  CHECK(said[0].as<ModeChanged>().mode == wire::audio::mode_raw);
  said[1].as<Start>();
  CHECK(BytesView(said[2].as<Data>().data).size() == 1920);
}

TEST_CASE("raw frames are the guest's, Opus ones sound like them (P-PLAY-4)", "[server][sound]") {
  for (const std::uint32_t rate : {8000u, 12000u, 24000u, 48000u}) {
    INFO(rate << " Hz");
    SoundBench s({}, rate);
    FakeChannel channel(s.bench, wire::ChannelType::playback, s.session.id);
    s.bench.device_says(wire::sound::PlaybackStart{});
    audio::Tone tone(audio::ToneKind::tone, rate, 300);
    auto decoder =
        audio::make_audio_decoder(wire::audio::mode_opus, {.channels = 2, .frequency = rate});
    audio::Samples played, heard;
    for (int i = 0; i < 40; ++i) {
      const audio::Samples frame = tone.next(480, 2);
      played.insert(played.end(), frame.begin(), frame.end());
      s.bench.device_says(wire::sound::PlaybackSamples{audio::bytes_of(frame)});
    }
    const auto said = channel.take();
    CHECK(said[0].as<ModeChanged>().mode == wire::audio::mode_opus);
    CHECK(said[1].as<Start>().frequency == rate);
    for (const Said& one : said) {
      if (one.type != Data::message.id) continue;
      const auto samples = (*decoder)->decode(one.as<Data>().data);
      REQUIRE(samples);
      REQUIRE(samples->size() == 960);
      heard.insert(heard.end(), samples->begin(), samples->end());
    }
    REQUIRE(heard.size() == played.size());
    CHECK(signal_to_noise(played, heard, rate) > 15);  // dB
  }
  SoundBench s({}, 44100);
  FakeChannel channel(s.bench, wire::ChannelType::playback, s.session.id);
  s.bench.device_says(wire::sound::PlaybackStart{});
  s.play(7);
  const auto said = channel.take();
  REQUIRE(said.size() == 3);
  CHECK(said[0].as<ModeChanged>().mode == wire::audio::mode_raw);
  CHECK(said[2].as<Data>().data == frame_of(7));
}

TEST_CASE(
    "P-PLAY-1, P-PLAY-2, P-PLAY-7: whatever happens, a slow client hears whole streams in "
    "order, without the frames that it was too late for",
    "[server][sound]") {
  rc::prop("any order of device calls, toggles and credit", [] {
    SoundBench s;
    s.bench.credit = link_stage_bytes;
    FakeChannel channel(s.bench, wire::ChannelType::playback, s.session.id);
    std::uint8_t next = 0;
    std::size_t put = 0;
    bool playing = false;
    const auto steps = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 10));
    for (const int step : steps) {
      s.bench.pass(std::chrono::milliseconds(10));
      switch (step) {
        case 0:
          if (!std::exchange(playing, true)) s.bench.device_says(wire::sound::PlaybackStart{});
          break;
        case 1:
          if (std::exchange(playing, false)) s.bench.device_says(wire::sound::PlaybackStop{});
          break;
        case 2:
          s.bench.device_says(wire::sound::PlaybackCompression{*rc::gen::arbitrary<bool>()});
          break;
        case 3:
          s.bench.device_says(wire::sound::PlaybackVolume{{*rc::gen::arbitrary<std::uint16_t>()}});
          s.bench.device_says(wire::sound::PlaybackMute{*rc::gen::arbitrary<bool>()});
          break;
        case 4:
        case 5:
          s.bench.grant(channel.link, *rc::gen::inRange<std::size_t>(1, 3000));
          break;
        default:
          if (!playing) break;
          s.play(next++);
          ++put;
          // Never more than one message under way and one frame behind it.
          RC_ASSERT(s.queued_bytes(wire::ChannelType::playback) <= 1930u);
      }
    }
    if (playing) s.bench.device_says(wire::sound::PlaybackStop{});
    s.bench.grant(channel.link, plenty);
    Grammar grammar;
    std::uint32_t last_time = 0;
    std::uint16_t mode = 0;
    std::size_t heard = 0;
    int last_value = -1;
    for (const Said& one : channel.take()) {
      RC_ASSERT(grammar.takes(one.type));
      if (one.type == ModeChanged::message.id) mode = one.as<ModeChanged>().mode;
      if (one.type != Data::message.id) continue;
      ++heard;
      const auto data = one.as<Data>();
      RC_ASSERT(data.time > last_time);
      last_time = data.time;
      if (mode != wire::audio::mode_raw) continue;
      const int value = std::to_integer<int>(data.data[0]);
      RC_ASSERT(data.data == frame_of(static_cast<std::uint8_t>(value)));
      if (put < 256) {  // values do not come again
        RC_ASSERT(value > last_value);
        last_value = value;
      }
    }
    RC_ASSERT(heard == s.bench.server.counters().sound_sent);
    RC_ASSERT(heard + s.bench.server.counters().sound_replaced == put);
    RC_ASSERT(s.bench.server.errors().empty());
  });
}

TEST_CASE("P-PLAY-3: frames come and clients go in any order", "[server][sound]") {
  SoundBench s;
  s.bench.device_says(wire::sound::PlaybackStart{});
  s.play(1);  // nobody is there
  CHECK(s.bench.server.counters().sound_unheard == 1);
  {
    s.bench.credit = link_stage_bytes + 40;
    FakeChannel stalled(s.bench, wire::ChannelType::playback, s.session.id);
    s.play(2);
    s.play(3);
    s.bench.hang_up(stalled.link);
  }
  s.play(4);
  s.bench.device_says(wire::sound::PlaybackStop{});
  CHECK(s.bench.server.counters().sound_unheard == 2);
  CHECK(s.bench.server.errors().empty());
}

TEST_CASE("P-PLAY-6, H-REC-5: one client at a time: the second takes it, the first goes on without",
          "[server][sound]") {
  for (const auto type : {wire::ChannelType::playback, wire::ChannelType::record}) {
    SoundBench s({.max_clients = 2});
    s.bench.device_says(wire::sound::PlaybackVolume{{5, 5}});
    s.bench.device_says(wire::sound::PlaybackStart{});
    s.bench.device_says(wire::sound::RecordVolume{{5, 5}});
    s.bench.device_says(wire::sound::RecordStart{});
    FakeSession other(s.bench);
    FakeChannel first(s.bench, type, s.session.id);
    CHECK_FALSE(first.take().empty());
    FakeChannel second(s.bench, type, other.id);
    CHECK(first.closed());
    CHECK_FALSE(s.session.main.closed());
    const auto types = second.take_types();
    const std::vector<std::uint16_t> expected =
        type == wire::ChannelType::playback
            ? std::vector<std::uint16_t>{ModeChanged::message.id, Volume::message.id,
                                         Start::message.id}
            : std::vector<std::uint16_t>{wire::record::Volume::message.id,
                                         wire::record::Start::message.id};
    CHECK(types == expected);
    // A hundred times to and fro: one is there, nothing is left behind.
    std::size_t open = 0;
    for (int i = 0; i < 100; ++i) {
      FakeChannel again(s.bench, type, i % 2 == 0 ? s.session.id : other.id);
      open += again.result() == 0 ? 1 : 0;
    }
    CHECK(open == 100);
    CHECK(s.bench.server.describe()["connections"].size() == 3);
    CHECK(s.bench.server.errors().empty());
  }
}

TEST_CASE(
    "P-MAIN-7: while a client hears the guest, sound is the clock, and after it the time is "
    "told once",
    "[server][sound]") {
  SoundBench s;
  s.session.main.take();
  s.bench.device_says(wire::sound::PlaybackStart{});
  s.bench.device_says(wire::sound::PlaybackStop{});
  CHECK(s.session.main.take().empty());  // nobody heard it
  s.bench.pass(std::chrono::milliseconds(900));
  {
    FakeChannel channel(s.bench, wire::ChannelType::playback, s.session.id);
    s.bench.device_says(wire::sound::PlaybackStart{});
    s.play();
    CHECK(s.session.main.take().empty());
    s.bench.device_says(wire::sound::PlaybackStop{});
    auto said = s.session.main.take();
    REQUIRE(said.size() == 1);
    CHECK(said[0].as<wire::main_channel::MultiMediaTime>().time == 900 - 400);
    s.bench.device_says(wire::sound::PlaybackStart{});
    s.bench.hang_up(channel.link);  // in the middle of it
  }
  CHECK(s.session.main.take().size() == 1);
  s.bench.device_says(wire::sound::PlaybackStop{});
  CHECK(s.session.main.take().empty());
}

TEST_CASE("P-MAIN-6: media time wraps", "[server][sound]") {
  SoundBench s;
  s.bench.pass(std::chrono::milliseconds(0xffff'fffe));
  FakeChannel channel(s.bench, wire::ChannelType::playback, s.session.id);
  s.bench.device_says(wire::sound::PlaybackStart{});
  s.bench.pass(std::chrono::milliseconds(10));
  s.play();
  const auto said = channel.take();
  REQUIRE(said.size() == 3);
  CHECK(said[1].as<Start>().time == 0xffff'fffe);
  CHECK(said[2].as<Data>().time == 8);
}

TEST_CASE("LATENCY is what video needs, or the option says, and never less within a stream",
          "[server][sound]") {
  Services services({.playback_latency_ms = 100});
  Outbox outbox(1, services);
  outbox.grant(plenty);
  Playback playback(services);
  PlaybackChannel channel({services, outbox, 1, {0xffff'ffff}}, playback);
  const auto latencies = [&] {
    channel.pump();
    outbox.flush();
    std::vector<std::uint64_t> values;
    for (const Output& output : std::exchange(services.outputs, {}))
      if (const auto* send = std::get_if<Send>(&output);
          send && load_little_endian(send->bytes.data(), 2) == Latency::message.id)
        values.push_back(load_little_endian(send->bytes.data() + 6, 4));
    return values;
  };
  using Values = std::vector<std::uint64_t>;
  CHECK(latencies().empty());
  CHECK(playback.start());
  CHECK(latencies() == Values{100});
  services.media_clock.require_latency(300);  // less than everybody waits anyway
  CHECK(latencies().empty());
  services.media_clock.require_latency(900);
  CHECK(latencies() == Values{900});
  services.media_clock.require_latency(700);
  CHECK(latencies().empty());
  CHECK(services.media_clock.announcements() == 0);
  CHECK(playback.stop());
  CHECK(services.media_clock.announcements() == 1);
  CHECK(services.media_clock.latency_ms() == mm_time_delay_ms);
  CHECK(playback.start());
  CHECK(latencies() == Values{100});
}

TEST_CASE("H-PLAY-6: a client that stops reading holds up nobody", "[server][sound]") {
  SoundBench s;
  s.bench.credit = link_stage_bytes + 40;
  FakeChannel channel(s.bench, wire::ChannelType::playback, s.session.id);
  s.bench.device_says(wire::sound::PlaybackStart{});
  for (int i = 0; i < 60'000; ++i) {  // ten minutes
    s.bench.pass(std::chrono::milliseconds(10));
    s.play(static_cast<std::uint8_t>(i));
  }
  CHECK_FALSE(channel.closed());
  CHECK(s.queued_bytes(wire::ChannelType::playback) < 2'000);
  const ServerCounters counters = s.bench.server.counters();
  CHECK(counters.sound_sent + counters.sound_replaced + 1 == 60'000);
}

TEST_CASE("H-PLAY-5: a playback client says nothing but what every channel may",
          "[server][sound]") {
  for (const std::uint16_t id : {101, 102, 103, 200}) {
    SoundBench s;
    FakeChannel channel(s.bench, wire::ChannelType::playback, s.session.id);
    Bytes bytes;
    append_little_endian(bytes, id, 2);
    append_little_endian(bytes, std::uint32_t{0}, 4);
    s.bench.give(channel.link, bytes);
    CHECK(channel.closed());
    CHECK_FALSE(s.session.main.closed());
  }
  SoundBench s;
  FakeChannel channel(s.bench, wire::ChannelType::playback, s.session.id);
  Bytes bytes;
  append_little_endian(bytes, std::uint16_t{wire::common::Pong::message.id}, 2);
  append_little_endian(bytes, std::uint32_t{0xffff'ffff}, 4);
  s.bench.give(channel.link, bytes);
  CHECK(channel.closed());
}

TEST_CASE("H-PLAY-7: a device that breaks the order is told of, and nothing else happens",
          "[server][sound]") {
  SoundBench s;
  FakeChannel channel(s.bench, wire::ChannelType::playback, s.session.id);
  channel.take();
  s.play(1);                                         // not started
  s.bench.device_says(wire::sound::PlaybackStop{});  // not started
  s.bench.device_says(wire::sound::RecordStop{});    // not started
  s.bench.device_says(wire::sound::PlaybackStart{});
  s.bench.device_says(wire::sound::PlaybackStart{});  // twice
  s.bench.device_says(wire::sound::PlaybackSamples{Bytes(1919)});
  s.bench.device_says(wire::sound::Device{.has_playback = 1, .playback_rate = 8000});
  s.bench.device_says(wire::sound::Device{.has_playback = 1, .playback_rate = 7});
  CHECK(channel.take_types() == std::vector<std::uint16_t>{Start::message.id});
  CHECK(s.bench.server.errors().size() == 7);
  CHECK_FALSE(channel.closed());
  Bench without({.net_test_bytes = {}});
  without.connect_device();
  without.device_says(wire::sound::PlaybackStart{});
  CHECK(without.server.errors()[0].error.code == ErrorCode::out_of_order);
}

TEST_CASE("compression that is turned on later gives Opus to a client that began raw",
          "[server][sound]") {
  SoundBench s({.playback_compression = false});
  FakeChannel channel(s.bench, wire::ChannelType::playback, s.session.id);
  s.bench.device_says(wire::sound::PlaybackStart{});
  s.play(1);
  s.bench.device_says(wire::sound::PlaybackCompression{1});
  s.play(2);
  const auto said = channel.take();
  REQUIRE(said.size() == 5);
  CHECK(said[0].as<ModeChanged>().mode == wire::audio::mode_raw);
  CHECK(said[2].as<Data>().data == frame_of(1));
  CHECK(said[3].as<ModeChanged>().mode == wire::audio::mode_opus);
  CHECK(said[4].as<Data>().data.size() < 481);
}

}  // namespace spicebench::server
