// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/world/scheduler.hpp"

#include <rapidcheck.h>
#include <rapidcheck/catch.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <tuple>

#include "core/base/random.hpp"

using namespace spicebench;

TEST_CASE("the scheduler runs tasks in the order of time, class, scheduling", "[core][world]") {
  rc::prop("whatever the order in which they were scheduled", [] {
    const auto plan = *rc::gen::container<std::vector<std::pair<int, bool>>>(
        rc::gen::pair(rc::gen::inRange(0, 5), rc::gen::arbitrary<bool>()));
    Scheduler scheduler;
    std::vector<std::tuple<int, EventClass, std::size_t>> ran, expected;
    for (std::size_t i = 0; i < plan.size(); ++i) {
      const auto event_class = plan[i].second ? EventClass::timer : EventClass::network;
      expected.emplace_back(plan[i].first, event_class, i);
      scheduler.at(instant(plan[i].first), event_class,
                   [&ran, &scheduler, entry = expected.back()] {
                     RC_ASSERT(nanoseconds(scheduler.now()) == std::get<0>(entry));
                     ran.push_back(entry);
                   });
    }
    while (scheduler.step()) {
    }
    std::ranges::sort(expected);
    RC_ASSERT(ran == expected);
  });
}

TEST_CASE("a task may schedule another one for this very instant", "[core][world]") {
  Scheduler scheduler;
  int runs = 0;
  scheduler.at(instant(5), EventClass::timer, [&] {
    ++runs;
    scheduler.at(scheduler.now(), EventClass::timer, [&] { ++runs; });
  });
  while (scheduler.step()) {
  }
  CHECK(runs == 2);
  CHECK(scheduler.now() == instant(5));
}

TEST_CASE("random streams are forked by name and not by draws", "[core][base]") {
  Random one(7), other(7);
  one.next();
  CHECK(one.fork("links").next() == other.fork("links").next());
  CHECK(one.fork("links").next() != other.fork("guest").next());
  CHECK(Random(7).next() != Random(8).next());
}

TEST_CASE("random draws stay in their bounds and reach both ends", "[core][base]") {
  Random random(1);
  bool low = false, high = false;
  for (int i = 0; i < 1000; ++i) {
    const auto draw = random.between(-3, 3);
    REQUIRE(draw >= -3);
    REQUIRE(draw <= 3);
    low |= draw == -3;
    high |= draw == 3;
  }
  CHECK(low);
  CHECK(high);
  CHECK(random.between(INT64_MIN, INT64_MAX) != random.between(INT64_MIN, INT64_MAX));
}

TEST_CASE("the generator's first numbers are fixed for ever: recordings depend on them",
          "[core][base]") {
  Random random(0);
  CHECK(random.next() == 11091344671253066420u);  // xoshiro256** seeded by splitmix64(0)
  CHECK(random.next() == 13793997310169335082u);
}
