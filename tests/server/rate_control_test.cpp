// SPDX-License-Identifier: LGPL-2.1-or-later
// The two rate controls of video, on made-up frames (display-pipeline.md §18.4, §18.5).
#include <catch2/catch.hpp>
#include <functional>

#include "server/video/buffered_rate.hpp"
#include "server/video/mjpeg_rate.hpp"

namespace spicebench::server {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// A source of frames whose size depends on what the rate control asks for.
struct Source {
  RateControl& rate;
  std::function<std::size_t(const video::VideoTarget&)> size;
  std::uint32_t fps = 25;
  Instant now = instant(0);
  std::uint64_t bytes = 0;
  int coded = 0, left_out = 0;
  video::VideoTarget last{};

  void run(Duration time) {
    const Instant end = now + time;
    for (; now < end; now += Duration{1'000'000'000 / fps}) {
      const auto target =
          rate.begin({.now = now,
                      .mm_time = static_cast<std::uint32_t>(nanoseconds(now) / 1'000'000),
                      .frames_per_second = fps});
      if (!target) {
        ++left_out;
        continue;
      }
      last = *target;
      const std::size_t came_to = size(*target);
      bytes += came_to;
      ++coded;
      rate.coded(came_to);
    }
  }
  wire::display::StreamReport report(std::int32_t delay, std::uint32_t drops = 0) const {
    const auto ms = static_cast<std::uint32_t>(nanoseconds(now) / 1'000'000);
    return {.start_frame_mm_time = ms - 200,
            .end_frame_mm_time = ms,
            .num_frames = 5,
            .num_drops = drops,
            .last_frame_delay = delay,
            .audio_delay = UINT32_MAX};
  }
};

std::size_t by_quality(const video::VideoTarget& target) {
  return static_cast<std::size_t>(target.quality) * 100;
}

}  // namespace

TEST_CASE("Motion JPEG takes the best quality where there is room for it", "[server][video]") {
  MjpegRate rate({.bits_per_second = 10'000'000});
  Source source{rate, by_quality};
  source.run(seconds(5));
  CHECK(source.last.quality == 80);
  CHECK(source.left_out == 0);
}

TEST_CASE("Motion JPEG gives up quality, then frames, where there is not", "[server][video]") {
  // 5000 bytes a frame of quality 50: ten a second.
  MjpegRate rate({.bits_per_second = 8 * 50'000});
  Source source{rate, by_quality};
  source.run(seconds(20));
  CHECK(source.last.quality < 80);
  CHECK(source.left_out > 0);
  CHECK(source.bytes <= 20 * 50'000 * 11 / 10);
  CHECK(source.bytes >= 20 * 50'000 / 2);
}

TEST_CASE("Motion JPEG goes down when frames are lost on the way out, after the first 3 s",
          "[server][video]") {
  MjpegRate rate({.bits_per_second = 2'000'000});
  Source source{rate, by_quality};
  source.run(seconds(2));
  const std::uint64_t first = rate.bits_per_second();
  for (int i = 0; i < 30; ++i) rate.dropped_unsent();
  source.run(milliseconds(500));
  CHECK(rate.bits_per_second() == first);
  source.run(seconds(3));
  for (int i = 0; i < 60; ++i) rate.dropped_unsent();
  source.run(seconds(2));
  CHECK(rate.bits_per_second() < first);
}

TEST_CASE("Motion JPEG goes down on reports of late frames and up again on good ones",
          "[server][video]") {
  MjpegRate rate({.bits_per_second = 2'000'000});
  Source source{rate, by_quality};
  source.run(seconds(4));
  const std::uint64_t first = rate.bits_per_second();
  rate.report(source.report(-16));
  const std::uint64_t lower = rate.bits_per_second();
  CHECK(lower < first);
  source.run(seconds(6));
  for (int i = 0; i < 20; ++i) {
    rate.report(source.report(400));
    source.run(seconds(1));
  }
  CHECK(rate.bits_per_second() > lower);
}

TEST_CASE("a slow link makes clients show later, but not by more than 5 s", "[server][video]") {
  MjpegRate slow({.bits_per_second = 40'000, .round_trip = milliseconds(200)});
  Source source{slow, by_quality};
  source.run(seconds(10));
  CHECK(slow.wanted_delay_ms() > 400);
  MjpegRate hopeless({.bits_per_second = 800});
  Source other{hopeless, by_quality};
  other.run(seconds(10));
  CHECK(hopeless.wanted_delay_ms() == 5000);
}

TEST_CASE("frames that do not fit the virtual buffer are left out", "[server][video]") {
  BufferedRate rate({.bits_per_second = 1'000'000, .raw_frame_bytes = 400'000});
  // An encoder that makes twice of what it is told.
  Source source{rate, [](const video::VideoTarget& target) {
                  return std::size_t{target.bits_per_second} / target.frames_per_second / 8 * 2;
                }};
  source.run(seconds(10));
  CHECK(source.left_out > 50);
  // Nobody complains, so the rate grows meanwhile; what is sent keeps to it.
  CHECK(source.bytes * 8 <= 10 * rate.bits_per_second() * 12 / 10);
}

TEST_CASE("a second's worth of lost frames halves the bit rate; clean reports raise it again",
          "[server][video]") {
  BufferedRate rate({.bits_per_second = 4'000'000, .raw_frame_bytes = 400'000});
  Source source{rate, [](const video::VideoTarget& target) {
                  return std::size_t{target.bits_per_second} / target.frames_per_second / 8;
                }};
  source.run(seconds(1));
  for (int i = 0; i < 25; ++i) rate.dropped_unsent();
  const std::uint64_t low = rate.bits_per_second();
  CHECK(low < 2'500'000);
  CHECK(low >= 128 * 1024);
  for (int i = 0; i < 30; ++i) {
    source.run(seconds(1));
    rate.report(source.report(300));
  }
  CHECK(rate.bits_per_second() > low);
  rate.report(source.report(300, 3));  // lost at the client
  CHECK(rate.bits_per_second() < 4'000'000);
}

TEST_CASE("the bit rate of video stays within its bounds, whatever is reported",
          "[server][video]") {
  BufferedRate rate({.bits_per_second = 4'000'000, .raw_frame_bytes = 40'000});
  Source source{rate, [](const video::VideoTarget&) { return std::size_t{4000}; }};
  for (int i = 0; i < 200; ++i) {
    source.run(milliseconds(200));
    rate.report(source.report(i % 7 * 100 - 300, i % 3 == 0 ? 5 : 0));
    if (i % 5 == 0) rate.dropped_unsent();
    REQUIRE(rate.bits_per_second() >= 128 * 1024);
    REQUIRE(rate.bits_per_second() <= 40'000 * 8 * 25 / 10);
  }
}

}  // namespace spicebench::server
