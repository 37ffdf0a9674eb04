// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>

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
