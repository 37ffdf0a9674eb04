// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <map>
#include <nlohmann/json.hpp>

#include "replayer/replay/replay.hpp"
#include "tests/replayer/support.hpp"

// Who runs the server, in scenarios and in recordings of them.
using namespace spicebench;
using namespace spicebench::replayer;
using namespace spicebench::test;
using nlohmann::json;

namespace {

const fs::path file = source / "corpus/scenarios/password.toml";

std::map<std::string, int> told_to_the_admin(const recorder::Reader& recording) {
  std::map<std::string, int> told;
  auto messages = recording.messages({.by = Side::server});
  while (const auto row = value(messages.next()))
    if (const auto* of = recording.connection(row->connection);
        of->channel == wire::ChannelType::admin)
      ++told[std::string(wire::find_message(of->channel, Side::server, row->type)->name)];
  return told;
}

}  // namespace

TEST_CASE("what the admin asks is recorded, and replayed without its script", "[admin]") {
  const Scratch scratch;
  const Scenario scenario = value(load_scenario(file));
  const auto report = record(scenario, scratch / "a.spicerec");
  INFO((report.finding ? report.finding->text() : ""));
  CHECK_FALSE(report.finding.has_value());
  const auto recording = open(scratch / "a.spicerec");
  CHECK(told_to_the_admin(recording) ==
        std::map<std::string, int>{
            {"done", 3}, {"refused", 1}, {"link_connected", 4}, {"link_initialized", 4}});
  for (const Against against : {Against::server, Against::client}) {
    const auto replayed = value(replay(recording, against));
    INFO((replayed.divergence ? replayed.divergence->text() : ""));
    CHECK(replayed.identical());
  }
}

TEST_CASE("a client without the new password is refused in a run, and nothing else happens",
          "[admin]") {
  Scenario scenario = value(load_scenario(file));
  scenario.client.password = "first";
  const auto report = simulate(scenario);
  REQUIRE(report.finding.has_value());
  CHECK(report.finding->found.find("the ticket is not valid") != std::string::npos);
}

TEST_CASE("an admin's steps survive JSON, and wrong ones are named", "[admin]") {
  const Scenario scenario = value(load_scenario(file));
  CHECK(scenario.admin.steps.size() == 4);
  CHECK(value(admin_options_from_json(to_json(scenario.admin))) == scenario.admin);
  const auto path = [](const json& step) {
    const auto options = admin_options_from_json({{"steps", {step}}});
    REQUIRE_FALSE(options.has_value());
    return options.error().path;
  };
  CHECK(path({{"do", "open"}}) == "steps[0].do");
  CHECK(path({{"connected", "stay"}}) == "steps[0].connected");
  CHECK(path({{"at_ms", -1}}) == "steps[0].at_ms");
  CHECK(path({{"pasword", "x"}}) == "steps[0].pasword");
  CHECK(admin_options_from_json({{"steps", 3}}).error().path == "steps");
  CHECK_FALSE(scenario_from_json({{"admin", {{"step", json::array()}}}}).has_value());
}
