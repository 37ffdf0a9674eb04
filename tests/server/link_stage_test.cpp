// SPDX-License-Identifier: LGPL-2.1-or-later
// The link stage from the outside: protocol.md §1.5 and §9.1, row by row.
#include "tests/server/bench.hpp"

namespace spicebench::server {
namespace {

using wire::ChannelType;
using wire::LinkError;
namespace link = wire::link;

// The error of the reply that a refused link gets: 16 + 178 bytes, all zero but the code.
std::uint32_t refusal(const Bytes& output) {
  REQUIRE(output.size() == 16 + 178);
  CHECK(load_little_endian(output.data(), 4) == link::magic);
  CHECK(load_little_endian(output.data() + 12, 4) == 178);
  for (std::size_t i = 20; i < output.size(); ++i)
    if (i < 190) CHECK(output[i] == std::byte{0});
  return static_cast<std::uint32_t>(load_little_endian(output.data() + 16, 4));
}

std::uint32_t code(LinkError error) {
  return static_cast<std::uint32_t>(error);
}

// A link header, then `rest`.
Bytes header(std::uint32_t magic, std::uint32_t major, std::uint32_t size, const Bytes& rest = {}) {
  Bytes bytes;
  for (const std::uint32_t field : {magic, major, 2u, size}) append_little_endian(bytes, field, 4);
  append(bytes, rest);
  return bytes;
}

// LinkMess fields as they lie, so that they can lie.
Bytes raw_mess(std::uint32_t common, std::uint32_t channel, std::uint32_t offset,
               std::size_t words) {
  Bytes bytes(6);
  bytes[4] = std::byte{1};
  for (const std::uint32_t field : {common, channel, offset}) append_little_endian(bytes, field, 4);
  bytes.resize(bytes.size() + 4 * words);
  return bytes;
}

}  // namespace

TEST_CASE("the example link message of the specification is accepted", "[server][link]") {
  Bench bench;
  const LinkId id = bench.open("spice");
  constexpr std::uint8_t h1[] = {0x52, 0x45, 0x44, 0x51, 2, 0, 0, 0, 2, 0, 0,  0, 0x1a, 0,
                                 0,    0,    0,    0,    0, 0, 1, 0, 1, 0, 0,  0, 1,    0,
                                 0,    0,    18,   0,    0, 0, 9, 0, 0, 0, 15, 0, 0,    0};
  bench.give(id, std::as_bytes(std::span(h1)));
  const Bytes& output = bench.output(id);
  REQUIRE(output.size() == 16 + 178 + 8);
  CHECK(load_little_endian(output.data() + 12, 4) == 178 + 8);
  CHECK(load_little_endian(output.data() + 16, 4) == 0);
  CHECK(load_little_endian(output.data() + 16 + 166, 4) == 1);       // common words
  CHECK(load_little_endian(output.data() + 16 + 170, 4) == 1);       // channel words
  CHECK(load_little_endian(output.data() + 16 + 178, 4) == 0b1011);  // selection, spice, mini
  CHECK(load_little_endian(output.data() + 16 + 182, 4) == 0b10);    // name and UUID
  const auto& key = auth::TicketKey::fixture().public_key();
  CHECK(
      std::ranges::equal(std::as_bytes(std::span(key)), BytesView(output).subspan(20, key.size())));
}

TEST_CASE("H-LNK-1: foreign bytes are answered with INVALID_MAGIC after four of them",
          "[server][link]") {
  Bench bench;
  const LinkId id = bench.open("spice");
  bench.give(id, as_bytes("RFB"));
  CHECK(bench.output(id).empty());
  bench.give(id, as_bytes(" "));
  CHECK(refusal(bench.output(id)) == code(LinkError::invalid_magic));
  CHECK(bench.shut(id));
  CHECK_FALSE(bench.closed(id));  // until the client has ended too, so that it can read the answer
  bench.give(id, as_bytes("more"));
  bench.hang_up(id);
  CHECK(bench.closed(id));
  REQUIRE(bench.server.errors().size() == 1);
  CHECK(bench.server.errors()[0].connection == id);
  CHECK(bench.server.errors()[0].fatal);
}

TEST_CASE("H-LNK-2: another major version is answered with VERSION_MISMATCH, major 0 not at all",
          "[server][link]") {
  Bench bench;
  const LinkId old = bench.open("spice");
  bench.give(old, header(link::magic, 1, 18));
  CHECK(refusal(bench.output(old)) == code(LinkError::version_mismatch));
  const LinkId zero = bench.open("spice");
  bench.give(zero, header(link::magic, 0, 18));
  CHECK(bench.output(zero).empty());
  CHECK(bench.shut(zero));
}

TEST_CASE(
    "H-LNK-3, H-LNK-4: a link message of impossible size or capability arrays is INVALID_DATA",
    "[server][link]") {
  struct Row {
    const char* what;
    Bytes bytes;
    bool good;
  };
  const Bytes eighteen = raw_mess(0, 0, 18, 0);
  const std::vector<Row> rows = {
      {"size 17", header(link::magic, 2, 17), false},
      {"size 4097", header(link::magic, 2, 4097), false},
      {"size 18, no words", header(link::magic, 2, 18, eighteen), true},
      {"no words, any offset", header(link::magic, 2, 18, raw_mess(0, 0, 0xffff'ffff, 0)), true},
      {"1025 common words", header(link::magic, 2, 18, raw_mess(1025, 0, 18, 0)), false},
      {"1025 channel words", header(link::magic, 2, 18, raw_mess(0, 1025, 18, 0)), false},
      {"offset inside the fixed part", header(link::magic, 2, 22, raw_mess(1, 0, 17, 1)), false},
      {"words up to the end", header(link::magic, 2, 26, raw_mess(1, 1, 18, 2)), true},
      {"words one byte too far", header(link::magic, 2, 26, raw_mess(1, 1, 19, 2)), false},
      {"offset that wraps", header(link::magic, 2, 22, raw_mess(1, 0, 0xffff'fffe, 1)), false},
      {"size 4096", header(link::magic, 2, 4096, raw_mess(1, 0, 4092, (4096 - 18) / 4 + 1)), true},
  };
  for (const Row& row : rows) {
    INFO(row.what);
    Bench bench;
    const LinkId id = bench.open("spice");
    Bytes bytes = row.bytes;
    const auto size = load_little_endian(bytes.data() + 12, 4);
    if (bytes.size() > 16) bytes.resize(16 + size);
    bench.give(id, bytes);
    if (row.good) {
      CHECK(bench.output(id).size() == 16 + 178 + 8);
      CHECK_FALSE(bench.shut(id));
    } else {
      CHECK(refusal(bench.output(id)) == code(LinkError::invalid_data));
      CHECK(bench.shut(id));
    }
  }
}

TEST_CASE("H-LNK-5: an unknown channel is answered with CHANNEL_NOT_AVAILABLE", "[server][link]") {
  Bench bench;
  const FakeSession session(bench);
  for (const auto& [type, id] : {std::pair{5, 0}, {0, 0}, {255, 0}, {2, 1}, {7, 0}}) {
    const LinkId link_id = bench.open("spice");
    auto mess = link_mess(static_cast<ChannelType>(type), session.id);
    mess.channel_id = static_cast<std::uint8_t>(id);
    bench.give(link_id, link::unit_of(mess));
    CHECK(refusal(bench.output(link_id)) == code(LinkError::channel_not_available));
  }
  CHECK_FALSE(session.main.closed());
}

TEST_CASE("the main channel is found under any id", "[server][link]") {
  Bench bench;
  const LinkId id = bench.open("spice");
  auto mess = link_mess(ChannelType::main);
  mess.channel_id = 9;
  bench.give(id, link::unit_of(mess));
  bench.give(id, word(1));
  bench.give(id, ticket(""));
  CHECK(bench.server.has_client());
}

TEST_CASE("H-LNK-7: a mechanism that was not offered is answered with INVALID_DATA",
          "[server][link]") {
  for (const std::uint32_t mechanism : {0u, 2u, 3u, 0xffff'ffffu}) {
    Bench bench;
    const LinkId id = bench.open("spice");
    bench.give(id, link::unit_of(link_mess(ChannelType::main)));
    const std::size_t before = bench.output(id).size();
    bench.give(id, word(mechanism));
    const Bytes& output = bench.output(id);
    CHECK(refusal(Bytes(output.begin() + static_cast<std::ptrdiff_t>(before), output.end())) ==
          code(LinkError::invalid_data));
    CHECK(bench.shut(id));
  }
}

TEST_CASE("without AUTH_SELECTION the ticket follows at once", "[server][link]") {
  Bench bench;
  const LinkId id = bench.open("spice");
  auto mess = link_mess(ChannelType::main);
  mess.common_caps.clear();
  bench.give(id, link::unit_of(mess));
  bench.give(id, ticket(""));
  CHECK(bench.server.has_client());
}

TEST_CASE("a ticket must decrypt even without a password, and match with one", "[server][link]") {
  struct Row {
    const char* what;
    std::optional<std::string> password;
    Bytes ticket;
    bool good;
  };
  const std::string longest(60, 'x');
  const std::vector<Row> rows = {
      {"ticketing off", std::nullopt, ticket(""), true},
      {"ticketing off, any password", std::nullopt, ticket("any"), true},
      {"ticketing off, garbage", std::nullopt, Bytes(128, std::byte{0x5a}), false},
      {"right", "secret", ticket("secret"), true},
      {"wrong", "secret", ticket("Secret"), false},
      {"a prefix", "secret", ticket("secre"), false},
      {"empty against a password", "secret", ticket(""), false},
      {"no password configured", "", ticket(""), false},
      {"60 bytes", longest, ticket(longest), true},
  };
  for (const Row& row : rows) {
    INFO(row.what);
    Bench bench({.password = row.password});
    const LinkId id = bench.open("spice");
    bench.give(id, link::unit_of(link_mess(ChannelType::main)));
    bench.give(id, word(1));
    const std::size_t before = bench.output(id).size();
    bench.give(id, BytesView(row.ticket).first(127));
    CHECK(bench.output(id).size() == before);
    bench.give(id, BytesView(row.ticket).subspan(127));
    CHECK(bench.server.has_client() == row.good);
    const Bytes& output = bench.output(id);
    REQUIRE(output.size() >= before + 4);
    CHECK(load_little_endian(output.data() + before, 4) ==
          (row.good ? 0 : code(LinkError::permission_denied)));
    if (!row.good) {
      CHECK(output.size() == before + 4);
      CHECK(bench.shut(id));
    }
  }
}

TEST_CASE("an expired password admits nobody, on any channel", "[server][link]") {
  Bench bench({.password = "secret", .password_expires_s = 10});
  bench.pass(std::chrono::seconds(10));
  const FakeSession session(bench, "secret");
  bench.pass(Duration{1});
  const FakeChannel late(bench, ChannelType::cursor, session.id, true, {}, "secret");
  CHECK(late.result() == code(LinkError::permission_denied));
  CHECK_FALSE(session.main.closed());
}

TEST_CASE("H-LNK-9, H-LNK-12: a channel needs the session's id, and comes once", "[server][link]") {
  Bench bench;
  const FakeChannel early(bench, ChannelType::cursor, 0);
  CHECK(early.result() == code(LinkError::bad_connection_id));
  const FakeSession session(bench);
  CHECK(session.id != 0);
  const FakeChannel wrong(bench, ChannelType::cursor, session.id + 1);
  CHECK(wrong.result() == code(LinkError::bad_connection_id));
  const FakeChannel right(bench, ChannelType::cursor, session.id);
  CHECK(right.result() == 0);
  const FakeChannel again(bench, ChannelType::cursor, session.id);
  CHECK(again.result() == code(LinkError::error));
  CHECK_FALSE(right.closed());
  bench.hang_up(right.link);
  const FakeChannel anew(bench, ChannelType::cursor, session.id);
  CHECK(anew.result() == 0);
  const FakeChannel migration(bench, ChannelType::main, session.id);
  CHECK(migration.result() == code(LinkError::bad_connection_id));
  CHECK_FALSE(session.main.closed());
}

TEST_CASE("P-MAIN-4: a new main link ends the session before it; other seeds give other ids",
          "[server][link]") {
  Bench bench;
  const FakeSession first(bench);
  const FakeChannel cursor(bench, ChannelType::cursor, first.id);
  const FakeSession second(bench);
  CHECK(first.main.closed());
  CHECK(cursor.closed());
  CHECK_FALSE(second.main.closed());
  CHECK(first.id != second.id);
  Bench same, other({}, 2);
  CHECK(FakeSession(same).id == first.id);
  CHECK(FakeSession(other).id != first.id);
}

TEST_CASE("as many clients as there may be are served, then the oldest goes", "[server][link]") {
  Bench bench({.max_clients = 2});
  const FakeSession first(bench);
  const FakeChannel cursor(bench, ChannelType::cursor, first.id);
  const FakeSession second(bench);
  CHECK_FALSE(first.main.closed());
  CHECK(first.id != second.id);
  // Each has its own channels.
  const FakeChannel other_cursor(bench, ChannelType::cursor, second.id);
  CHECK_FALSE(other_cursor.closed());
  const FakeSession third(bench);
  CHECK(first.main.closed());
  CHECK(cursor.closed());
  CHECK_FALSE(second.main.closed());
  CHECK_FALSE(other_cursor.closed());
  CHECK_FALSE(third.main.closed());
}

TEST_CASE("P-LNK-7: a link stage that is not over after 30 seconds is ended", "[server][link]") {
  Bench bench;
  const LinkId silent = bench.open("spice"), slow = bench.open("spice");
  bench.give(slow, link::unit_of(link_mess(ChannelType::main)));
  bench.pass(std::chrono::seconds(30) - Duration{1});
  CHECK_FALSE(bench.closed(silent));
  CHECK_FALSE(bench.closed(slow));
  bench.pass(Duration{1});
  CHECK(bench.closed(silent));
  CHECK(bench.closed(slow));
  const FakeSession in_time(bench);
  bench.pass(std::chrono::hours(1));
  CHECK_FALSE(in_time.main.closed());
}

TEST_CASE("H-LNK-13: a refused client that neither reads nor ends is let go after the deadline",
          "[server][link]") {
  Bench bench;
  bench.credit = 0;
  const LinkId id = bench.open("spice");
  bench.give(id, as_bytes("HTTP"));
  CHECK_FALSE(bench.shut(id));
  bench.pass(std::chrono::seconds(30));
  CHECK(bench.closed(id));
}

TEST_CASE("of more than 64 links without authentication the oldest goes", "[server][link]") {
  Bench bench;
  const FakeSession session(bench);
  std::vector<LinkId> links;
  for (std::size_t i = 0; i < most_half_open_links; ++i) links.push_back(bench.open("spice"));
  CHECK_FALSE(bench.closed(links.front()));
  links.push_back(bench.open("spice"));
  CHECK(bench.closed(links.front()));
  CHECK_FALSE(bench.closed(links[1]));
  CHECK_FALSE(session.main.closed());
}

TEST_CASE("a second device and unknown addresses are refused", "[server][link]") {
  Bench bench;
  bench.connect_device();
  CHECK(bench.closed(bench.open("device")));
  CHECK(bench.closed(bench.open("elsewhere")));
  CHECK_FALSE(bench.closed(bench.device));
}

}  // namespace spicebench::server
