// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/world/world.hpp"

#include <rapidcheck.h>
#include <rapidcheck/catch.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>

using namespace spicebench;

namespace {

// Sends `to_send` as credit allows, then ends its direction if asked; keeps what it hears.
class Talker final : public Peer {
 public:
  Bytes to_send, heard;
  std::vector<std::size_t> pieces;
  std::vector<Instant> times;
  std::vector<Ending> endings;
  Address connect_to;
  bool shut_after = true;
  bool close_at_once = false;
  std::size_t most_granted = 0;

  Outputs start(Instant) override {
    if (connect_to.empty()) return {};
    return {Connect{1, connect_to}};
  }
  Outputs handle(const Input& input, Instant now) override {
    Outputs out;
    if (const auto* opened = std::get_if<Opened>(&input)) {
      link_ = opened->link;
      if (close_at_once) out.push_back(Close{link_});
    } else if (const auto* received = std::get_if<Received>(&input)) {
      append(heard, received->bytes);
      pieces.push_back(received->bytes.size());
      times.push_back(now);
    } else if (const auto* writable = std::get_if<Writable>(&input)) {
      credit_ += writable->bytes;
      most_granted = std::max(most_granted, credit_);
    } else if (const auto* closed = std::get_if<Closed>(&input)) {
      endings.push_back(closed->ending);
    }
    const std::size_t count = std::min(credit_, to_send.size() - sent_);
    if (count > 0 && !close_at_once) {
      const auto first = to_send.begin() + static_cast<std::ptrdiff_t>(sent_);
      out.push_back(Send{link_, Bytes(first, first + static_cast<std::ptrdiff_t>(count))});
      sent_ += count;
      credit_ -= count;
    }
    if (sent_ == to_send.size() && shut_after && !shut_ && !close_at_once) {
      shut_ = true;
      out.push_back(Shutdown{link_});
    }
    return out;
  }

