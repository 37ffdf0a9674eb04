// SPDX-License-Identifier: LGPL-2.1-or-later
// Whom the admin lets in, and what it is told: channels.md §2.6, §2.7, §2.13, §15.1.
#include "server/session/tickets.hpp"

#include <rapidcheck.h>
#include <rapidcheck/catch.h>

#include "tests/server/bench.hpp"

namespace spicebench::server {
namespace {

using namespace wire::admin;
using wire::ChannelType;
using wire::LinkError;

constexpr auto seconds = [](std::int64_t count) { return Duration(std::chrono::seconds(count)); };

SetPassword password(const std::string& text, Connected connected = Connected::keep,
                     std::uint32_t lifetime_s = 0) {
  return {static_cast<std::uint8_t>(connected), lifetime_s, 0, SharedBytes::copy_of(text)};
}
SetPassword no_password(Connected connected = Connected::keep) {
  return {static_cast<std::uint8_t>(connected), 0, 1, {}};
}

struct Administered : Bench {
  explicit Administered(ServerOptions options = {}) : Bench(quiet(std::move(options))) {
    connect_admin();
  }
  static ServerOptions quiet(ServerOptions options) {
    options.net_test_bytes.clear();
    return options;
  }
  // Whether it was done; what else the admin hears comes before its answer.
  template <wire::Message T>
  bool ask(T message) {
    admin_says(std::move(message));
    return to_admin.back().as<Done>() != nullptr;
  }
  LinkError login(const std::string& text, ChannelType type = ChannelType::main,
                  std::uint32_t session = 0) {
    return static_cast<LinkError>(FakeChannel(*this, type, session, true, {}, text).result());
  }
};

}  // namespace

TEST_CASE("a new password is for those who come later, whoever knew the old one",
          "[server][ticket]") {
  Administered bench({.password = "old"});
  FakeSession session(bench, "old");
  REQUIRE(bench.ask(password("new")));
  CHECK_FALSE(session.main.closed());
  CHECK(bench.login("old", ChannelType::cursor, session.id) == LinkError::permission_denied);
  CHECK(bench.login("new", ChannelType::cursor, session.id) == LinkError::ok);
  CHECK(bench.login("old") == LinkError::permission_denied);
  CHECK_FALSE(session.main.closed());
}

TEST_CASE("P-LNK-6: disconnect leaves no client at once; keep lets their streams go on",
          "[server][ticket]") {
  Administered bench({.password = "old", .max_clients = 2});
  FakeSession first(bench, "old"), second(bench, "old");
  const FakeChannel cursor(bench, ChannelType::cursor, first.id, true, {}, "old");
  REQUIRE(bench.ask(password("next", Connected::keep)));
  second.main.say(wire::main_channel::AttachChannels{});
  CHECK(second.main.take().size() == 1);
  REQUIRE(bench.ask(password("new", Connected::disconnect)));
  CHECK_FALSE(bench.server.has_client());
  CHECK(first.main.closed());
  CHECK(cursor.closed());
  CHECK(second.main.closed());
  CHECK(bench.login("new") == LinkError::ok);
}

TEST_CASE("ticketing that comes on ends all clients, whatever was asked", "[server][ticket]") {
  Administered bench;
  const FakeSession session(bench, "any");
  REQUIRE(bench.ask(password("new", Connected::keep)));
  CHECK(session.main.closed());
  CHECK(bench.login("any") == LinkError::permission_denied);
  REQUIRE(bench.ask(SetNoauth{}));
  CHECK(bench.login("any") == LinkError::ok);
  CHECK(bench.server.has_client());
}

TEST_CASE("P-LNK-5: what is refused has changed nothing", "[server][ticket]") {
  Administered bench({.password = "old", .password_expires_s = 100});
  const FakeSession session(bench, "old");
  const auto still_as_before = [&] {
    CHECK_FALSE(session.main.closed());
    const FakeChannel cursor(bench, ChannelType::cursor, session.id, true, {}, "old");
    CHECK(cursor.result() == 0);
    bench.hang_up(cursor.link);
  };
  CHECK_FALSE(bench.ask(password("new", Connected::fail)));
  REQUIRE(bench.to_admin.back().as<Refused>());
  CHECK(as_text(bench.to_admin.back().as<Refused>()->reason).find("client is connected") !=
        std::string_view::npos);
  still_as_before();
  CHECK_FALSE(bench.ask(password(std::string(61, 'x'), Connected::disconnect, 1)));
  still_as_before();
  CHECK_FALSE(bench.ask(password(std::string("a\0b", 3), Connected::disconnect)));
  still_as_before();
  auto odd = password("new");
  odd.connected = 3;
  CHECK_FALSE(bench.ask(odd));
  still_as_before();
  bench.pass(seconds(100) + Duration{1});  // the lifetime is the old one, too
  CHECK(bench.login("old", ChannelType::cursor, session.id) == LinkError::permission_denied);
  Administered open;
  CHECK_FALSE(open.ask(ExpirePassword{0, 5}));  // there is none
  CHECK(open.login("any") == LinkError::ok);
}

TEST_CASE("fail is done while nobody is there", "[server][ticket]") {
  Administered bench;
  CHECK(bench.ask(password("new", Connected::fail)));
  CHECK(bench.login("new") == LinkError::ok);
}

TEST_CASE("a password lives as long as it was given, and may be given another life",
          "[server][ticket]") {
  Administered bench({.password = "x"});
  REQUIRE(bench.ask(password("y", Connected::keep, 10)));
  bench.pass(seconds(10));
  CHECK(bench.login("y") == LinkError::ok);
  bench.pass(Duration{1});
  CHECK(bench.login("y") == LinkError::permission_denied);
  REQUIRE(bench.ask(ExpirePassword{1, 0}));
  bench.pass(seconds(1000));
  CHECK(bench.login("y") == LinkError::ok);
  REQUIRE(bench.ask(ExpirePassword{0, 5}));
  CHECK(bench.login("y") == LinkError::ok);
  bench.pass(seconds(6));
  CHECK(bench.login("y") == LinkError::permission_denied);
  REQUIRE(bench.ask(ExpirePassword{1, 0}));
  REQUIRE(bench.ask(ExpirePassword{0, 0}));  // now
  CHECK(bench.login("y") == LinkError::permission_denied);
  REQUIRE(bench.ask(no_password()));
  CHECK(bench.login("") == LinkError::permission_denied);
  REQUIRE(bench.ask(ExpirePassword{1, 0}));
  CHECK(bench.login("") == LinkError::permission_denied);  // no password is no empty one
}

TEST_CASE("P-LNK-4: whether a ticket passes follows from settings, clock and password alone",
          "[server][ticket]") {
  rc::prop("a model of three variables", [] {
    Administered bench;
    std::optional<std::string> current;
    constexpr Instant never{Duration::max()};
    Instant expires = never;
    const auto word_of = [](int i) { return std::string(1, static_cast<char>('a' + i)); };
    const auto steps = *rc::gen::inRange(1, 25);
    for (int i = 0; i < steps; ++i) {
      switch (*rc::gen::inRange(0, 7)) {
        case 0: {
          const auto text = word_of(*rc::gen::inRange(0, 3));
          const auto life = static_cast<std::uint32_t>(*rc::gen::inRange(0, 4));
          const auto connected = static_cast<Connected>(*rc::gen::inRange(0, 3));
          const bool refused = connected == Connected::fail && bench.server.has_client();
          RC_ASSERT(bench.ask(password(text, connected, life)) == !refused);
          if (refused) break;
          current = text;
          expires = life > 0 ? bench.now + seconds(life) : never;
          break;
        }
        case 1:
          RC_ASSERT(bench.ask(no_password()));
          current = "";
          expires = never;
          break;
        case 2:
          RC_ASSERT(bench.ask(SetNoauth{}));
          current.reset();
          break;
        case 3: {
          const auto after = static_cast<std::uint32_t>(*rc::gen::inRange(1, 4));
          const bool done = bench.ask(ExpirePassword{0, after});
          RC_ASSERT(done == current.has_value());
          if (done) expires = bench.now + seconds(after);
          break;
        }
        case 4:
          bench.pass(seconds(*rc::gen::inRange(0, 3)) + Duration{1});
          break;
        default: {
          const auto text = word_of(*rc::gen::inRange(0, 3));
          const bool passes =
              !current || (!current->empty() && *current == text && bench.now <= expires);
          RC_ASSERT((bench.login(text) == LinkError::ok) == passes);
        }
      }
    }
  });
}

TEST_CASE("P-LNK-2: each link is told of as connected, perhaps initialized, disconnected",
          "[server][ticket]") {
  Administered bench({.password = "x"});
  const LinkId silent = bench.open("spice+tls@192.0.2.7");
  FakeSession session(bench, "x");
  const FakeChannel cursor(bench, ChannelType::cursor, session.id, true, {}, "x");
  const FakeChannel refused(bench, ChannelType::cursor, session.id, true, {}, "y");
  bench.hang_up(refused.link);
  bench.hang_up(silent, Ending::reset);
  const LinkId foreign = bench.open("spice");
  bench.give(foreign, as_bytes("GET "));
  bench.hang_up(session.main.link);
  bench.pass(seconds(link_stage_limit_s));
  std::map<std::uint32_t, std::string> story;
  for (const auto& message : bench.to_admin) {
    if (const auto* one = message.as<LinkConnected>()) {
      story[one->link] += 'c';
      CHECK(one->tls == (one->link == silent ? 1 : 0));
      CHECK(as_text(one->peer) == (one->link == silent ? "192.0.2.7" : ""));
    }
    if (const auto* one = message.as<LinkInitialized>()) {
      story[one->link] += 'i';
      CHECK(one->session_id == session.id);
      CHECK(one->channel_type == (one->link == cursor.link ? 4 : 1));
    }
    if (const auto* one = message.as<LinkDisconnected>()) story[one->link] += 'd';
  }
  CHECK(story == std::map<std::uint32_t, std::string>{{silent, "cd"},
                                                      {session.main.link, "cid"},
                                                      {cursor.link, "cid"},
                                                      {refused.link, "cd"},
                                                      {foreign, "cd"}});
}

TEST_CASE("there is one admin, who may come again, and whose nonsense is noted",
          "[server][ticket]") {
  Administered bench;
  CHECK(bench.closed(bench.open("admin")));
  CHECK(bench.server.errors().size() == 1);
  bench.admin_says(Done{});
  CHECK(bench.server.errors().size() == 2);
  bench.hang_up(bench.admin);
  CHECK(bench.closed(bench.admin));
  const FakeSession unheard(bench);
  bench.connect_admin();
  CHECK(bench.ask(SetNoauth{}));
}

}  // namespace spicebench::server
