// SPDX-License-Identifier: LGPL-2.1-or-later
// The same guest behind the real server and behind ours: the same pixels at a real client, and no
// more bytes for them.
#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "recorder/import/capture_file.hpp"
#include "tests/peers/support.hpp"

using namespace spicebench;
using namespace spicebench::test;

namespace {

fs::path recording_of(const std::string& name) {
  return fs::path(SPICEBENCH_SOURCE_DIR) / "corpus/qxl-recordings" / name / "recording.qxl.zst";
}

struct Shown {
  image::Pixmap screen;
  std::uint64_t display_bytes = 0;
};

// What spice-gtk shows of a server, and what its display channel read for it.
Shown shown(const Scratch& scratch, std::uint16_t port) {
  const fs::path shot = scratch / "shot.ppm";
  fs::remove(shot);
  const auto ended = run(scratch, spice_gtk({fmt::format("spice://127.0.0.1:{}", port), "--shot",
                                             shot.string(), "sleep", "2", "quiet"}));
  INFO(ended.output);
  REQUIRE(ended.in_time);
  const std::size_t done = ended.output.find("{\"event\": \"done\"");
  REQUIRE(done != std::string::npos);
  const auto json =
      nlohmann::json::parse(ended.output.substr(done, ended.output.find('\n', done) - done));
  return {read_ppm(shot), json["read_bytes"]["display"].get<std::uint64_t>()};
}

struct Case {
  std::string recording, compression;
  bool wan = false;
};

Shown by_real_server(const Scratch& scratch, const Case& which) {
  const fs::path plain = scratch / "recording.qxl", log = scratch / "real.log";
  write_bytes(plain, value(recorder::read_capture_file(recording_of(which.recording),
                                                       std::uint64_t{1} << 30)));
  auto server = value(live::ChildProcess::start(
      {SPICEBENCH_REAL_SERVER, which.compression, which.wan ? "always" : "never", plain.string()},
      log));
  const std::uint16_t port = listening_port(log, server);
  Shown out = shown(scratch, port);
  server.wait(std::chrono::seconds(20));
  return out;
}

Shown by_ours(const Scratch& scratch, const Case& which) {
  const std::string wan = which.wan ? "always" : "never";
  Served served(scratch,
                fmt::format("name = \"x\"\n[server]\ncompression = \"{}\"\njpeg_wan_compression = "
                            "\"{}\"\nzlib_glz_wan_compression = \"{}\"\n",
                            which.compression, wan, wan),
                {"--qxl", recording_of(which.recording).string(), "--longest-pause", "0", "--wait",
                 "--once"});
  Shown out = shown(scratch, served.port());
  INFO(served.wait());
  if (!which.wan) CHECK(difference(served.screen(), out.screen) == "");
  return out;
}

std::uint64_t median(std::vector<std::uint64_t> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

void compare(const Case& which, int runs) {
  INFO(which.recording << ", " << which.compression << (which.wan ? ", slow link" : ""));
  std::vector<std::uint64_t> real_bytes, our_bytes;
  for (int i = 0; i < runs; ++i) {
    const Scratch scratch;
    const Shown real = by_real_server(scratch, which), ours = by_ours(scratch, which);
    CHECK(difference(real.screen, ours.screen) == "");
    real_bytes.push_back(real.display_bytes);
    our_bytes.push_back(ours.display_bytes);
  }
  INFO("bytes: real " << median(real_bytes) << ", ours " << median(our_bytes));
  CHECK(median(our_bytes) * 100 <= median(real_bytes) * 105);
}

const std::vector<Case> cases = [] {
  std::vector<Case> all;
  for (const char* recording : {"r-draw-all", "r-draw-images", "r-xspice-windows"}) {
    for (const char* codec : {"off", "quic", "lz", "glz", "lz4", "auto_lz", "auto_glz"})
      all.push_back({recording, codec});
    all.push_back({recording, "auto_glz", true});
  }
  return all;
}();

bool has_both() {
  return has_real_server() && has_spice_gtk();
}

}  // namespace

TEST_CASE("a QXL recording through this server and the real one: same pixels, bytes within 5 %",
          "[peer][same]") {
  if (!has_both()) return;
  // Others for each commit.
  for (std::size_t i = 0; i < 3; ++i) compare(cases[(Catch::rngSeed() + i * 7) % cases.size()], 1);
}

TEST_CASE("the same for every recording and codec, the median of three runs", "[.][peer][long]") {
  if (!has_both()) return;
  for (const Case& which : cases) compare(which, 3);
}
