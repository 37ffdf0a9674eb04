// SPDX-License-Identifier: LGPL-2.1-or-later
// Which links are let in, and how fast: channels.md §2.3, §2.5, §2.6.
#include "server/session/transport_policy.hpp"

#include "server/session/failed_attempts.hpp"
#include "tests/server/bench.hpp"

namespace spicebench::server {
namespace {

using wire::ChannelType;
using wire::LinkError;
namespace link = wire::link;

// What the server answers to a link message, before any ticket.
LinkError reply_to(Bench& bench, const Address& address, ChannelType type,
                   std::uint32_t session = 0) {
  const LinkId id = bench.open(address);
  bench.give(id, link::unit_of(link_mess(type, session)));
  const Bytes& output = bench.output(id);
  REQUIRE(output.size() >= 20);
  return static_cast<LinkError>(load_little_endian(output.data() + 16, 4));
}

// Links by the book with this ticket; the result once it is there.
struct Attempt {
  Attempt(Bench& bench, const Address& address, const std::string& password,
          ChannelType type = ChannelType::main, std::uint32_t session = 0)
      : bench_(bench), id(bench.open(address)) {
    bench.give(id, link::unit_of(link_mess(type, session)));
    bench.give(id, word(1));
    before_ = bench.output(id).size();
    bench.give(id, ticket(password));
  }
  std::optional<LinkError> result() const {
    const Bytes& output = bench_.output(id);
    if (output.size() < before_ + 4) return std::nullopt;
    return static_cast<LinkError>(load_little_endian(output.data() + before_, 4));
  }

 private:
  Bench& bench_;
  std::size_t before_ = 0;

