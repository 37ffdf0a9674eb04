// SPDX-License-Identifier: LGPL-2.1-or-later
#include <rapidcheck.h>
#include <rapidcheck/catch.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "core/audio/audio.hpp"
#include "core/wire/playback_channel.hpp"
#include "core/wire/record_channel.hpp"
#include "core/wire/sound_link.hpp"
#include "recorder/import/import.hpp"
#include "replayer/replay/replay.hpp"
#include "tests/replayer/support.hpp"

// Sound from the guest to the client's loudspeaker, and from its microphone to the guest.
using namespace spicebench;
using namespace spicebench::replayer;
using namespace spicebench::test;

namespace {

const fs::path sound_file = source / "corpus/scenarios/sound.toml";

// The data of every message of one kind in a recording.
template <wire::Message T>
std::vector<SharedBytes> data_of(const recorder::Reader& recording) {
  std::vector<SharedBytes> all;
  for (const auto& connection : recording.connections()) {
    if (connection.channel != T::message.channel) continue;
    auto messages = recording.messages({.connection = connection.id, .by = T::message.sender});
    while (const auto row = value(messages.next()))
      if (row->type == T::message.id) all.push_back(value(wire::decode<T>(row->body)).data);
  }
  return all;
}
Hash128 hash_of(const std::vector<SharedBytes>& pieces) {
  Hasher hasher;
  for (const SharedBytes& piece : pieces) hasher.add(piece);
  return hasher.value();
}
std::vector<std::uint32_t> frames_of(const std::vector<SharedBytes>& pieces) {
  std::vector<std::uint32_t> frames;
  for (const SharedBytes& piece : pieces)
    for (std::size_t at = 0; at < piece.size(); at += 4)
      frames.push_back(static_cast<std::uint32_t>(load_little_endian(piece.data() + at, 4)));
  return frames;
}
// Whether the second is the first with some left out.
template <class T>
bool is_part_in_order(const std::vector<T>& all, const std::vector<T>& part) {
  auto at = all.begin();
  for (const T& one : part) {
    at = std::find(at, all.end(), one);
    if (at++ == all.end()) return false;
  }
  return true;
}

// A guest that plays a sweep and listens to one, raw, on a network drawn by the test.
Scenario raw_sound() {
  Scenario scenario = value(load_scenario(sound_file));
  scenario.seconds = scenario.guest.seconds = 3;
  scenario.guest.sound->playback.volumes.clear();
  scenario.guest.sound->record.volumes.clear();
  scenario.guest.sound->flip_compression_ms = 0;
  scenario.server.playback_compression = false;
  scenario.client.sound.opus = false;
  scenario.client.sound.microphone = audio::ToneKind::sweep;
  scenario.client.sound.microphone_block = *rc::gen::inRange(100u, 2000u);
  scenario.client.connect_at_ms = *rc::gen::inRange(0u, 1500u);
  LinkProfile& network = scenario.network;
  network.latency = std::chrono::milliseconds(*rc::gen::inRange(0, 80));
  network.jitter = std::chrono::milliseconds(*rc::gen::inRange(0, 40));
  network.bits_per_second = *rc::gen::element<std::uint64_t>(0, 700'000, 2'000'000, 50'000'000);
  network.window = *rc::gen::inRange<std::size_t>(1'000, 50'000);
  network.segment_min = *rc::gen::inRange<std::size_t>(1, 500);
  network.segment_max = network.segment_min + *rc::gen::inRange<std::size_t>(0, 5'000);
  network.stall_per_million = *rc::gen::element<std::uint32_t>(0, 5'000);
  network.stall = std::chrono::milliseconds(300);
  return scenario;
}

}  // namespace

TEST_CASE("the sound scenario runs without a finding, and replays identically both ways",
          "[sound]") {
  const Scratch scratch;
  const fs::path file = scratch / "a.spicerec";
  const SimulationReport report = record(value(load_scenario(sound_file)), file);
  CHECK_FALSE(report.finding);
  REQUIRE(report.heard);
  CHECK(report.heard->streams == 3);
  CHECK(report.heard->frames == report.sound.frames_played);
  CHECK(report.heard->underruns == 0);
  CHECK(report.sound.frames_recorded > 100'000);
  for (const Against against : {Against::server, Against::client}) {
    const auto replayed = value(replay(open(file), against));
    INFO((replayed.divergence ? replayed.divergence->text() : ""));
    CHECK_FALSE(replayed.divergence);
  }
}

TEST_CASE("on any network raw sound arrives as it was played, but for the frames replaced",
          "[sound]") {
  rc::prop("any network", [] {
    const Scratch scratch;
    const SimulationReport report = record(raw_sound(), scratch / "a.spicerec");
    RC_ASSERT(!report.finding);
    const auto recording = open(scratch / "a.spicerec");
    const auto played = data_of<wire::sound::PlaybackSamples>(recording);
    const auto sent = data_of<wire::playback::Data>(recording);
    RC_CLASSIFY(report.server.sound_replaced > 0, "frames replaced");
    RC_ASSERT(is_part_in_order(played, sent));
    RC_ASSERT(sent.size() == report.server.sound_sent);
    RC_ASSERT(played.size() ==
              sent.size() + report.server.sound_replaced + report.server.sound_unheard);
    RC_ASSERT(report.heard->heard == hash_of(sent));

    const auto said = data_of<wire::record::Data>(recording);
    const auto read = data_of<wire::sound::RecordSamples>(recording);
    RC_ASSERT(report.microphone->recorded == hash_of(said));
    RC_ASSERT(report.sound.recorded == hash_of(read));
    RC_ASSERT(is_part_in_order(frames_of(said), frames_of(read)));
  });
}

TEST_CASE("every packet of real sessions is ten milliseconds of sound", "[sound]") {
  for (const auto& [name, mode, played, recorded] :
       {std::tuple{"q-audio-opus", wire::audio::mode_opus, 398u, 295u},
        std::tuple{"q-audio-raw-servermouse", wire::audio::mode_raw, 148u, 100u}}) {
    INFO(name);
    const Scratch scratch;
    value(recorder::import_capture(source / "corpus/captures" / name / "capture.pcapng.zst",
                                   scratch / "a.spicerec"));
    const auto recording = open(scratch / "a.spicerec");
    const auto decoded = [](const std::vector<SharedBytes>& packets, std::uint16_t in_mode) {
      const auto decoder = value(audio::make_audio_decoder(in_mode, {}));
      for (const SharedBytes& packet : packets)
        REQUIRE(value(decoder->decode(packet)).size() == 960);
      return packets.size();
    };
    CHECK(decoded(data_of<wire::playback::Data>(recording), mode) == played);
    CHECK(decoded(data_of<wire::record::Data>(recording), wire::audio::mode_opus) == recorded);
  }
}

TEST_CASE("at every rate, all that is played is heard and all that is asked for recorded",
          "[sound]") {
  for (const std::uint32_t rate : {8000u, 12000u, 16000u, 24000u, 44100u, 48000u, 192'000u})
    for (const bool opus : {true, false}) {
      INFO(rate << " Hz, " << (opus ? "Opus" : "raw"));
      Scenario scenario = value(load_scenario(sound_file));
      scenario.guest.sound->flip_compression_ms = 0;
      scenario.guest.sound->playback.rate = scenario.guest.sound->record.rate = rate;
      scenario.client.sound.opus = opus;
      const SimulationReport report = simulate(scenario);
      INFO((report.finding ? report.finding->text() : ""));
      CHECK_FALSE(report.finding);
      CHECK(report.server.sound_replaced == 0);
      CHECK(report.heard->frames == report.sound.frames_played);
      // 3.6 s, less the period that each of three times on ends within.
      CHECK(report.sound.frames_played + 3 * 480 >= 3'600 * rate / 1000);
      CHECK(report.microphone->packets == report.server.recorded + report.server.recorded_unasked);
      CHECK(report.sound.frames_recorded > 0);
      const bool carried = audio::opus_carries(rate);
      CHECK(report.heard->mode == (opus && carried ? 3 : 1));
      CHECK(report.microphone->mode == (opus && carried ? 3 : 1));
    }
}

TEST_CASE("a guest without sound says nothing of it", "[sound]") {
  const Scratch scratch;
  record(short_desktop(), scratch / "a.spicerec");
  CHECK(data_of<wire::sound::PlaybackSamples>(open(scratch / "a.spicerec")).empty());
  CHECK_FALSE(simulate(short_desktop()).heard);
}

TEST_CASE("a stopped machine is silent, and plays on when it goes on", "[sound]") {
  Scenario scenario = value(load_scenario(sound_file));
  scenario.guest.stops = {{.at_ms = 700, .for_ms = 300}, {.at_ms = 2'000, .for_ms = 1}};
  const SimulationReport report = simulate(scenario);
  INFO((report.finding ? report.finding->text() : ""));
  CHECK_FALSE(report.finding);
  CHECK(report.heard->streams == 5);
  CHECK(report.heard->frames == report.sound.frames_played);
}

TEST_CASE("the keys of sound are read, kept and checked", "[sound]") {
  const Scenario scenario = value(load_scenario(sound_file));
  CHECK(to_json(value(scenario_from_json(to_json(scenario)))) == to_json(scenario));
  const auto wrong = [](const char* text) {
    const auto refused = scenario_from_json(nlohmann::json::parse(text));
    return refused ? std::string("taken") : refused.error().path;
  };
  CHECK(wrong(R"({"guest": {"sound": {"plays": "drums"}}})") == "guest.sound.plays");
  CHECK(wrong(R"({"guest": {"sound": {"playback": {"rate": 7999}}}})") ==
        "guest.sound.playback.rate");
  CHECK(wrong(R"({"guest": {"sound": {"record": {"volumes": [1, 65536]}}}})") ==
        "guest.sound.record.volumes[1]");
  CHECK(wrong(R"({"guest": {"sound": {"record": {"on_ms": 0}}}})") == "guest.sound.record.on_ms");
  CHECK(wrong(R"({"client": {"sound": {"microphone": "x"}}})") == "client.sound.microphone");
  CHECK(wrong(R"({"client": {"sound": {"microphone_block": 0}}})") ==
        "client.sound.microphone_block");
  CHECK(wrong(R"({"server": {"playback_latency_ms": 60001}})") == "server.playback_latency_ms");
}
