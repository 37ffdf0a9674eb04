// SPDX-License-Identifier: LGPL-2.1-or-later
// Clients that are watched: channels.md §4.4 and §15.5.
#include "server/session/liveness.hpp"

#include <rapidcheck.h>
#include <rapidcheck/catch.h>

#include "tests/server/bench.hpp"

namespace spicebench::server {
namespace {

using wire::common::Ping;
using wire::common::Pong;

constexpr auto ms = [](std::int64_t count) { return Duration(std::chrono::milliseconds(count)); };

// A watched client that answers each ping `round_trip` after it, if it answers.
struct Watched {
  explicit Watched(std::size_t credit = std::size_t{1} << 40) {
    bench.credit = credit;
    session.emplace(bench);
  }
  std::vector<Ping> pings() {
    std::vector<Ping> found;
    for (const Said& one : session->main.take())
      if (one.type == Ping::message.id) found.push_back(one.as<Ping>());
    return found;
  }
  bool gone() const { return session->main.closed(); }

  Bench bench{{.net_test_bytes = {}, .watch_clients = true}};
  std::optional<FakeSession> session;
};

}  // namespace

TEST_CASE("P-CH-4: the round trip is the shortest that a pair of pings took", "[server][watch]") {
  Watched s;
  s.bench.pass(ms(15'099));
  CHECK(s.pings().empty());
  s.bench.pass(ms(1));
  auto pings = s.pings();
  REQUIRE(pings.size() == 2);
  CHECK(pings[0] == pings[1]);
  CHECK(pings[0].timestamp == 15'100'000'000);
  s.bench.pass(ms(40));
  for (int i = 0; i < 3; ++i) {
    s.session->main.say(Pong{pings[0].id + 1, pings[0].timestamp});  // nobody's
    s.session->main.say(Pong{pings[0].id, pings[0].timestamp + 1});  // forged
  }
  s.session->main.say(Pong{pings[0].id, pings[0].timestamp});
  s.bench.pass(ms(10));
  s.session->main.say(Pong{pings[0].id, pings[0].timestamp});
  s.bench.pass(ms(15'100));
  pings = s.pings();  // 15 s after the answer
  REQUIRE(pings.size() == 2);
  CHECK_FALSE(s.gone());
  Liveness liveness(Random(1), instant(0));
  const auto first = liveness.proceed(false, liveness.due()).value();
  CHECK_FALSE(liveness.round_trip().has_value());
  const Instant sent = instant(static_cast<std::int64_t>(first[0].timestamp));
  CHECK(liveness.answered({first[0].id, first[0].timestamp}, sent + ms(1)));
  CHECK(liveness.answered({first[0].id, first[0].timestamp}, sent + ms(30)));
  CHECK_FALSE(liveness.answered({first[0].id, first[0].timestamp}, sent + ms(30)));
  CHECK(liveness.round_trip() == ms(30));
}

TEST_CASE("P-CH-5: a client that owes an answer and is silent goes in 30 to 75 seconds",
          "[server][watch]") {
  Watched s;
  s.bench.pass(ms(15'100));
  REQUIRE(s.pings().size() == 2);
  s.bench.pass(ms(29'000));
  CHECK_FALSE(s.gone());
  s.bench.pass(ms(46'000));
  CHECK(s.gone());
  CHECK_FALSE(s.bench.server.has_client());
  REQUIRE(s.bench.server.errors().size() == 1);
  CHECK(s.bench.server.errors()[0].error.detail == "the client has not moved for 30 s");
}

TEST_CASE("P-CH-5: a slow client that moves a byte within 29 seconds stays", "[server][watch]") {
  Watched s;
  s.bench.grant(s.session->main.link, 0);
  s.session->main.say(wire::main_channel::AttachChannels{});
  for (int i = 0; i < 20; ++i) {
    s.bench.pass(ms(29'000));
    const Bytes byte = s.session->main.frame(wire::main_channel::AttachChannels{});
    s.bench.give(s.session->main.link, BytesView(byte).subspan(i % byte.size(), 1));
    CHECK_FALSE(s.gone());
  }
}

TEST_CASE("P-CH-5: a client that takes nothing goes, one that takes a byte stays",
          "[server][watch]") {
  for (const bool takes : {false, true}) {
    INFO(takes);
    Bench bench({.net_test_bytes = {}, .watch_clients = true});
    bench.credit = 0;
    const LinkId link = bench.open("spice");
    bench.give(link, wire::link::unit_of(link_mess(wire::ChannelType::main)));
    bench.give(link, word(1));
    bench.give(link, ticket(""));
    bench.grant(link, 16 + 178 + 8 + 4);
    REQUIRE(bench.server.has_client());
    for (int i = 0; i < 4; ++i) {
      bench.pass(ms(25'000));
      if (takes) bench.grant(link, 1);
    }
    CHECK(bench.closed(link) == !takes);
  }
}

TEST_CASE("who is not watched hears no pings, and a watched one that goes leaves no timer",
          "[server][watch]") {
  Bench bench({.net_test_bytes = {}});
  FakeSession session(bench);
  session.main.take();
  bench.pass(std::chrono::hours(2));
  CHECK(session.main.take().empty());
  Watched s;
  s.bench.hang_up(s.session->main.link);
  s.bench.pass(std::chrono::hours(2));
  CHECK(s.bench.server.errors().empty());
}

}  // namespace spicebench::server
