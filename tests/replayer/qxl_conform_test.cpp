// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "core/live/process.hpp"
#include "replayer/conform/conform.hpp"
#include "replayer/conform/tolerated.hpp"
#include "tests/replayer/support.hpp"

// The model against QEMU's QXL device: the same accesses on both, every answer compared.
using namespace spicebench;
using namespace spicebench::test;

namespace {

constexpr const char* qemu = "qemu-system-x86_64";

// Where CI runs, everything that a test needs is installed.
bool has_qemu() {
  if (live::is_installed(qemu)) return true;
  if (std::getenv("CI") != nullptr) FAIL("skipped: " << qemu << " is not installed");
  WARN("skipped: " << qemu << " is not installed");
  return false;
}

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

}  // namespace

TEST_CASE("the desktop conforms to QEMU's device, access by access", "[qxl][peer]") {
  if (!has_qemu()) return;
  const Spoken spoken =
      command("qxl conform --workload desktop --seeds 1..2 --seconds 1 --json");
  INFO(spoken.out << spoken.err);
  REQUIRE(spoken.code == 0);
  const auto json = nlohmann::json::parse(spoken.out);
  CHECK(json["differing"] == 0);
  CHECK(json["tolerated"].size() == replayer::tolerated().size());
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

TEST_CASE("a device that answers something else is told with the accesses before", "[qxl]") {
  ZeroDevice device;
  qxl::Qtest qtest(device);
  const auto report = replayer::conform(one_second(), qtest, never);
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
  const auto report = replayer::conform(one_second(), qtest, never);
  REQUIRE_FALSE(report);
  CHECK(report.error().code == ErrorCode::io);
}

TEST_CASE("without QEMU the verb says so by name", "[qxl]") {
  const Spoken spoken = command("qxl conform --qemu no-such-qemu");
  CHECK(spoken.code == 2);
  CHECK(spoken.err.find("no-such-qemu") != std::string::npos);
  CHECK(spoken.err.find("not installed") != std::string::npos);
}
