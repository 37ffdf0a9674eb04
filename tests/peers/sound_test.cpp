// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>

#include "tests/peers/support.hpp"

// spice-gtk hears the guest, and is heard.
using namespace spicebench;
using namespace spicebench::test;

namespace {

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// Two seconds and a half of a guest that plays and listens nearly all the time.
std::string guest_with_sound(const std::string& server) {
  return "name = \"sound\"\nseed = 1\nseconds = 4\n"
         "[guest]\nworkload = \"desktop\"\n"
         "[guest.sound]\n"
         "[guest.sound.playback]\nfrom_ms = 1_500\non_ms = 1_000\npause_ms = 100\n"
         "volumes = [65_535, 30_000, 0]\n"
         "[guest.sound.record]\nfrom_ms = 1_500\non_ms = 1_000\npause_ms = 100\n"
         "volumes = [20_000]\n"
         "[server]\n" +
         server;
}

// The value of a number in the last event of a kind that the client printed.
std::uint64_t number_in(const std::string& output, const std::string& event,
                        const std::string& field) {
  const auto line = output.rfind("\"event\": \"" + event + "\"");
  REQUIRE(line != std::string::npos);
  const auto at = output.find("\"" + field + "\": ", line);
  REQUIRE(at != std::string::npos);
  return std::stoull(output.substr(at + field.size() + 4));
}
std::uint64_t number_before(const std::string& text, const std::string& words) {
  const auto end = text.find(words);
  REQUIRE(end != std::string::npos);
  const auto begin = text.rfind(' ', end - 1) + 1;
  return std::stoull(text.substr(begin, end - begin));
}

}  // namespace

TEST_CASE("spice-gtk hears what the guest plays, in Opus and raw, and the guest hears it",
          "[peer][sound]") {
  if (!has_spice_gtk()) return;
  for (const bool opus : {true, false}) {
    INFO((opus ? "Opus" : "raw"));
    const Scratch scratch;
    const fs::path recording = scratch / "a.spicerec";
    Served served(
        scratch,
        guest_with_sound(opus ? "playback_latency_ms = 250\n" : "playback_compression = false\n"),
        {"--once", "--record", recording.string()});
    const auto ended = run(scratch, spice_gtk({served.uri(), "sleep", "4.5", "quiet"}));
    INFO(ended.output);
    REQUIRE(ended.in_time);
    CHECK(contains(ended.output, "\"done\""));
    CHECK(contains(ended.output, "\"playback-start\", \"channels\": 2, \"rate\": 48000"));
    CHECK(contains(ended.output, "\"volume\": [65535, 65535]"));
    CHECK(contains(ended.output, "\"volume\": [30000, 30000]"));
    CHECK(contains(ended.output, "\"mute\": true"));
    CHECK(contains(ended.output, "\"ms\": 250") == opus);
    const std::string said = served.wait();
    INFO(said);
    CHECK_FALSE(contains(said, "error"));

    // Whatever was sent was played.
    const std::uint64_t sent = number_before(said, " packets sent");
    CHECK(sent > 100);
    CHECK(number_in(ended.output, "playback-stop", "bytes") == sent * 480 * 4);
    // Nearly all of what was recorded arrived: what is in the ring at the end is not read.
    const std::uint64_t recorded = number_in(ended.output, "record-stop", "bytes") / 4;
    const std::uint64_t arrived = number_before(said, " frames recorded");
    CHECK(arrived > 20'000);
    CHECK(arrived <= recorded);

    const auto replayed =
        run(scratch, {SPICEBENCH_BINARY, "replay", "--against", "server", recording.string()});
    CHECK(contains(replayed.output, "server identical"));
  }
}
