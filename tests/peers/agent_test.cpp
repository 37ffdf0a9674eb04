// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <fstream>

#include "core/base/hash.hpp"
#include "tests/peers/support.hpp"

// A real client and the agent of the guest behind `spicebench serve`.
using namespace spicebench;
using namespace spicebench::test;

namespace {

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}
// The corpus' scenario, with a server option.
std::string scenario(const std::string& server = {}) {
  std::string text(as_text(read_bytes(SPICEBENCH_SOURCE_DIR "/corpus/scenarios/agent.toml")));
  return text + "\n[server]\n" + server + "\n";
}

}  // namespace

TEST_CASE("spice-gtk pastes what the guest copied, and the guest what spice-gtk copied",
          "[peer][agent]") {
  if (!has_spice_gtk()) return;
  const Scratch scratch;
  Served served(scratch, scenario(), {"--once", "--record", (scratch / "a.spicerec").string()});
  const auto ended =
      run(scratch,
          spice_gtk({served.uri(), "agent", "paste", "copy", "from spice-gtk", "sleep", "0.5"}));
  INFO(ended.output);
  REQUIRE(ended.in_time);
  CHECK(contains(ended.output, "\"done\""));
  CHECK(contains(ended.output, "from the guest: ein Gru"));
  const std::string said = served.wait();
  INFO(said);
  CHECK(contains(said, "agent pasted 14 bytes: \"from spice-gtk\""));
  CHECK_FALSE(contains(said, "error"));
  const auto replayed = run(scratch, {SPICEBENCH_BINARY, "replay", "--against", "server",
                                      (scratch / "a.spicerec").string()});
  CHECK(contains(replayed.output, "server identical"));
}

TEST_CASE("where copying is forbidden spice-gtk sees no clipboard", "[peer][agent]") {
  if (!has_spice_gtk()) return;
  const Scratch scratch;
  Served served(scratch, scenario("copy_paste = false"), {"--once"});
  const auto ended = run(scratch, spice_gtk({served.uri(), "copy", "a secret", "sleep", "1.5"}));
  INFO(ended.output);
  REQUIRE(ended.in_time);
  CHECK(contains(ended.output, "\"done\""));
  CHECK_FALSE(contains(ended.output, "guest-copied"));
  const std::string said = served.wait();
  INFO(said);
  CHECK_FALSE(contains(said, "pasted"));
  CHECK_FALSE(contains(said, "error"));
}

TEST_CASE("a file that spice-gtk sends arrives whole", "[peer][agent]") {
  if (!has_spice_gtk()) return;
  const Scratch scratch;
  Bytes content(200'000);
  for (std::size_t i = 0; i < content.size(); ++i)
    content[i] = static_cast<std::byte>(i * 13 + i / 256);
  const fs::path file = scratch / "from-gtk.bin", empty = scratch / "empty.txt";
  std::ofstream(file, std::ios::binary)
      .write(as_text(content).data(), static_cast<std::streamsize>(content.size()));
  std::ofstream(empty, std::ios::binary);
  Served served(scratch, scenario(), {"--once"});
  const auto ended = run(scratch, spice_gtk({served.uri(), "agent", "send", file.string(), "send",
                                             empty.string(), "sleep", "0.2"}));
  INFO(ended.output);
  REQUIRE(ended.in_time);
  CHECK(contains(ended.output, "\"done\""));
  const std::string said = served.wait();
  INFO(said);
  CHECK(contains(said, "received from-gtk.bin, 200000 bytes, " + hash128(content).hex()));
  CHECK(contains(said, "received empty.txt, 0 bytes"));
}

TEST_CASE("where files are forbidden spice-gtk is told at once", "[peer][agent]") {
  if (!has_spice_gtk()) return;
  const Scratch scratch;
  std::ofstream(scratch / "a.txt") << "a secret";
  Served served(scratch, scenario("file_transfer = false"), {"--once"});
  const auto ended =
      run(scratch, spice_gtk({served.uri(), "agent", "send", (scratch / "a.txt").string()}));
  INFO(ended.output);
  REQUIRE(ended.in_time);
  CHECK(contains(ended.output, "\"fine\": false"));
  CHECK_FALSE(contains(served.wait(), "received"));
}

TEST_CASE("what spice-gtk writes to a port comes back, long texts compressed", "[peer][port]") {
  if (!has_spice_gtk()) return;
  const Scratch scratch;
  const std::string text(as_text(read_bytes(SPICEBENCH_SOURCE_DIR "/corpus/scenarios/ports.toml")));
  Served served(scratch, text, {"--once", "--record", (scratch / "a.spicerec").string()});
  const std::string words(3000, 'w');
  const auto ended = run(scratch, spice_gtk({served.uri(), "port", "org.example.echo", "short one",
                                             "port", "org.example.echo", words}));
  INFO(ended.output);
  REQUIRE(ended.in_time);
  CHECK(contains(ended.output, "\"done\""));
  CHECK(contains(ended.output, "short one"));
  CHECK(contains(ended.output, words));
  const std::string said = served.wait();
  INFO(said);
  CHECK(contains(said, "port org.example.echo echoed 3009 bytes"));
  CHECK_FALSE(contains(said, "error"));
  const auto replayed = run(scratch, {SPICEBENCH_BINARY, "replay", "--against", "server",
                                      (scratch / "a.spicerec").string()});
  CHECK(contains(replayed.output, "server identical"));
}

TEST_CASE("the guest's monitor follows the window of spice-gtk", "[peer][agent]") {
  if (!has_spice_gtk()) return;
  const Scratch scratch;
  const std::string text(
      as_text(read_bytes(SPICEBENCH_SOURCE_DIR "/corpus/scenarios/resize.toml")));
  Served served(scratch, text, {"--once"});
  const auto ended =
      run(scratch, spice_gtk({served.uri(), "--shot", (scratch / "shot.ppm").string(), "agent",
                              "resize", "1152", "864", "sleep", "5", "quiet"}));
  INFO(ended.output);
  REQUIRE(ended.in_time);
  CHECK(contains(ended.output, "\"width\": 1152, \"height\": 864"));
  const std::string said = served.wait();
  INFO(said);
  CHECK_FALSE(contains(said, "error"));
  CHECK(difference(served.screen(), read_ppm(scratch / "shot.ppm")) == "");
}
