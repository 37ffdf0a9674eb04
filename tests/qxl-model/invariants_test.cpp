// SPDX-License-Identifier: LGPL-2.1-or-later
#include <rapidcheck.h>
#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>

#include "core/base/hash.hpp"
#include "tests/qxl-model/guest_bench.hpp"

// What holds whatever a guest and a server do (qxl-device.md §23, whose names the messages carry).
namespace spicebench::qxl::test {

namespace {

using Kind = Step::Kind;

rc::Gen<Step> any_step() {
  return rc::gen::construct<Step>(
      rc::gen::cast<Kind>(rc::gen::inRange(0, static_cast<int>(Kind::count))),
      rc::gen::arbitrary<std::uint32_t>(), rc::gen::arbitrary<std::uint32_t>());
}
// Of a driver that keeps the rules and a server that does its work.
rc::Gen<Step> good_step() {
  return rc::gen::construct<Step>(rc::gen::weightedElement<Kind>({{12, Kind::draw},
                                                                  {2, Kind::refused_draw},
                                                                  {4, Kind::cursor},
                                                                  {2, Kind::make_surface},
                                                                  {2, Kind::drop_surface},
                                                                  {12, Kind::serve},
                                                                  {10, Kind::release},
                                                                  {3, Kind::answer},
                                                                  {8, Kind::time},
                                                                  {3, Kind::take_interrupts},
                                                                  {2, Kind::collect}}),
                                  rc::gen::arbitrary<std::uint32_t>(),
                                  rc::gen::arbitrary<std::uint32_t>());
}
// Of a guest that asks for its memory, but takes nothing back.
rc::Gen<Step> full_step() {
  return rc::gen::construct<Step>(rc::gen::weightedElement<Kind>({{6, Kind::draw},
                                                                  {6, Kind::serve},
                                                                  {6, Kind::release},
                                                                  {4, Kind::time},
                                                                  {2, Kind::flush_release},
                                                                  {2, Kind::out_of_memory},
                                                                  {2, Kind::answer}}),
                                  rc::gen::arbitrary<std::uint32_t>(),
                                  rc::gen::arbitrary<std::uint32_t>());
}
using Steps = std::vector<Step>;
Steps some(rc::Gen<Step> step) {
  constexpr int many = 150;
  return *rc::gen::resize(many, rc::gen::container<Steps>(std::move(step)));
}

void show_kinds(const Steps& steps) {
  for (const Step& step : steps)
    RC_LOG() << static_cast<int>(step.kind) << ' ' << step.a << ' ' << step.b << '\n';
}

void hold_invariants(const Steps& steps) {
  GuestBench bench([&steps](const std::string& what) {
    show_kinds(steps);
    RC_FAIL(what);
  });
  for (const Step& step : steps) {
    bench.perform(step);
    bench.check_always();
  }
  bench.settle();
  bench.check_always();
  bench.check_settled();
  bench.check_all_comes_back();
}

}  // namespace

TEST_CASE("the invariants of rings, interrupts and resources hold", "[qxl][invariants]") {
  rc::prop("with a driver that keeps the rules", [] { hold_invariants(some(good_step())); });
  rc::prop("with a release ring that nobody reads", [] { hold_invariants(some(full_step())); });
  rc::prop("whatever the guest does", [] { hold_invariants(some(any_step())); });
}

TEST_CASE("how time is cut into pieces changes nothing", "[qxl][invariants]") {
  rc::prop("the same memory and the same answers", [] {
    const Steps steps = some(any_step());
    const auto outcome = [&steps](Cycle slice) {
      GuestBench bench([](const std::string& what) { RC_FAIL(what); });
      for (const Step& step : steps) {
        if (step.kind != Kind::time || slice == 0) {
          bench.perform(step);
          continue;
        }
        for (Cycle rest = step.a % 200'000; rest != 0;) {
          const Cycle piece = std::min(rest, slice);
          bench.perform({Kind::time, static_cast<std::uint32_t>(piece)});
          rest -= piece;
        }
      }
      bench.settle();
      Hasher hash;
      hash.add(bench.ram());
      return std::pair(hash.value(), bench.device.counters().released);
    };
    RC_ASSERT(outcome(0) == outcome(777));
  });
}

}  // namespace spicebench::qxl::test
