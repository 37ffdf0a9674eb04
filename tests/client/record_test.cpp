// SPDX-License-Identifier: LGPL-2.1-or-later
// P-REC, H-REC: the entries of the list of checks of the record channel that are the client's.
#include <catch2/catch.hpp>

#include "core/audio/tone.hpp"
#include "tests/client/fake_server.hpp"

namespace spicebench::client {
namespace {

using std::chrono::milliseconds;
using wire::ChannelType;

constexpr std::uint32_t server_takes_opus = 1 << 2;
constexpr int start = 101, stop = 102, volume = 103, mute = 104;
constexpr std::uint16_t data = 101, mode = 102, start_mark = 103;

struct Microphone {
  explicit Microphone(SoundOptions options = {}, std::uint32_t caps = 0)
      : server(ClientOptions{.sound = options}), link(bring_up(caps)) {}
  void begin(std::uint32_t rate = 48000, std::uint32_t channels = 2, std::uint16_t format = 1) {
    server.say(link, start, Body().u32(channels).u16(format).u32(rate));
  }
  RecordStatus status() const { return *server.client.record(); }
  FakeServer server;
  LinkId link;

 private:
  LinkId bring_up(std::uint32_t caps) {
    server.display_caps = caps;
    return server.bring_up(ChannelType::record);
  }
};

}  // namespace

TEST_CASE("the microphone begins with mode and mark, and gives a packet a period",
          "[client][sound]") {
  Microphone s;
  s.server.pass(milliseconds(50));
  CHECK(s.server.types(s.link).empty());
  s.begin();
  s.server.pass(milliseconds(1000));
  const auto frames = s.server.frames(s.link);
  REQUIRE(frames.size() == 102);
  CHECK(frames[0].type == mode);
  CHECK(frames[0].u(4, 2) == 1);
  CHECK(frames[1].type == start_mark);
  CHECK(frames[1].u(0, 4) == 60);  // INIT said 0 at 0
  audio::Tone tone(audio::ToneKind::tone, 48000, 330);
  for (std::size_t i = 2; i < frames.size(); ++i) {
    REQUIRE(frames[i].type == data);
    const Bytes expected = audio::bytes_of(tone.next(480, 2));
    REQUIRE(std::ranges::equal(BytesView(frames[i].body).subspan(4), expected));
  }
  s.server.say(s.link, stop);
  s.server.pass(milliseconds(1000));
  CHECK(s.server.types(s.link).empty());
  CHECK_FALSE(s.server.armed(s.link));
}

TEST_CASE("the microphone is Opus if both ends and the rate have it", "[client][sound]") {
  const auto mode_at = [](SoundOptions options, std::uint32_t caps, std::uint32_t rate) {
    Microphone s(options, caps);
    s.begin(rate);
    s.server.pass(milliseconds(100));
    const auto frames = s.server.frames(s.link);
    REQUIRE(frames.size() > 2);
    return frames[0].u(4, 2);
  };
  CHECK(mode_at({}, server_takes_opus, 48000) == 3);
  CHECK(mode_at({}, server_takes_opus, 44100) == 1);
  CHECK(mode_at({}, 0, 48000) == 1);
  CHECK(mode_at({.opus = false}, server_takes_opus, 48000) == 1);
}

TEST_CASE(
    "P-REC-5: packets have 480 frames whatever the microphone gives, the rest waits and "
    "goes at STOP",
    "[client][sound]") {
  for (const std::uint32_t block : {1u, 441u, 479u, 1000u, 4800u}) {
    Microphone s({.microphone_block = block});
    s.begin();
    s.server.pass(milliseconds(333));
    const auto frames = s.server.frames(s.link);
    const std::size_t got = 15'984 / block * block;  // whole blocks
    REQUIRE(frames.size() == got / 480 + 2);
    for (std::size_t i = 2; i < frames.size(); ++i) REQUIRE(frames[i].body.size() == 4 + 1920);
    s.server.say(s.link, stop);
    CHECK(s.status().dropped_frames == got % 480);
  }
}

TEST_CASE("a server that does not read gets no more than a bound of what is recorded",
          "[client][sound]") {
  Microphone s;
  s.begin();
  s.server.pass(std::chrono::minutes(2));  // far beyond the credit and the bound
  CHECK(s.server.take(s.link).size() <= std::size_t{1} << 20);
  const RecordStatus stalled = s.status();
  CHECK(stalled.dropped_packets > 10'000);
  CHECK(stalled.packets < 1'200);
  s.server.grant(s.link, 2 << 20);
  s.server.pass(milliseconds(100));
  CHECK(s.status().packets == stalled.packets + 10);
}

TEST_CASE("volume and mute are the microphone's too", "[client][sound]") {
  Microphone s;
  s.server.say(s.link, volume, Body().u8(1).u16(0));
  s.begin();
  s.server.pass(milliseconds(10));
  s.server.say(s.link, volume, Body().u8(1).u16(65535));
  s.server.say(s.link, mute, Body().u8(1));
  s.server.pass(milliseconds(10));
  for (const Frame& frame : s.server.frames(s.link))
    if (frame.type == data)
      for (std::size_t at = 4; at < frame.body.size(); ++at)
        REQUIRE(frame.body[at] == std::byte{0});
}

TEST_CASE("H-REC-6: absurd STARTs open nothing, a flood of them one microphone",
          "[client][sound]") {
  for (const auto& [rate, channels, format] : {std::tuple{48000u, 2u, std::uint16_t{0}},
                                               {48000u, 2u, std::uint16_t{255}},
                                               {7999u, 2u, std::uint16_t{1}}}) {
    Microphone s;
    s.begin(rate, channels, format);
    s.server.pass(milliseconds(100));
    CHECK_FALSE(s.status().open);
    CHECK(s.server.types(s.link).empty());
    CHECK(s.server.client.errors().size() == 1);
    CHECK_FALSE(s.server.client.ended());
  }
  Microphone bound;
  bound.begin(48000, 0);
  CHECK(bound.server.client.ended());
  Microphone s;
  for (int i = 0; i < 1000; ++i) {
    s.begin();
    if (i % 3 == 0) s.server.say(s.link, stop);
  }
  s.begin();
  s.server.pass(milliseconds(100));
  CHECK(s.server.types(s.link).size() == 12);  // of one
  s.server.say(s.link, stop);
  s.server.say(s.link, stop);
  CHECK_FALSE(s.server.client.ended());
}

}  // namespace spicebench::client
