// SPDX-License-Identifier: LGPL-2.1-or-later
#include <rapidcheck.h>
#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>
#include <set>

#include "replayer/scenario/keys.hpp"
#include "replayer/scenario/link_profile_json.hpp"
#include "replayer/scenario/toml_reader.hpp"
#include "tests/replayer/support.hpp"

using namespace spicebench;
using namespace spicebench::replayer;
using namespace spicebench::test;

namespace {

// The error of a scenario file of this text.
Error error_of(const std::string& text) {
  const Scratch scratch;
  const fs::path file = scratch / "bad.toml";
  write_bytes(file, as_bytes(text));
  const auto scenario = load_scenario(file);
  REQUIRE_FALSE(scenario.has_value());
  return scenario.error();
}

struct Bad {
  const char* text;
  const char* key;
  const char* line;
};

}  // namespace

TEST_CASE("the desktop scenario is read with every table", "[scenario]") {
  const auto scenario = value(load_scenario(desktop_file));
  CHECK(scenario.name == "desktop");
  CHECK(scenario.seconds == 20);
  CHECK(scenario.guest.seconds == 20);
  CHECK(scenario.guest.width == 1024);
  CHECK(scenario.server.password == scenario.client.password);
  CHECK(scenario.network.latency == std::chrono::milliseconds(4));
  CHECK(scenario.network.segment_max == 9000);
  CHECK(scenario.user.steps.size() > 10);
  CHECK(scenario.user.steps.front().count > 8);  // enough motions for acknowledgements
}

TEST_CASE("a scenario written as JSON and read back is the same", "[scenario]") {
  const auto scenario = value(load_scenario(desktop_file));
  const auto json = to_json(scenario);
  const auto again = value(scenario_from_json(json));
  CHECK(to_json(again) == json);
  CHECK(again.guest == scenario.guest);
  CHECK(again.server == scenario.server);
  CHECK(again.client == scenario.client);
  CHECK(again.user == scenario.user);
}

TEST_CASE("the guest works for as long as the scenario lasts, unless it says otherwise",
          "[scenario]") {
  CHECK(value(scenario_from_json({{"seconds", 3}})).guest.seconds == 3);
  const auto shorter = value(scenario_from_json({{"seconds", 3}, {"guest", {{"seconds", 2}}}}));
  CHECK(shorter.guest.seconds == 2);
}

TEST_CASE("a mistake in a scenario is named by file, line and key", "[scenario]") {
  const Bad cases[] = {
      {"name = \"x\"\ncolour = 3\n", "colour", "line 2"},
      {"seed = \"seven\"\n", "seed", "line 1"},
      {"seconds = 1.5\n", "seconds", "line 1"},
      {"seconds = 0\n", "seconds", "line 1"},
      {"\n[guest]\nwidth = 800\nheigth = 600\n", "guest.heigth", "line 4"},
      {"[guest]\nworkload = \"dancing\"\n", "guest.workload", "line 2"},
      {"[server]\nname = 5\n", "server.name", "line 2"},
      {"[client]\npassword = [1]\n", "client.password", "line 2"},
      {"client = 5\n", "client", "line 1"},
      {"[network]\nlatency_us = -1\n", "network.latency_us", "line 2"},
      {"[network]\nwindow = 0\n", "network.window", "line 2"},
      {"[network]\nsegment_min = 9\nsegment_max = 3\n", "network.segment_min", "line 2"},
      {"[[user.steps]]\nat_ms = 1\ndo = \"jump\"\n", "user.steps[0].do", "line 3"},
      {"[[user.steps]]\nat_ms = 1\n", "user.steps[0].do", "line 1"},
      {"[[user.steps]]\ndo = \"click\"\n[[user.steps]]\ndo = \"click\"\nbutton = \"huge\"\n",
       "user.steps[1].button", "line 5"},
      {"[[user.steps]]\ndo = \"type\"\ntext = \"caf\u00e9\"\n", "user.steps[0].text", "line 3"},
      {"[[user.steps]]\ndo = \"key\"\nkey = \"any\"\n", "user.steps[0].key", "line 3"},
      {"[user]\nsteps = 3\n", "user.steps", "line 2"},
      {"name = \"x\"\nseed = \n", "", "line 2"},
  };
  for (const Bad& bad : cases) {
    INFO(bad.text);
    const Error error = error_of(bad.text);
    INFO(error.detail);
    CHECK(error.detail.find("bad.toml: ") != std::string::npos);
    CHECK(error.detail.find(bad.key) != std::string::npos);
    CHECK(error.detail.find(bad.line) != std::string::npos);
    CHECK(error.detail.find('\n') == std::string::npos);
  }
}

TEST_CASE("a scenario file that is not there or a directory is an error", "[scenario]") {
  const Scratch scratch;
  CHECK(load_scenario(scratch / "none.toml").error().code == ErrorCode::not_found);
  CHECK(load_scenario(source).error().code == ErrorCode::io);
}

TEST_CASE("link profiles", "[scenario]") {
  rc::prop("a link profile written as JSON and read back is the same", [] {
    LinkProfile profile;
    profile.latency = std::chrono::microseconds(*rc::gen::inRange(0, 1'000'000));
    profile.jitter = std::chrono::microseconds(*rc::gen::inRange(0, 1'000'000));
    profile.bits_per_second = *rc::gen::inRange<std::uint64_t>(0, UINT32_MAX);
    profile.window = *rc::gen::inRange<std::size_t>(1, 1 << 20);
    profile.segment_min = *rc::gen::inRange<std::size_t>(0, 5000);
    profile.segment_max = profile.segment_min + *rc::gen::inRange<std::size_t>(0, 5000);
    profile.stall_per_million = *rc::gen::inRange(0u, 1'000'000u);
    const auto json = to_json(profile);
    RC_ASSERT(to_json(value(link_profile_from_json(json))) == json);
  });
}

TEST_CASE("every printable character of ASCII is on a key, each on its own", "[scenario]") {
  std::set<std::pair<std::uint32_t, bool>> strokes;
  for (char c = ' '; c <= '~'; ++c) {
    INFO(c);
    const auto stroke = stroke_of(c);
    REQUIRE(stroke.has_value());
    CHECK(strokes.emplace(stroke->code, stroke->shift).second);
  }
  CHECK_FALSE(stroke_of('\x01').has_value());
  CHECK(stroke_of('a')->code == 0x1e);  // the codes of PC-AT set 1
  CHECK(stroke_of('Z')->code == 0x2c);
  CHECK(stroke_of('Z')->shift);
  CHECK(key_named("enter") == 0x1cu);
  CHECK(key_named("left") == 0x4be0u);
  CHECK(key_named("x") == 0x2du);
  CHECK_FALSE(key_named("X").has_value());  // a character, not a key
}
