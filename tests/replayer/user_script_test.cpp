// SPDX-License-Identifier: LGPL-2.1-or-later
#include "replayer/scenario/user_script.hpp"

#include <catch2/catch.hpp>
#include <chrono>
#include <vector>

#include "core/wire/message_value.hpp"
#include "core/wire/user_link.hpp"

using namespace spicebench;
using namespace spicebench::replayer;
namespace user = wire::user;
using std::chrono::milliseconds;

namespace {

struct Done {
  Instant at;
  wire::AnyMessage message;
};

// All that a script hands over, when its timers fire on time.
std::vector<Done> perform(const UserOptions& options, std::uint64_t seed = 1) {
  UserScript script(options, Random(seed));
  std::vector<Done> done;
  Instant now{};
  Outputs out = script.start(now);
  if (out.empty()) return done;
  REQUIRE(std::get<Connect>(out.front()).to == "user");
  out = script.handle(Opened{0, "user"}, now);
  for (;;) {
    std::optional<Instant> due;
    for (const Output& output : out)
      if (const auto* hand = std::get_if<Hand>(&output))
        done.push_back({now, wire::message_in(*hand->value)});
      else
        due = std::get<Arm>(output).due;
    if (!due) return done;
    now = *due;
    out = script.handle(Fired{0}, now);
  }
}

UserStep step(UserAction action, std::uint32_t at_ms) {
  UserStep result;
  result.action = action;
  result.at_ms = at_ms;
  return result;
}

}  // namespace

TEST_CASE("a typed capital holds shift around its key", "[user]") {
  UserStep typing = step(UserAction::type, 100);
  typing.text = "aB";
  typing.each_ms = 80;
  const auto done = perform({{typing}, 0});
  REQUIRE(done.size() == 6);
  CHECK(done[0].message.as<user::KeyDown>()->code == 0x1e);
  CHECK(done[0].at == Instant{milliseconds(100)});
  CHECK(done[1].message.as<user::KeyUp>()->code == 0x1e);
  CHECK(done[1].at == Instant{milliseconds(140)});
  CHECK(done[2].message.as<user::KeyDown>()->code == 0x2a);
  CHECK(done[2].at == Instant{milliseconds(180)});
  CHECK(done[3].message.as<user::KeyDown>()->code == 0x30);
  CHECK(done[4].message.as<user::KeyUp>()->code == 0x30);
  CHECK(done[5].message.as<user::KeyUp>()->code == 0x2a);
}

TEST_CASE("a move goes in equal parts from where the one before ended", "[user]") {
  UserStep first = step(UserAction::move, 0), second = step(UserAction::move, 1000);
  first.x = 100;
  first.y = 50;
  second.x = 0;
  second.y = 150;
  second.count = 4;
  second.each_ms = 10;
  const auto done = perform({{first, second}, 0});
  REQUIRE(done.size() == 5);
  CHECK(done[1].message.as<user::PointerTo>()->x == 75);
  CHECK(done[1].message.as<user::PointerTo>()->y == 75);
  CHECK(done[4].message.as<user::PointerTo>()->x == 0);
  CHECK(done[4].message.as<user::PointerTo>()->y == 150);
  CHECK(done[4].at == Instant{milliseconds(1030)});
}

TEST_CASE("buttons and keys are pressed and released, and the session ended", "[user]") {
  UserStep press = step(UserAction::press, 1), release = step(UserAction::release, 2);
  release.key = "f1";
  UserStep click = step(UserAction::click, 3);
  click.button = 3;
  const auto done = perform({{press, release, click, step(UserAction::disconnect, 500)}, 0});
  REQUIRE(done.size() == 5);
  CHECK(done[0].message.as<user::ButtonDown>()->button == 1);
  CHECK(done[1].message.as<user::KeyUp>()->code == 0x3b);
  CHECK(done[2].message.as<user::ButtonDown>()->button == 3);
  CHECK(done[3].message.as<user::ButtonUp>() != nullptr);
  CHECK(done[4].message.as<user::Disconnect>() != nullptr);
}

TEST_CASE("jitter comes from the seed, is bounded, and keeps the order", "[user]") {
  UserStep moving = step(UserAction::move_by, 10);
  moving.dx = 1;
  moving.count = 200;
  moving.each_ms = 5;
  const auto one = perform({{moving}, 30}, 1), same = perform({{moving}, 30}, 1),
             two = perform({{moving}, 30}, 2);
  REQUIRE(one.size() == 200);
  bool differs = false;
  for (std::size_t i = 0; i < one.size(); ++i) {
    const Instant planned{milliseconds(10 + 5 * i)};
    CHECK(one[i].at == same[i].at);
    CHECK(one[i].at >= planned);
    CHECK(one[i].at <= planned + milliseconds(30));
    differs |= one[i].at != two[i].at;
  }
  CHECK(differs);
}

TEST_CASE("a user without steps does not even connect", "[user]") {
  CHECK(perform({}).empty());
}
