// SPDX-License-Identifier: LGPL-2.1-or-later
#include <rapidcheck.h>
#include <rapidcheck/catch.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "recorder/import/tls_layer.hpp"
#include "tests/recorder/support.hpp"
#include "tests/recorder/tls_session.hpp"

using namespace spicebench;
using namespace spicebench::recorder;
using namespace spicebench::test;

namespace {

Bytes unhex(std::string_view text) {
  Bytes bytes;
  for (std::size_t i = 0; i < text.size(); i += 2)
    bytes.push_back(static_cast<std::byte>(std::stoi(std::string(text.substr(i, 2)), nullptr, 16)));
  return bytes;
}

struct Heard {
  Bytes bytes[2];
  std::optional<Error> error;
  std::uint64_t unfinished[2] = {};
};
// What can be heard of a session with this key log, its bytes coming in pieces of at most `most`.
Heard hear(const std::vector<std::pair<Side, Bytes>>& wire, const TlsKeyLog* keys,
           std::size_t most = 1u << 20) {
  TlsLayer layer(keys);
  Heard heard;
  const auto inner = [&](Side by, BytesView bytes) {
    append(heard.bytes[static_cast<std::size_t>(by)], bytes);
  };
  for (const auto& [by, bytes] : wire)
    for (BytesView rest(bytes); !rest.empty();) {
      const std::size_t size = std::min(most, rest.size());
      if (auto sent = layer.sent(by, rest.first(size), inner); !sent) {
        heard.error = sent.error();
        return heard;
      }
      rest = rest.subspan(size);
    }
  for (const Side by : {Side::client, Side::server})
    heard.unfinished[static_cast<std::size_t>(by)] = layer.unfinished(by);
  return heard;
}

void check_all_is_heard(const TlsSession& session, std::size_t most = 1u << 20) {
  const TlsKeyLog keys = TlsKeyLog::parse(session.key_log);
  const Heard heard = hear(session.wire, &keys, most);
  if (heard.error) FAIL(heard.error->text());
  for (const int side : {0, 1}) {
    CHECK((heard.bytes[side] == session.said[side]));
    CHECK(heard.unfinished[side] == 0);
  }
}

Bytes pattern(std::size_t size) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::byte>(i * 7 + i / 251);
  return bytes;
}