 public:
  const LinkId id;
};

constexpr auto seconds = [](std::int64_t count) { return Duration(std::chrono::seconds(count)); };

}  // namespace

TEST_CASE("P-TLS-1: policy, transport and channel decide before anything else",
          "[server][link][tls]") {
  struct Row {
    std::vector<std::string> secure, plain;
    const char* address;
    ChannelType channel;
    LinkError answer;
  };
  using enum LinkError;
  const Row rows[] = {
      {{}, {}, "spice", ChannelType::main, ok},
      {{}, {}, "spice+tls", ChannelType::main, ok},
      {{"main"}, {}, "spice", ChannelType::main, need_secured},
      {{"main"}, {}, "spice+tls", ChannelType::main, ok},
      {{"main"}, {}, "spice+unix", ChannelType::main, need_secured},
      {{"main"}, {}, "spice", ChannelType::cursor, ok},
      {{"default"}, {}, "spice", ChannelType::cursor, need_secured},
      {{"default"}, {"cursor"}, "spice", ChannelType::cursor, ok},
      {{"default"}, {"cursor"}, "spice+tls", ChannelType::cursor, need_unsecured},
      {{"default"}, {"cursor"}, "spice", ChannelType::main, need_secured},
      {{"cursor"}, {"default"}, "spice+tls", ChannelType::cursor, ok},
      {{"cursor"}, {"default"}, "spice+tls", ChannelType::main, need_unsecured},
      {{}, {"main"}, "spice", ChannelType::main, ok},
      {{}, {"main"}, "spice+tls", ChannelType::main, need_unsecured},
      // The policy comes before the question whether there is such a channel.
      {{"smartcard"}, {}, "spice", ChannelType::smartcard, need_secured},
      {{"default"}, {}, "spice", static_cast<ChannelType>(200), need_secured},
      {{}, {}, "spice+tls", static_cast<ChannelType>(200), channel_not_available},
  };
  for (const Row& row : rows) {
    INFO(row.address << " " << wire::name_of(row.channel));
    Bench bench({.secure_channels = row.secure, .plain_channels = row.plain});
    CHECK(reply_to(bench, row.address, row.channel) == row.answer);
  }
}

TEST_CASE("a policy names channels that there are, each in one list", "[server][link][tls]") {
  CHECK(TransportPolicy::of({"main", "inputs", "default", "main"}, {"cursor"}).has_value());
  for (const char* name : {"", "Main", "common", "link", "device", "user", "tls"}) {
    const auto policy = TransportPolicy::of({}, {name});
    REQUIRE_FALSE(policy.has_value());
    CHECK(policy.error().path == "plain_channels");
  }
  CHECK_FALSE(TransportPolicy::of({"main"}, {"main"}).has_value());
  CHECK_FALSE(TransportPolicy::of({"default"}, {"default"}).has_value());
}

TEST_CASE("a keyboard over TLS needs no warning", "[server][link][tls]") {
  for (const bool secure : {false, true}) {
    Bench bench({.net_test_bytes = {}});
    FakeSession session(bench);
    const Attempt inputs(bench, secure ? "spice+tls" : "spice", "", ChannelType::inputs,
                         session.id);
    REQUIRE(inputs.result() == LinkError::ok);
    const auto said = session.main.take();
    REQUIRE(said.size() == (secure ? 0 : 1));
    if (secure) continue;
    const auto notify = said[0].as<wire::common::Notify>();
    CHECK(notify.severity == 1);
    CHECK(notify.visibility == 2);
    CHECK(notify.message_text == SharedBytes::copy_of("keyboard channel is insecure"));
  }
}

TEST_CASE("a UNIX socket gets no network test", "[server][link]") {
  Bench bench;
  const Attempt main(bench, "spice+unix", "");
  CHECK(main.result() == LinkError::ok);
  CHECK(bench.output(main.id).size() < 1000);
}

TEST_CASE("of too many links from one address the oldest goes, others stay", "[server][link]") {
  Bench bench({.half_open_links = 6, .half_open_links_per_address = 2});
  const LinkId other = bench.open("spice@192.0.2.9");
  const LinkId first = bench.open("spice@192.0.2.1");
  const LinkId second = bench.open("spice@192.0.2.1");
  CHECK_FALSE(bench.closed(first));
  const LinkId third = bench.open("spice+tls@192.0.2.1");  // the same peer by another door
  CHECK(bench.closed(first));
  CHECK_FALSE(bench.closed(second));
  CHECK_FALSE(bench.closed(other));
  REQUIRE(bench.server.errors().size() == 1);
  CHECK(bench.server.errors()[0].peer == "192.0.2.1");
  // Where nobody says from where a link comes, only the sum counts.
  std::vector<LinkId> unknown;
  for (int i = 0; i < 3; ++i) unknown.push_back(bench.open("spice"));
  CHECK_FALSE(bench.closed(other));
  bench.open("spice");
  CHECK(bench.closed(other));
  CHECK_FALSE(bench.closed(unknown[0]));
  CHECK_FALSE(bench.closed(third));
}

TEST_CASE("H-LNK-6: after five failures from one address its answers wait, longer each time",
          "[server][link]") {
  Bench bench({.password = "secret"});
  const Address there = "spice@192.0.2.1";
  for (int i = 0; i < 5; ++i)
    CHECK(Attempt(bench, there, "guess").result() == LinkError::permission_denied);
  for (const int wait : {1, 2, 4, 8, 16, 30, 30}) {
    INFO("waits " << wait << " s");
    const Attempt attempt(bench, there, "guess");
    bench.pass(seconds(wait) - Duration{1});
    CHECK_FALSE(attempt.result());
    CHECK_FALSE(bench.closed(attempt.id));
    bench.pass(Duration{1});
    CHECK(attempt.result() == LinkError::permission_denied);
    CHECK(bench.shut(attempt.id));
    bench.hang_up(attempt.id);
  }
  // Elsewhere nobody waits.
  CHECK(Attempt(bench, "spice@192.0.2.2", "secret").result() == LinkError::ok);
  // A right ticket waits as well, else silence would say no; then it is trusted again.
  const Attempt right(bench, there, "secret");
  bench.give(right.id, wire::frame_of(wire::main_channel::AttachChannels{}, true, 1));
  CHECK_FALSE(right.result());
  bench.pass(seconds(30));
  CHECK(right.result() == LinkError::ok);
  CHECK(bench.output(right.id).size() > 256'000);
  CHECK(Attempt(bench, there, "guess").result() == LinkError::permission_denied);
}

TEST_CASE("an answer that waits holds few bytes, and is let go after it was given",
          "[server][link]") {
  Bench bench({.password = "secret"});
  const Address there = "spice@192.0.2.1";
  for (int i = 0; i < 5; ++i) Attempt(bench, there, "guess");
  const Attempt greedy(bench, there, "secret");
  bench.give(greedy.id, Bytes(most_bytes_ahead));
  CHECK_FALSE(bench.closed(greedy.id));
  bench.give(greedy.id, Bytes(1));
  CHECK(bench.closed(greedy.id));
  const Attempt deaf(bench, there, "guess");  // never ends its side
  bench.pass(seconds(1));
  CHECK(bench.shut(deaf.id));
  CHECK_FALSE(bench.closed(deaf.id));
  bench.pass(seconds(link_stage_limit_s));
  CHECK(bench.closed(deaf.id));
}

TEST_CASE("failures are forgotten in time, and few addresses are watched", "[server][link]") {
  FailedAttempts attempts;
  const auto at = [](std::int64_t s) { return instant(s * 1'000'000'000); };
  for (int i = 0; i < 5; ++i) attempts.failed("a", at(i));
  CHECK(attempts.delay("a", at(4)) == seconds(1));
  CHECK(attempts.delay("a", at(4 + failed_attempts_forgotten_s)) == seconds(1));
  CHECK(attempts.delay("a", at(5 + failed_attempts_forgotten_s)) == seconds(0));
  attempts.failed("a", at(5 + failed_attempts_forgotten_s));
  CHECK(attempts.delay("a", at(5 + failed_attempts_forgotten_s)) == seconds(0));
  attempts.failed("", at(1));
  CHECK(attempts.delay("", at(1)) == seconds(0));
  for (std::size_t i = 0; i < 2 * most_watched_addresses; ++i)
    attempts.failed(std::to_string(i), at(1000));
  CHECK(attempts.size() == most_watched_addresses);
}

}  // namespace spicebench::server
