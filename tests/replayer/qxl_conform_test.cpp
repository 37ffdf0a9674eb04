// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "core/live/terminal.hpp"
#include "qxl-model/guest/guest.hpp"
#include "qxl-model/guest/paint_rules.hpp"
#include "qxl-model/guest/profile.hpp"
#include "qxl-model/qtest/qtest_bus.hpp"
#include "replayer/cli/qemu.hpp"
#include "replayer/conform/conform.hpp"
#include "replayer/conform/tolerated.hpp"
#include "tests/replayer/peers.hpp"
#include "tests/replayer/support.hpp"

// The model against QEMU's QXL device: the same accesses on both, every answer compared.
using namespace spicebench;
using namespace spicebench::test;

namespace {

// A device in which all memory and all registers are zero.
struct ZeroDevice final : qxl::LineChannel {
  std::string asked;
  Result<void> send(std::string_view line) override {
    asked = line;
    return {};
  }
  Result<std::string> receive() override {
    if (!asked.starts_with("read")) return std::string("OK 0x0");
    const auto size = std::stoul(asked.substr(asked.rfind(' ') + 1), nullptr, 16);
    return "OK 0x" + std::string(2 * size, '0');
  }
};
struct DeadDevice final : qxl::LineChannel {
  Result<void> send(std::string_view) override { return {}; }
  Result<std::string> receive() override { return fail(ErrorCode::io, "closed"); }
};

replayer::Scenario one_second() {
  auto scenario = replayer::conform_scenario("desktop", 1, 1);
  REQUIRE(scenario);
  return *std::move(scenario);
}
bool never(unsigned) {
  return false;
}
Result<replayer::RealScreen> no_screen() {
  return fail(ErrorCode::io, "no screen");
}

}  // namespace

TEST_CASE("the desktop conforms to QEMU's device, access by access", "[qxl][peer]") {
  if (!has_qemu()) return;
  const Spoken spoken = command("qxl conform --workload desktop --seeds 1..2 --seconds 1 --json");
  INFO(spoken.out << spoken.err);
  REQUIRE(spoken.code == 0);
  const auto json = nlohmann::json::parse(spoken.out);
  CHECK(json["differing"] == 0);
  CHECK(json["tolerated"].size() == replayer::tolerated().size());
  CHECK(json["left_out"].size() == qxl::rules::left_out().size());
  REQUIRE(json["runs"].size() == 2);
  for (const auto& run : json["runs"]) {
    CHECK(run["finished"] == true);
    CHECK(run["reads_compared"] > 1000);
    CHECK(run["states_compared"] > 300);
    CHECK(run["interrupts"] > 10);
    CHECK(run["resources"] > 200);
    CHECK(run["pixels_compared"] > 10'000'000);
  }
}

TEST_CASE("each workload and each driver conform for a moment", "[qxl][peer]") {
  if (!has_qemu()) return;
  const auto conforms = [](const std::string& what) {
    const Spoken spoken = command("qxl conform --seconds 1 --json " + what);
    INFO(spoken.out << spoken.err);
    CHECK(spoken.code == 0);
  };
  conforms("--workload office --workload browser --workload video --workload heads");
  conforms("--workload paint --workload surfaces --workload boot");
  for (const std::string_view guest : qxl::profile_names())
    conforms("--workload lifecycle --guest " + std::string(guest));
}

TEST_CASE("a device that answers something else is told with the accesses before", "[qxl]") {
  ZeroDevice device;
  qxl::Qtest qtest(device);
  const auto report = replayer::conform(one_second(), qtest, no_screen, never);
  REQUIRE(report);
  REQUIRE(report->nonconformity);
  CHECK(report->nonconformity->text() ==
        "after access 6: PCI register 0x00: the real device has 0x0, the model 0x1001b36");
  CHECK(report->nonconformity->trail.back().find("in 0xcfc 0x1001b36") != std::string::npos);
  CHECK_FALSE(report->finished);
}

TEST_CASE("a device that goes away is an error", "[qxl]") {
  DeadDevice device;
  qxl::Qtest qtest(device);
  const auto report = replayer::conform(one_second(), qtest, no_screen, never);
  REQUIRE_FALSE(report);
  CHECK(report.error().code == ErrorCode::io);
}

TEST_CASE("without QEMU the verb says so by name", "[qxl]") {
  const Spoken spoken = command("qxl conform --qemu no-such-qemu");
  CHECK(spoken.code == 2);
  CHECK(spoken.err.find("no-such-qemu") != std::string::npos);
  CHECK(spoken.err.find("not installed") != std::string::npos);
}

TEST_CASE("the driver that runs on the model runs on QEMU's device", "[qxl][peer]") {
  if (!has_qemu()) return;
  const replayer::Scenario scenario = one_second();
  auto machine = cli::Qemu::start(qemu, scenario.guest);
  REQUIRE(machine);
  const live::Stopwatch watch;
  qxl::QtestBus bus((*machine)->qtest(),
                    [&watch] { return static_cast<qxl::Cycle>(watch.elapsed().count()); });
  std::vector<Error> findings;
  qxl::MachineOptions as_fast_as_it_can = scenario.guest;
  as_fast_as_it_can.settle_us = as_fast_as_it_can.commands_between_rests = 0;
  qxl::Guest guest(bus, as_fast_as_it_can, Random(1), 0,
                   [&findings](const Error& error) { findings.push_back(error); });
  guest.power_on();
  while (!guest.done() && !bus.failure())
    if (!bus.step()) live::pause(std::chrono::milliseconds(1));
  INFO((bus.failure() ? bus.failure()->text() : ""));
  CHECK(guest.finished());
  CHECK(findings.empty());
  const auto& counters = guest.driver().counters();
  CHECK(counters.draws_pushed > 100);
  CHECK(counters.collected >= counters.draws_pushed);
  CHECK(bus.display_interrupts() > 3);
}

TEST_CASE("a bus that is not there is named", "[qxl]") {
  const std::string desktop = desktop_file.string();
  const Spoken nowhere = command("run " + desktop + " --bus qtest:/nowhere/qtest.sock");
  CHECK(nowhere.code == 2);
  CHECK(nowhere.err.find("/nowhere/qtest.sock") != std::string::npos);
  const Spoken unknown = command("run " + desktop + " --bus isa:1");
  CHECK(unknown.code == 2);
  CHECK(unknown.err.find("qtest:SOCKET") != std::string::npos);
}
