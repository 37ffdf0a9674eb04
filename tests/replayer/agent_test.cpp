// SPDX-License-Identifier: LGPL-2.1-or-later
#include <rapidcheck/catch.h>

#include "replayer/replay/replay.hpp"
#include "tests/replayer/support.hpp"

// The agent's scenario, all the way from the guest's user to the client's and back.
using namespace spicebench;
using namespace spicebench::replayer;
using namespace spicebench::test;

namespace {

Scenario agent_scenario() {
  Scenario scenario = value(load_scenario(source / "corpus/scenarios/agent.toml"));
  scenario.guest.seconds = 1;  // of drawing; the rest goes on
  return scenario;
}
bool has(const std::vector<std::string>& lines, const std::string& part) {
  return std::ranges::any_of(
      lines, [&](const std::string& line) { return line.find(part) != std::string::npos; });
}

}  // namespace

TEST_CASE("the agent's scenario does what its file says, and replays the same both ways",
          "[replay][agent]") {
  const Scratch scratch;
  const Scenario scenario = agent_scenario();
  const auto report = record(scenario, scratch / "a.spicerec");
  INFO((report.finding ? report.finding->text() : ""));
  CHECK_FALSE(report.finding.has_value());
  CHECK(has(report.agent_log, "pasted 34 bytes: \"from the client: ein Gruß zurück\""));
  CHECK(has(report.agent_log, "pasted 10 bytes: \"in between\""));
  CHECK(has(report.agent_log, "received letter.txt, 150000 bytes"));
  CHECK(has(report.agent_log, "received letter (1).txt, 27 bytes"));
  CHECK(report.user_log == std::vector<std::string>{"pasted 38 bytes", "file 1 ended with result 3",
                                                    "file 2 ended with result 3"});
  const auto recording = open(scratch / "a.spicerec");
  CHECK(value(replay(recording, Against::server)).identical());
  CHECK(value(replay(recording, Against::client)).identical());
  // The guest's driver takes the monitors: asked and told once for two changes, and once more by
  // the client when the agent has come again.
  CHECK(ask_sql(scratch / "a.spicerec",
                "SELECT count(*) FROM messages WHERE name = 'client_monitors'") == "4");
}

TEST_CASE("any link and any room of the port carry the same texts and files", "[replay][agent]") {
  rc::prop("only times differ", [] {
    Scenario scenario = agent_scenario();
    scenario.seed = *rc::gen::inRange<std::uint64_t>(1, 1000);
    scenario.guest.agent->room = *rc::gen::inRange<std::uint32_t>(1, 6000);
    scenario.network.segment_min = 1;
    scenario.network.segment_max = *rc::gen::inRange<std::uint32_t>(1, 3000);
    const auto report = simulate(scenario);
    RC_ASSERT(!report.finding);
    RC_ASSERT(has(report.agent_log,
                  "received letter.txt, 150000 bytes, "
                  "1ea5817c447e3f98c1e89e439747d5ab"));
    RC_ASSERT(has(report.agent_log, "\"in between\""));
    RC_ASSERT(report.user_log.size() == 3);
  });
}

TEST_CASE("what the server forbids does not cross", "[replay][agent]") {
  Scenario scenario = agent_scenario();
  scenario.server.copy_paste = false;
  scenario.server.file_transfer = false;
  const auto report = simulate(scenario);
  CHECK_FALSE(report.finding.has_value());
  CHECK_FALSE(has(report.agent_log, "received"));
  CHECK_FALSE(has(report.agent_log, "pasted"));
  CHECK(report.user_log == std::vector<std::string>{"pasted 0 bytes", "file 1 ended with result 7",
                                                    "file 2 ended with result 7"});
}

TEST_CASE("an agent that ends in the middle fails what is under way; the next one starts clean",
          "[replay][agent]") {
  Scenario scenario = agent_scenario();
  scenario.network.bits_per_second = 2'000'000;
  scenario.guest.agent->steps.push_back({2'400, qxl::AgentAction::stop, {}});
  scenario.guest.agent->steps.push_back({2'500, qxl::AgentAction::start, {}});
  UserStep again{.at_ms = 4'000, .action = UserAction::send_file};
  again.file = "again.txt";
  again.text = "whole";
  scenario.user.steps.push_back(again);
  const auto report = simulate(scenario);
  CHECK_FALSE(report.finding.has_value());
  CHECK(has(report.user_log, "file 1 ended with result 6"));
  CHECK(has(report.agent_log, "received again.txt, 5 bytes"));
  CHECK_FALSE(has(report.agent_log, "refused"));
}

TEST_CASE("the ports' scenario replays the same both ways", "[replay][port]") {
  const Scratch scratch;
  const auto report =
      record(value(load_scenario(source / "corpus/scenarios/ports.toml")), scratch / "a.spicerec");
  INFO((report.finding ? report.finding->text() : ""));
  CHECK_FALSE(report.finding.has_value());
  CHECK(has(report.agent_log, "org.example.echo echoed 20023 bytes"));
  CHECK(has(report.agent_log, "org.example.brief echoed 7 bytes"));
  const auto recording = open(scratch / "a.spicerec");
  CHECK(value(replay(recording, Against::server)).identical());
  CHECK(value(replay(recording, Against::client)).identical());
}

TEST_CASE("the guest's monitors follow the user's windows", "[replay][agent]") {
  const Scratch scratch;
  const auto report =
      record(value(load_scenario(source / "corpus/scenarios/resize.toml")), scratch / "a.spicerec");
  INFO((report.finding ? report.finding->text() : ""));
  CHECK_FALSE(report.finding.has_value());
  CHECK(report.width == 2080);  // 1280 and 800, side by side
  CHECK(report.height == 720);
  const auto recording = open(scratch / "a.spicerec");
  CHECK(value(replay(recording, Against::server)).identical());
  CHECK(value(replay(recording, Against::client)).identical());
}

TEST_CASE("a guest whose driver takes no monitors has them told to its agent", "[replay][agent]") {
  Scenario scenario = agent_scenario();
  scenario.guest.guest = "windows-wddm";
  const auto report = simulate(scenario);
  CHECK_FALSE(report.finding.has_value());
  CHECK(has(report.agent_log, "monitors 1280x800+0+0"));
}