 private:
  LinkId link_ = 0;
  std::size_t sent_ = 0, credit_ = 0;
  bool shut_ = false;
};

LinkProfile arbitrary_profile() {
  LinkProfile profile;
  profile.latency = Duration{*rc::gen::inRange(0, 2000)};
  profile.jitter = Duration{*rc::gen::inRange(0, 2000)};
  profile.bits_per_second = *rc::gen::element<std::uint64_t>(0, 1'000, 8'000'000'000);
  profile.window = *rc::gen::inRange<std::size_t>(1, 300);
  profile.segment_min = *rc::gen::inRange<std::size_t>(0, 5);
  profile.segment_max = *rc::gen::inRange<std::size_t>(0, 40);
  profile.stall_per_million = *rc::gen::element(0u, 200'000u);
  profile.stall = Duration{5000};
  return profile;
}

void run(Talker& a, Talker& b, const LinkProfile& profile, std::uint64_t seed = 1) {
  World world(seed);
  const PeerNumber b_number = world.add(b);
  world.add(a);
  a.connect_to = "there";
  world.listen("there", b_number, LinkKind::stream, profile);
  world.start();
  while (world.step()) {
  }
  CHECK(world.quiet());
}

}  // namespace

TEST_CASE("a link loses nothing, keeps order and ends once, whatever its behaviour",
          "[core][world]") {
  rc::prop("both directions at once, any latency, jitter, bandwidth, window, segments", [] {
    Talker a, b;
    a.to_send =
        Random(*rc::gen::arbitrary<std::uint64_t>()).bytes(*rc::gen::inRange<std::size_t>(0, 3000));
    b.to_send =
        Random(*rc::gen::arbitrary<std::uint64_t>()).bytes(*rc::gen::inRange<std::size_t>(0, 3000));
    const LinkProfile profile = arbitrary_profile();
    run(a, b, profile);
    RC_ASSERT(b.heard == a.to_send);
    RC_ASSERT(a.heard == b.to_send);
    RC_ASSERT(std::ranges::is_sorted(a.times));
    RC_ASSERT(a.endings == std::vector{Ending::end});
    RC_ASSERT(b.endings == std::vector{Ending::end});
    RC_ASSERT(a.most_granted <= profile.window);
    if (profile.segment_max > 0)
      for (const std::size_t piece : b.pieces)
        RC_ASSERT(piece <= std::max({profile.segment_max, profile.segment_min, std::size_t{1}}));
  });
}

TEST_CASE("the same seed gives the same pieces at the same times, another seed others",
          "[core][world]") {
  LinkProfile profile{
      .latency = Duration{10}, .jitter = Duration{1000}, .segment_min = 1, .segment_max = 50};
  const auto times = [&](std::uint64_t seed) {
    Talker a, b;
    a.to_send = Bytes(2000);
    run(a, b, profile, seed);
    return std::pair{b.times, b.pieces};
  };
  CHECK(times(3) == times(3));
  CHECK(times(3) != times(4));
}

TEST_CASE("the ideal link delivers what was sent, whole and at once", "[core][world]") {
  Talker a, b;
  a.to_send = Bytes(1000);
  run(a, b, {});
  CHECK(b.pieces == std::vector<std::size_t>{1000});
  CHECK(b.times == std::vector{instant(0)});
}

TEST_CASE("latency and bandwidth add up: 1000 bytes at 8 Mbit/s and 5 µs", "[core][world]") {
  Talker a, b;
  a.to_send = Bytes(1000);
  run(a, b, {.latency = Duration{5000}, .bits_per_second = 8'000'000});
  // The connecting side learns after a round trip; then one millisecond on the line and the way.
  CHECK(b.times == std::vector{instant(2 * 5000 + 1'000'000 + 5000)});
}

TEST_CASE("a connection to nobody is refused", "[core][world]") {
  World world(1);
  Talker a;
  a.connect_to = "nowhere";
  a.shut_after = false;
  world.add(a);
  world.start();
  while (world.step()) {
  }
  CHECK(a.endings == std::vector{Ending::refused});
}

TEST_CASE("half-close: one side ends early and still hears the other to the end", "[core][world]") {
  Talker a, b;
  b.to_send = Bytes(5000);
  run(a, b, {.latency = Duration{100}, .window = 64});
  CHECK(a.heard.size() == 5000);
  CHECK(b.endings == std::vector{Ending::end});
}

TEST_CASE("who sends to a side that has closed is reset", "[core][world]") {
  Talker a, b;
  a.close_at_once = true;
  b.to_send = Bytes(5000);
  run(a, b, {.latency = Duration{100}, .window = 64});
  CHECK(a.heard.empty());
  REQUIRE_FALSE(b.endings.empty());
  CHECK(b.endings.back() == Ending::reset);
}

TEST_CASE("a reset reaches both sides once and nothing arrives after it", "[core][world]") {
  Talker a, b;
  a.to_send = Bytes(5000);
  b.shut_after = false;
  run(a, b, {.latency = Duration{100}, .window = 64, .reset_after_bytes = 1000});
  CHECK(a.endings == std::vector{Ending::reset});
  CHECK(b.endings == std::vector{Ending::reset});
  CHECK(b.heard.size() < 1100);
}

TEST_CASE("a timer fires once, a later arm replaces it, a disarmed one never fires",
          "[core][world]") {
  struct Timers final : Peer {
    std::vector<std::pair<TimerId, std::int64_t>> fired;
    Outputs start(Instant) override {
      return {Arm{1, instant(10)}, Arm{2, instant(20)}, Arm{1, instant(30)}, Arm{3, instant(5)},
              Disarm{3}};
    }
    Outputs handle(const Input& input, Instant now) override {
      fired.emplace_back(std::get<Fired>(input).timer, nanoseconds(now));
      return {};
    }
  } peer;
  World world(1);
  world.add(peer);
  world.start();
  while (world.step()) {
  }
  CHECK(peer.fired == std::vector<std::pair<TimerId, std::int64_t>>{{2, 20}, {1, 30}});
}

TEST_CASE("values cross a value link in order and after its delay", "[core][world]") {
  struct Number final : Value {
    explicit Number(int n) : number(n) {}
    int number;
  };
  struct Giver final : Peer {
    Outputs start(Instant) override { return {Connect{1, "there"}}; }
    Outputs handle(const Input& input, Instant) override {
      if (!std::holds_alternative<Opened>(input)) return {};
      Outputs out;
      for (int i = 0; i < 5; ++i) out.push_back(Hand{1, std::make_shared<const Number>(i)});
      return out;
    }
  } giver;
  struct Taker final : Peer {
    std::vector<int> taken;
    std::vector<Instant> times;
    Outputs start(Instant) override { return {}; }
    Outputs handle(const Input& input, Instant now) override {
      if (const auto* handed = std::get_if<Handed>(&input)) {
        taken.push_back(static_cast<const Number&>(*handed->value).number);
        times.push_back(now);
      }
      return {};
    }
  } taker;
  World world(1);
  world.add(giver);
  world.listen("there", world.add(taker), LinkKind::value, {.latency = Duration{7}});
  world.start();
  while (world.step()) {
  }
  CHECK(taker.taken == std::vector{0, 1, 2, 3, 4});
  CHECK(taker.times == std::vector<Instant>(5, instant(21)));
}
