// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>

#include "core/draw/surface.hpp"
#include "core/image/decode.hpp"
#include "core/image/png.hpp"
#include "replayer/replay/replay.hpp"
#include "replayer/scenario/qxl_scenario.hpp"
#include "tests/replayer/support.hpp"

// Real recordings of guests, done again by our guest on our device, server and client.
using namespace spicebench;
using namespace spicebench::replayer;
using namespace spicebench::test;

namespace {

fs::path recording_of(const std::string& name) {
  return source / "corpus/qxl-recordings" / name / "recording.qxl.zst";
}
Scenario quick(const std::string& name) {
  auto played = value(qxl_scenario(recording_of(name), std::nullopt, 100));
  CHECK(played.notices.empty());
  played.scenario.guest.cost_profile = "fast-test";
  return std::move(played.scenario);
}
void check_picture(const std::string& name, const SimulationReport& report) {
  INFO(name << ": " << (report.finding ? report.finding->text() : "no finding"));
  CHECK_FALSE(report.finding.has_value());  // the client shows what the guest has, among others
  REQUIRE(report.framebuffer.has_value());
  const auto& found = *report.framebuffer;
  const auto expected =
      value(image::decode_png(read_bytes(recording_of(name).parent_path() / "screen.png")));
  CHECK(draw::same_picture(image::convert(expected.view(), found.format).view(), found.view()));
}

}  // namespace

TEST_CASE("a recorded guest gives its picture on our device, and the client shows it",
          "[qxl][simulate]") {
  const std::string name = GENERATE("r-qemu-bios", "r-draw-cursors", "r-draw-all", "r-draw-16bit",
                                    "r-draw-images", "r-draw-shapes-text", "r-draw-surfaces",
                                    "r-xspice-windows", "r-xspice-x11perf", "r-xspice-xterm");
  check_picture(name, simulate(quick(name)));
}

TEST_CASE("the run of a recorded guest is replayed from its recording alone", "[qxl][replay]") {
  const Scratch scratch;
  const fs::path file = scratch / "a.spicerec";
  const auto report = record(quick("r-qemu-bios"), file);
  CHECK_FALSE(report.finding.has_value());
  const auto recording = open(file);
  for (const Against against : {Against::server, Against::client})
    CHECK(value(replay(recording, against)).identical());
}

TEST_CASE("pauses of a recorded guest are as recorded, or cut", "[qxl][simulate]") {
  const auto as_recorded = value(qxl_scenario(recording_of("r-qemu-bios"))).scenario;
  const auto cut = value(qxl_scenario(recording_of("r-qemu-bios"), std::nullopt, 1)).scenario;
  CHECK(as_recorded.seconds > 10);
  CHECK(cut.seconds == 1);
  CHECK(simulate(as_recorded).ended > instant(10'000'000'000));
  CHECK(simulate(cut).ended < instant(2'000'000'000));
  CHECK(as_recorded.guest.recording == cut.guest.recording);
}
