// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>

#include "tests/peers/support.hpp"

// Real clients in front of `spicebench serve`.
using namespace spicebench;
using namespace spicebench::test;

namespace {

const std::string quiet_for_good = "2.5";  // seconds, from the start of a guest that draws for one

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("spicy-screenshot gets the guest's screen, every pixel", "[peer]") {
  if (!has_program("spicy-screenshot")) return;
  for (const char* workload : {"desktop", "office", "boot"}) {
    INFO(workload);
    const Scratch scratch;
    Served served(scratch, scenario_of(workload), {"--once"});
    live::pause(std::chrono::milliseconds(2'500));
    const auto ended = run(scratch, {"spicy-screenshot", "--uri=" + served.uri(),
                                     "--out-file=" + (scratch / "shot.ppm").string()});
    INFO(ended.output);
    REQUIRE(ended.in_time);
    served.wait();
    CHECK(difference(served.screen(), read_ppm(scratch / "shot.ppm")) == "");
  }
}

TEST_CASE("what spice-gtk shows is the guest's screen, and what its user does arrives", "[peer]") {
  if (!has_spice_gtk()) return;
  const Scratch scratch;
  Served served(scratch, scenario_of("desktop"),
                {"--once", "--record", (scratch / "a.spicerec").string()});
  // From the first moment on: what it gets is drawn meanwhile.
  const auto ended =
      run(scratch, spice_gtk({served.uri(), "--shot", (scratch / "shot.ppm").string(), "key", "30",
                              "key", "48", "motion", "5", "5", "motion", "-3", "4", "click", "1",
                              "sleep", quiet_for_good, "quiet"}));
  INFO(ended.output);
  REQUIRE(ended.in_time);
  CHECK(contains(ended.output, "\"done\""));
  const std::string said = served.wait();
  INFO(said);
  CHECK(contains(said, "saw 2 keys, 2 motions, 1 buttons"));
  CHECK_FALSE(contains(said, "error"));
  CHECK(difference(served.screen(), read_ppm(scratch / "shot.ppm")) == "");

  // The recording of it is as good as one of a simulation.
  const auto replayed = run(scratch, {SPICEBENCH_BINARY, "replay", "--against", "server",
                                      (scratch / "a.spicerec").string()});
  CHECK(contains(replayed.output, "server identical"));
}

TEST_CASE("each lossless codec shows spice-gtk the guest's screen", "[peer]") {
  if (!has_spice_gtk()) return;
  for (const char* compression : {"off", "quic", "lz", "glz", "lz4", "auto_lz", "auto_glz"}) {
    INFO(compression);
    const Scratch scratch;
    Served served(scratch, scenario_of("browser"), {"--once", "--compression", compression});
    const auto ended =
        run(scratch, spice_gtk({served.uri(), "--shot", (scratch / "shot.ppm").string(), "sleep",
                                quiet_for_good, "quiet"}));
    INFO(ended.output);
    CHECK(contains(ended.output, "\"done\""));
    const std::string said = served.wait();
    INFO(said);
    CHECK(difference(served.screen(), read_ppm(scratch / "shot.ppm")) == "");
  }
}

TEST_CASE("a wrong ticket is refused, the right one admitted", "[peer]") {
  if (!has_spice_gtk()) return;
  const Scratch scratch;
  Served served(scratch, scenario_of("desktop"), {"--password", "sesame"});
  const auto wrong = run(scratch, spice_gtk({served.uri(), "--password", "barley", "quiet"}));
  INFO(wrong.output);
  CHECK(contains(wrong.output, "error-auth"));
  const auto right = run(scratch, spice_gtk({served.uri(), "--password", "sesame", "quiet"}));
  INFO(right.output);
  CHECK(contains(right.output, "\"done\""));
  CHECK(contains(served.interrupt(), "the ticket is not valid (ended)"));
}

TEST_CASE("a client that is killed leaves the server to the next one", "[peer]") {
  if (!has_spice_gtk()) return;
  const Scratch scratch;
  Served served(scratch, scenario_of("desktop"));
  {
    auto first = value(
        live::ChildProcess::start(spice_gtk({served.uri(), "sleep", "30"}), scratch / "first.log"));
    live::pause(std::chrono::seconds(1));
    REQUIRE(first.running());
  }  // killed here
  const auto second =
      run(scratch, spice_gtk({served.uri(), "--shot", (scratch / "shot.ppm").string(), "sleep",
                              quiet_for_good, "quiet"}));
  INFO(second.output);
  CHECK(contains(second.output, "\"done\""));
  const std::string said = served.interrupt();
  INFO(said);
  CHECK(contains(said, "in 2 sessions"));
  CHECK(difference(served.screen(), read_ppm(scratch / "shot.ppm")) == "");
}

TEST_CASE("two clients at once: one is killed, the other sees the guest's screen to the end",
          "[peer]") {
  if (!has_spice_gtk()) return;
  const Scratch scratch;
  Served served(scratch, scenario_of("desktop", "max_clients = 2"));
  auto killed = std::make_optional(value(
      live::ChildProcess::start(spice_gtk({served.uri(), "sleep", "30"}), scratch / "first.log")));
  auto other = value(
      live::ChildProcess::start(spice_gtk({served.uri(), "--shot", (scratch / "shot.ppm").string(),
                                           "key", "30", "sleep", quiet_for_good, "quiet"}),
                                scratch / "second.log"));
  live::pause(std::chrono::milliseconds(1'300));
  REQUIRE(killed->running());
  killed.reset();
  REQUIRE(other.wait(std::chrono::seconds(30)));
  const std::string told(as_text(read_bytes(scratch / "second.log")));
  INFO(told);
  CHECK(contains(told, "\"done\""));
  const std::string said = served.interrupt();
  INFO(said);
  CHECK(contains(said, "in 2 sessions"));
  CHECK(contains(said, "saw 1 keys"));
  CHECK(difference(served.screen(), read_ppm(scratch / "shot.ppm")) == "");
}

TEST_CASE("five hundred connections that come and go leave nothing behind", "[peer]") {
  const Scratch scratch;
  Served served(scratch, scenario_of("desktop"));
  const fs::path process = fs::path("/proc") / std::to_string(served.process().id());
  const auto descriptors = [&process] {
    return std::distance(fs::directory_iterator(process / "fd"), fs::directory_iterator());
  };
  const auto resident_pages = [&process] {
    std::ifstream in(process / "statm");
    long size = 0, resident = 0;
    in >> size >> resident;
    return resident;
  };
  // Half of them say something, and half of those a whole link message.
  const std::string link_message =
      "b'REDQ' + struct.pack('<IIIIBBIII', 2, 2, 18, 0, 1, 0, 0, 0, 18)";
  const auto connect = [&](int times) {
    const auto ended = run(scratch, {"/usr/bin/python3", "-c",
                                     "import socket, struct\n"
                                     "message = " +
                                         link_message +
                                         "\n"
                                         "for i in range(" +
                                         std::to_string(times) +
                                         "):\n"
                                         "    s = socket.create_connection(('127.0.0.1', " +
                                         std::to_string(served.port()) +
                                         "))\n"
                                         "    s.sendall(message[:[0, 9, len(message), 0][i % 4]])\n"
                                         "    if i % 4 == 2: s.recv(4)\n"
                                         "    s.close()\n"
                                         "print('all')"});
    INFO(ended.output);
    REQUIRE(contains(ended.output, "all"));
    live::pause(std::chrono::milliseconds(2'500));  // the longest that a closed one is kept
  };
  live::pause(std::chrono::milliseconds(1'500));
  connect(100);
  const auto before = descriptors();
  const long pages = resident_pages();  // of 4 KiB
  connect(500);
  CHECK(descriptors() == before);
#ifndef __SANITIZE_ADDRESS__  // which keeps what was freed, and tells of leaks itself
  CHECK(resident_pages() < pages + 1024);
#else
  (void)pages;
#endif
  CHECK(contains(served.interrupt(), "600 connections"));
}

TEST_CASE("spice-gtk plays film as video, reports on it, and shows the guest's screen after it",
          "[peer][video]") {
  if (!has_spice_gtk()) return;
  const Scratch scratch;
  std::string scenario = scenario_of("video", "streaming_video = \"filter\"");
  scenario.replace(scenario.find("seconds = 1"), 11, "seconds = 3");
  Served served(scratch, scenario, {"--once", "--record", (scratch / "a.spicerec").string()});
  const auto ended = run(
      scratch,
      spice_gtk({served.uri(), "--shot", (scratch / "shot.ppm").string(), "sleep", "5", "quiet"}));
  INFO(ended.output);
  REQUIRE(ended.in_time);
  CHECK_FALSE(contains(served.wait(), "error"));
  CHECK(difference(served.screen(), read_ppm(scratch / "shot.ppm")) == "");
  const auto stats =
      run(scratch, {SPICEBENCH_BINARY, "stats", (scratch / "a.spicerec").string()}).output;
  INFO(stats);
  for (const char* name : {"stream_create", "stream_data", "stream_report", "stream_destroy"})
    CHECK(contains(stats, name));
  const auto replayed = run(scratch, {SPICEBENCH_BINARY, "replay", "--against", "server",
                                      (scratch / "a.spicerec").string()});
  CHECK(contains(replayed.output, "server identical"));
}
