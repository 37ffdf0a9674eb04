// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <sstream>

#include "recorder/digest.hpp"
#include "replayer/wiring/rolling_hash.hpp"
#include "replayer/wiring/screens.hpp"
#include "tests/replayer/support.hpp"

using namespace spicebench;
using namespace spicebench::replayer;
using namespace spicebench::test;

namespace {

std::pair<SimulationReport, Hash128> run(const Scenario& scenario, bool every_moment = false) {
  RollingHash hash;
  SimulationOptions options;
  options.taps = {&hash};
  options.check_every_quiet_moment = every_moment;
  auto report = simulate(scenario, options);
  return {std::move(report), hash.value()};
}

}  // namespace

TEST_CASE("the client shows what the guest drew at every quiet moment", "[simulate]") {
  const auto [report, hash] = run(short_desktop(), true);
  INFO((report.finding ? report.finding->text() : ""));
  CHECK_FALSE(report.finding.has_value());
  CHECK(report.screens_compared > 100);
  CHECK(report.width == 1024);
  CHECK(report.machine.draws_fetched > 100);
  CHECK(report.machine.draws_fetched == report.machine.draws_pushed);
  CHECK(report.machine.outstanding <= 1);  // the cursor's shape stays with the server
  CHECK(report.server.cache_hits > 0);
  CHECK(report.server.motion_acks > 2);
  CHECK(report.server.keys > 50);
  CHECK(report.machine.keys_seen > 25);
  CHECK(report.machine.buttons_seen == 4);  // the left one twice, the right one twice
}

TEST_CASE("the same seed gives the same run, another seed another", "[simulate][determinism]") {
  const auto first = run(short_desktop(7)).second;
  CHECK(first == run(short_desktop(7)).second);
  CHECK(first != run(short_desktop(8)).second);
}

TEST_CASE("a run is not changed by being recorded", "[simulate][determinism]") {
  const Scratch scratch;
  const auto scenario = short_desktop();
  auto writer = value(recorder::Writer::create(scratch / "a.spicerec"));
  RollingHash hash;
  SimulationOptions options;
  options.writer = &writer;
  options.taps = {&hash};
  simulate(scenario, options);
  value(writer.finish());
  CHECK(hash.value() == run(scenario).second);
}

TEST_CASE("two recordings of one seed have the same digest, layer by layer",
          "[simulate][determinism]") {
  const Scratch scratch;
  record(short_desktop(), scratch / "a.spicerec");
  record(short_desktop(), scratch / "b.spicerec");
  const auto a = value(recorder::digest_of(open(scratch / "a.spicerec")));
  const auto b = value(recorder::digest_of(open(scratch / "b.spicerec")));
  CHECK(a.text() == b.text());
  CHECK(a.lines.size() > 6);  // guest, device, user, four channels, screens
}

TEST_CASE("the desktop scenario gives the committed digest", "[simulate][golden]") {
  const Scratch scratch;
  const auto scenario = value(load_scenario(desktop_file));
  const auto report = record(scenario, scratch / "desktop.spicerec");
  INFO((report.finding ? report.finding->text() : ""));
  CHECK_FALSE(report.finding.has_value());
  CHECK(report.machine.draws_fetched >= 2000);
  CHECK(report.server.cache_evictions > 0);
  const auto digest = value(recorder::digest_of(open(scratch / "desktop.spicerec")));
  std::string golden(as_text(read_bytes(source / "corpus/scenarios/desktop.digest")));
  // One line a layer, so that a change says where it is. Explain it in the commit that takes it on.
  CHECK(digest.text() == golden);
}

TEST_CASE("what a peer noted as an error is the run's finding", "[simulate]") {
  auto scenario = short_desktop();
  scenario.client.password = "wrong";
  const auto [report, hash] = run(scenario);
  REQUIRE(report.finding.has_value());
  CHECK(report.finding->expected == "no error");
}

TEST_CASE("differing pictures are told with a pixel and the box around all that differs",
          "[simulate][screens]") {
  constexpr std::uint32_t side = 8;
  Bytes expected(side * side * 4), found;
  found = expected;
  const auto view = [](const Bytes& bytes) {
    return image::PixelView{side, side, wire::display::surface_32_xrgb, bytes.data(), side * 4};
  };
  CHECK_FALSE(compare_pictures(view(expected), view(found), Instant{}).has_value());
  found[(2 * side + 3) * 4 + 3] = std::byte{1};  // padding: nobody sees it
  CHECK_FALSE(compare_pictures(view(expected), view(found), Instant{}).has_value());
  found[(2 * side + 5) * 4] = std::byte{0xff};
  found[(6 * side + 1) * 4 + 1] = std::byte{0xff};
  const auto divergence = compare_pictures(view(expected), view(found), Instant{});
  REQUIRE(divergence.has_value());
  CHECK(divergence->area == wire::display::Rect{2, 1, 7, 6});
  CHECK(divergence->found == "0x000000ff at x 5, y 2");
  auto smaller = view(found);
  smaller.width = 4;
  CHECK(compare_pictures(view(expected), smaller, Instant{}).has_value());
}

TEST_CASE("pictures of single bits are compared, too", "[simulate][screens]") {
  Bytes expected(4), found(4);
  const auto view = [](const Bytes& bytes) {
    return image::PixelView{7, 1, wire::display::surface_1_a, bytes.data(), 4};
  };
  CHECK_FALSE(compare_pictures(view(expected), view(found), Instant{}).has_value());
  found[0] = std::byte{4};
  CHECK(compare_pictures(view(expected), view(found), Instant{}).has_value());
}
