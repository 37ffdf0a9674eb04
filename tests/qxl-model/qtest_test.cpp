// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/qtest/qtest.hpp"

#include <catch2/catch.hpp>
#include <deque>
#include <vector>

#include "qxl-model/guest/task.hpp"
#include "qxl-model/qtest/pc_interrupts.hpp"
#include "qxl-model/qtest/qtest_bus.hpp"

using namespace spicebench;
using namespace spicebench::qxl;

namespace {

// Answers what it was told to; keeps what it was asked.
struct Script final : LineChannel {
  std::vector<std::string> asked;
  std::deque<std::string> answers;
  Result<void> send(std::string_view line) override {
    asked.emplace_back(line);
    return {};
  }
  Result<std::string> receive() override {
    if (answers.empty()) return fail(ErrorCode::io, "closed");
    std::string line = answers.front();
    answers.pop_front();
    return line;
  }
};

}  // namespace

TEST_CASE("qtest: ports and memory are one line each") {
  Script script;
  Qtest qtest(script);
  script.answers = {"OK", "OK 0x0001001b36", "OK", "OK 0x0102ff"};
  CHECK(qtest.out(0xcf8, 0x80001000, 4));
  CHECK(qtest.in(0xcfc, 4) == 0x1001b36u);
  CHECK(qtest.write(0xe0000000, Bytes{std::byte{0xab}, std::byte{1}}));
  Bytes read(3);
  CHECK(qtest.read(0x10, read));
  CHECK(read == Bytes{std::byte{1}, std::byte{2}, std::byte{0xff}});
  CHECK(script.asked == std::vector<std::string>{"outl 0xcf8 0x80001000", "inl 0xcfc",
                                                 "write 0xe0000000 0x2 0xab01", "read 0x10 0x3"});
}

TEST_CASE("qtest: news of interrupts may come before any answer") {
  Script script;
  Qtest qtest(script);
  script.answers = {"IRQ raise 11", "IRQ raise 2", "OK", "IRQ lower 11", "OK"};
  CHECK(qtest.out(0xc003, 0, 1));
  CHECK(qtest.is_raised(11));
  CHECK(qtest.is_raised(2));
  CHECK(qtest.out(0xc003, 0, 1));
  CHECK_FALSE(qtest.is_raised(11));
}

TEST_CASE("qtest: what is no answer is an error that says so") {
  Script script;
  Qtest qtest(script);
  const auto refused = [&](std::string answer) {
    script.answers = {std::move(answer)};
    Bytes two(2);
    const auto done = qtest.read(0x10, two);
    return done ? std::string("accepted") : done.error().text();
  };
  CHECK(refused("FAIL Unknown command").find("\"read 0x10 0x2\" was answered \"FAIL Unknown") !=
        std::string::npos);
  CHECK(refused("OK 0x01").find("4 characters for 2 bytes") != std::string::npos);
  CHECK(refused("OK 0x01zz").find("byte 1 is no hexadecimal number") != std::string::npos);
  CHECK(refused("IRQ raise eleven").find("\"IRQ raise eleven\"") != std::string::npos);
  script.answers = {"OK 0xfz"};
  CHECK_FALSE(qtest.in(0xcfc, 4));
  script.answers = {};
  CHECK(qtest.in(0xcfc, 4).error().code == ErrorCode::io);
}

TEST_CASE("qtest bus: a guest waits for a real clock and real interrupts") {
  Script script;
  Qtest qtest(script);
  Cycle clock = 100;
  QtestBus bus(qtest, [&clock] { return clock; });
  std::vector<std::uint32_t> seen;
  const auto guest = [&]() -> Task<> {
    co_await bus.out(0xc005, 0);
    seen.push_back(co_await bus.in(0xcfc, 4));
    seen.push_back(co_await bus.wait_until(200));
    seen.push_back(co_await bus.wait_until(300));
    co_await bus.sleep_until(400);
    seen.push_back(bus.read32(0x1000));
  };
  Task<> life = guest();
  life.start();
  script.answers = {"OK", "OK 0x1001b36", "OK 0x00"};
  CHECK(bus.step());
  CHECK(bus.step());
  CHECK_FALSE(bus.step());  // no interrupt, and too early
  clock = 200;
  script.answers = {"OK 0x00"};
  CHECK(bus.step());
  script.answers = {"IRQ raise 11", "OK 0x00"};
  CHECK(bus.step());
  CHECK_FALSE(bus.step());  // sleep heeds no interrupt
  clock = 400;
  script.answers = {"OK 0x78563412"};
  CHECK(bus.step());
  CHECK(life.done());
  CHECK(seen == std::vector<std::uint32_t>{0x1001b36, 0, line_display, 0x12345678});
  CHECK(bus.display_interrupts() == 1);
  CHECK(script.asked[0] == "outb 0xc005 0x0");
}

TEST_CASE("qtest bus: a machine that goes away ends the run with its error") {
  Script script;
  Qtest qtest(script);
  QtestBus bus(qtest, [] { return Cycle{0}; });
  const auto guest = [&]() -> Task<> {
    CHECK(bus.read32(0x1000) == 0xffffffff);
    co_await bus.out(0xc005, 0);
  };
  Task<> life = guest();
  life.start();
  CHECK_FALSE(bus.step());
  REQUIRE(bus.failure());
  CHECK(bus.failure()->code == ErrorCode::io);
}
