// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/base/state_table.hpp"

#include <catch2/catch.hpp>

namespace spicebench {
namespace {

enum class State : std::uint8_t { closed, open, broken };
struct Knock {
  static constexpr int message = 1;
  bool loudly = false;
};
struct Leave {
  static constexpr int message = 2;
};

struct Door {
  int knocks = 0;
  Result<State> knock(const Knock& knock) {
    ++knocks;
    if (knock.loudly) return fail(ErrorCode::malformed, "too loud", 3, "loudly");
    return State::open;
  }
  Result<State> knock_again(const Knock&) {
    ++knocks;
    return knocks > 3 ? State::broken : State::open;
  }
  Result<State> leave(const Leave&) { return State::closed; }
};

constexpr StateRow<Door, State, int> rows[] = {
    state_row<&Door::knock>(State::closed, State::open),
    state_row<&Door::knock_again>(State::open, {State::open, State::broken}),
    state_row<&Door::leave>({State::open, State::broken}, State::closed),
};
constexpr std::string_view names[] = {"closed", "open", "broken"};
constexpr StateTable table("door", names, rows);

}  // namespace

TEST_CASE("a message goes to the handler of its row, which names the next state",
          "[core][state-table]") {
  Door door;
  const Knock knock;
  CHECK(table.dispatch(door, State::closed, 1, &knock, "knock").value() == State::open);
  CHECK(table.dispatch(door, State::open, 1, &knock, "knock").value() == State::open);
  CHECK(table.dispatch(door, State::open, 1, &knock, "knock").value() == State::open);
  CHECK(table.dispatch(door, State::open, 1, &knock, "knock").value() == State::broken);
  CHECK(door.knocks == 4);
}

TEST_CASE("a message without a row is out of order, by channel, state and name",
          "[core][state-table]") {
  Door door;
  const Leave leave;
  const auto result = table.dispatch(door, State::closed, 2, &leave, "leave");
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().code == ErrorCode::out_of_order);
  CHECK(result.error().detail == "door: leave is not allowed in state closed");
  const Knock knock;
  CHECK_FALSE(table.dispatch(door, State::broken, 1, &knock, "knock").has_value());
  CHECK(door.knocks == 0);
}

TEST_CASE("a handler's own error comes through unchanged", "[core][state-table]") {
  Door door;
  const Knock knock{true};
  const auto result = table.dispatch(door, State::closed, 1, &knock, "knock");
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().code == ErrorCode::malformed);
  CHECK(result.error().path == "loudly");
}

TEST_CASE("a table can be walked", "[core][state-table]") {
  CHECK(table.rows().size() == 3);
  CHECK(table.rows()[2].in.contains(State::broken));
  CHECK_FALSE(table.rows()[2].in.contains(State::closed));
  CHECK(table.rows()[1].next.contains(State::broken));
  CHECK(table.knows(2));
  CHECK_FALSE(table.knows(3));
  CHECK(table.find(State::open, 1) == &table.rows()[1]);
  CHECK(table.name_of(State::broken) == "broken");
}

}  // namespace spicebench