void talk(TlsSession& session) {
  session.say(Side::client, as_bytes("hello"));
  session.say(Side::server, pattern(40'000));  // three records
  session.say(Side::client, pattern(1));
  session.say(Side::server, as_bytes("and back"));
}

}  // namespace

TEST_CASE("every suite is looked into, in pieces of any size", "[recorder][tls]") {
  const auto [name, version] = GENERATE(table<std::string, int>({
      {"TLS_AES_128_GCM_SHA256", TLS1_3_VERSION},
      {"TLS_AES_256_GCM_SHA384", TLS1_3_VERSION},
      {"TLS_CHACHA20_POLY1305_SHA256", TLS1_3_VERSION},
      {"AES128-GCM-SHA256", TLS1_2_VERSION},
      {"AES256-GCM-SHA384", TLS1_2_VERSION},
      {"DHE-RSA-AES128-GCM-SHA256", TLS1_2_VERSION},
      {"DHE-RSA-AES256-GCM-SHA384", TLS1_2_VERSION},
      {"ECDHE-ECDSA-AES128-GCM-SHA256", TLS1_2_VERSION},
      {"ECDHE-ECDSA-AES256-GCM-SHA384", TLS1_2_VERSION},
      {"ECDHE-RSA-AES128-GCM-SHA256", TLS1_2_VERSION},
      {"ECDHE-RSA-AES256-GCM-SHA384", TLS1_2_VERSION},
      {"ECDHE-RSA-CHACHA20-POLY1305", TLS1_2_VERSION},
      {"ECDHE-ECDSA-CHACHA20-POLY1305", TLS1_2_VERSION},
      {"DHE-RSA-CHACHA20-POLY1305", TLS1_2_VERSION},
      {"AES128-SHA", TLS1_2_VERSION},
      {"AES256-SHA", TLS1_2_VERSION},
      {"AES128-SHA256", TLS1_2_VERSION},
      {"AES256-SHA256", TLS1_2_VERSION},
      {"DHE-RSA-AES128-SHA", TLS1_2_VERSION},
      {"DHE-RSA-AES256-SHA", TLS1_2_VERSION},
      {"DHE-RSA-AES128-SHA256", TLS1_2_VERSION},
      {"DHE-RSA-AES256-SHA256", TLS1_2_VERSION},
      {"ECDHE-ECDSA-AES128-SHA", TLS1_2_VERSION},
      {"ECDHE-ECDSA-AES256-SHA", TLS1_2_VERSION},
      {"ECDHE-RSA-AES128-SHA", TLS1_2_VERSION},
      {"ECDHE-RSA-AES256-SHA", TLS1_2_VERSION},
      {"ECDHE-ECDSA-AES128-SHA256", TLS1_2_VERSION},
      {"ECDHE-ECDSA-AES256-SHA384", TLS1_2_VERSION},
      {"ECDHE-RSA-AES128-SHA256", TLS1_2_VERSION},
      {"ECDHE-RSA-AES256-SHA384", TLS1_2_VERSION},
  }));
  INFO(name);
  TlsSession::Options options{.version = version, .suites = name};
  options.ecdsa = name.find("ECDSA") != std::string::npos;
  for (const bool encrypt_then_mac : {true, false}) {
    options.encrypt_then_mac = encrypt_then_mac;
    TlsSession session(options);
    talk(session);
    session.close(Side::client);
    session.close(Side::server);
    for (const std::size_t most : {1u << 20, 1000u, 1u}) check_all_is_heard(session, most);
  }
}

TEST_CASE("a resumed session is looked into", "[recorder][tls]") {
  const int version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
  TlsSession first({.version = version});
  talk(first);
  const auto session = first.session();
  TlsSession second({.version = version, .resumed = session.get()});
  REQUIRE(second.was_resumed());
  talk(second);
  check_all_is_heard(second);
}

TEST_CASE("key updates, a retried hello and padding change nothing", "[recorder][tls]") {
  SECTION("key updates of both sides") {
    TlsSession session({});
    for (const Side by : {Side::client, Side::server, Side::server}) {
      talk(session);
      session.update_key(by);
    }
    talk(session);
    check_all_is_heard(session);
    check_all_is_heard(session, 3);
  }
  SECTION("a retried hello") {
    TlsSession session({.server_groups = "P-384"});
    talk(session);
    check_all_is_heard(session);
  }
  SECTION("padding") {
    TlsSession session({.padding = 512});
    talk(session);
    check_all_is_heard(session);
  }
}

TEST_CASE("a session that is not in the key log is named by its client random", "[recorder][tls]") {
  const int version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
  TlsSession session({.version = version});
  talk(session);
  CHECK(hear(session.wire, nullptr).error->detail == "no key log");
  const TlsKeyLog other = TlsKeyLog::parse(TlsSession({.version = version}).key_log);
  const auto error = hear(session.wire, &other).error;
  REQUIRE(error);
  CHECK(error->code == ErrorCode::not_found);
  const std::string random = session.key_log.substr(session.key_log.find(' ') + 1, 64);
  CHECK(error->detail.find("client random " + random) != std::string::npos);
  CHECK(error->path == "server stream");  // where the ServerHello is, which asks for the secret
}

TEST_CASE("the secret of another session gives no bytes, only a wrong tag", "[recorder][tls]") {
  const auto [version, suite] = GENERATE(table<int, std::string>(
      {{TLS1_3_VERSION, ""}, {TLS1_2_VERSION, ""}, {TLS1_2_VERSION, "AES128-SHA"}}));
  TlsSession session({.version = version, .suites = suite});
  talk(session);
  std::string log = session.key_log;  // a digit of each secret turned
  for (std::size_t at = log.find('\n'); at != std::string::npos; at = log.find('\n', at + 1))
    log[at - 1] = log[at - 1] == '0' ? '1' : '0';
  const TlsKeyLog keys = TlsKeyLog::parse(log);
  const Heard heard = hear(session.wire, &keys);
  REQUIRE(heard.error);
  CHECK(heard.error->code == ErrorCode::malformed);
  CHECK(heard.bytes[0].empty());
  CHECK(heard.bytes[1].empty());
}

TEST_CASE("a turned byte is an error at its record, what came before is heard", "[recorder][tls]") {
  const auto [version, suite, mac] = GENERATE(table<int, std::string, bool>({
      {TLS1_3_VERSION, "", true},
      {TLS1_2_VERSION, "", true},
      {TLS1_2_VERSION, "AES128-SHA", true},
      {TLS1_2_VERSION, "AES128-SHA", false},
  }));
  TlsSession session({.version = version, .suites = suite, .encrypt_then_mac = mac});
  session.say(Side::server, as_bytes("before"));
  const std::size_t turned = session.wire.size();
  session.say(Side::server, as_bytes("damaged"));
  session.say(Side::server, as_bytes("after"));
  std::uint64_t begin = 0;  // of the record in the server's stream
  for (std::size_t i = 0; i < turned; ++i)
    if (session.wire[i].first == Side::server) begin += session.wire[i].second.size();
  const TlsKeyLog keys = TlsKeyLog::parse(session.key_log);
  for (std::size_t at = tls_header_bytes; at < session.wire[turned].second.size(); ++at) {
    auto wire = session.wire;
    wire[turned].second[at] ^= std::byte{0x20};
    const Heard heard = hear(wire, &keys);
    REQUIRE(heard.error);
    CHECK(heard.error->offset == begin);
    CHECK(heard.error->path == "server stream");
    CHECK(heard.error->detail.find("tag is wrong") != std::string::npos);
    CHECK(as_text(heard.bytes[1]) == "before");
  }
}

TEST_CASE("a record whose rest never comes is told by its size", "[recorder][tls]") {
  TlsSession session({});
  talk(session);
  Bytes& last = session.wire.back().second;
  last.pop_back();
  const TlsKeyLog keys = TlsKeyLog::parse(session.key_log);
  const Heard heard = hear(session.wire, &keys);
  CHECK_FALSE(heard.error);
  CHECK(heard.unfinished[1] == last.size());
  CHECK(heard.bytes[1].size() == session.said[1].size() - std::string_view("and back").size());
}

TEST_CASE("what cannot be looked into is refused by name", "[recorder][tls]") {
  const auto why = [](const TlsSession& session) {
    const TlsKeyLog keys = TlsKeyLog::parse(session.key_log);
    const Heard heard = hear(session.wire, &keys);
    REQUIRE(heard.error);
    CHECK(heard.error->code == ErrorCode::unsupported);
    return heard.error->detail;
  };
  CHECK(why(TlsSession({.version = TLS1_1_VERSION})) ==
        "TLS version 0x0302: 1.2 and 1.3 can be read");
  CHECK(why(TlsSession({.version = TLS1_2_VERSION, .suites = "AES128-CCM:@SECLEVEL=0"})) ==
        "TLS suite 0xc09c");
  TlsSession again({.version = TLS1_2_VERSION});
  REQUIRE(again.renegotiate());
  CHECK(why(again) == "TLS renegotiation");
}

TEST_CASE("bytes turned, cut or mixed in a session never crash who looks into it",
          "[recorder][tls]") {
  const int version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
  TlsSession session({.version = version});
  session.say(Side::client, as_bytes("some"));
  session.say(Side::server, as_bytes("bytes"));
  const TlsKeyLog keys = TlsKeyLog::parse(session.key_log);
  rc::prop("any damage", [&] {
    auto wire = session.wire;
    const auto times = *rc::gen::inRange(1, 6);
    for (int i = 0; i < times; ++i) {
      auto& bytes = wire[*rc::gen::inRange<std::size_t>(0, wire.size())].second;
      if (bytes.empty()) continue;
      const auto at = *rc::gen::inRange<std::size_t>(0, bytes.size());
      if (*rc::gen::inRange(0, 4) == 0)
        bytes.resize(at);
      else
        bytes[at] = static_cast<std::byte>(*rc::gen::arbitrary<std::uint8_t>());
    }
    const Heard heard = hear(wire, &keys, *rc::gen::element<std::size_t>(1, 100, 1u << 20));
    RC_ASSERT(heard.bytes[0].size() <= 4u);
    RC_ASSERT(heard.bytes[1].size() <= 5u);
  });
}

TEST_CASE("any bytes are an error or wait for more", "[recorder][tls]") {
  rc::prop("of both sides", [](const std::vector<std::pair<bool, std::string>>& said) {
    std::vector<std::pair<Side, Bytes>> wire;
    for (const auto& [client, text] : said) {
      Bytes bytes;
      if (*rc::gen::arbitrary<bool>())  // a record of it
        Put{bytes}.u8(*rc::gen::inRange(20, 24)).u8(3).u8(3).u8(0).u8(text.size() & 0xff);
      append(bytes, as_bytes(text));
      wire.push_back({client ? Side::client : Side::server, bytes});
    }
    const Heard heard = hear(wire, nullptr);
    RC_ASSERT(heard.bytes[0].empty());
    RC_ASSERT(heard.bytes[1].empty());
  });
}

TEST_CASE("keys come from a traffic secret as RFC 8448 shows", "[recorder][tls]") {
  // §3, server handshake traffic secret; TLS_AES_128_GCM_SHA256.
  const Bytes secret = unhex("b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38");
  const TlsSuite& suite = *find_suite(0x1301);
  CHECK(value(expand_label(suite, secret, "key", 16)) == unhex("3fce516009c21727d0f2e4e86ee403bc"));
  CHECK(value(expand_label(suite, secret, "iv", 12)) == unhex("5d313eb2671276ee13000b30"));
}

TEST_CASE("a key log is read line by line, whatever else stands in it", "[recorder][tls]") {
  const std::string random(64, 'A');
  const TlsKeyLog log = TlsKeyLog::parse(
      "# a comment\n"
      "EXPORTER_SECRET " +
      random +
      " 00\n"
      "CLIENT_TRAFFIC_SECRET_0 " +
      random +
      " 00ff\r\n"
      "SERVER_TRAFFIC_SECRET_0 " +
      random +
      " 00f\n"                                       // half a byte
      "CLIENT_HANDSHAKE_TRAFFIC_SECRET abcd 00ff\n"  // no random
      "SERVER_HANDSHAKE_TRAFFIC_SECRET " +
      random +
      " 0x\n"
      "CLIENT_RANDOM " +
      random + " 0102");  // the last line needs no end
  CHECK(log.size() == 2);
  ClientRandom session;
  session.fill(std::byte{0xaa});
  REQUIRE(log.find(TlsSecret::client_traffic, session));
  CHECK(*log.find(TlsSecret::client_traffic, session) == unhex("00ff"));
  CHECK(log.find(TlsSecret::master, session));
  CHECK_FALSE(log.find(TlsSecret::server_traffic, session));
  rc::prop("any text", [](const std::string& text) { TlsKeyLog::parse("CLIENT_RANDOM " + text); });
}
