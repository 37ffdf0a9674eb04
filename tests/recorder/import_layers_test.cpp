// SPDX-License-Identifier: LGPL-2.1-or-later
// Captures of SPICE inside TLS, WebSocket, both, or a SASL security layer.
#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "core/layers/websocket_frames.hpp"
#include "core/layers/websocket_upgrade.hpp"
#include "recorder/import/capture_file.hpp"
#include "recorder/import/import.hpp"
#include "recorder/stats.hpp"
#include "recorder/store/reader.hpp"
#include "tests/recorder/capture_maker.hpp"
#include "tests/recorder/support.hpp"
#include "tests/recorder/tls_session.hpp"

using namespace spicebench;
using namespace spicebench::recorder;
using namespace spicebench::test;

namespace {

const fs::path captures = fs::path(SPICEBENCH_SOURCE_DIR) / "corpus/captures";

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

// The session of capture_maker.hpp with the upgrade before it, each piece in a frame of its own.
std::vector<std::pair<Side, Bytes>> in_websocket() {
  const auto whole = [](Side by, const std::string& text) {
    return std::pair(by, Bytes(as_bytes(text).begin(), as_bytes(text).end()));
  };
  layers::UpgradeRequest request;
  request.key = "dGhlIHNhbXBsZSBub25jZQ==";
  request.protocol = "binary";
  std::vector<std::pair<Side, Bytes>> pieces = {
      whole(Side::client, request.text()),
      whole(Side::server, value(layers::response_to(request)).text())};
  for (const auto& [by, bytes] : small_session()) {
    Bytes frame;
    if (by == Side::server) layers::append_frame(frame, layers::Opcode::ping, as_bytes("?"));
    layers::append_frame(
        frame, layers::Opcode::binary, bytes,
        by == Side::client ? std::optional(layers::Mask{std::byte{7}}) : std::nullopt);
    pieces.push_back({by, frame});
  }
  return pieces;
}

void check_small_session(const fs::path& recording, Carrier carrier) {
  const Reader reader = value(Reader::open(recording));
  REQUIRE(reader.connections().size() == 1);
  const ConnectionRow& row = reader.connections()[0];
  CHECK(row.carrier == carrier);
  CHECK(row.transport == Transport::spice);
  CHECK(row.channel == wire::ChannelType::cursor);
  CHECK(reader.message_count() == 3);
  Bytes expected[2];
  for (const auto& [by, bytes] : small_session())
    append(expected[static_cast<std::size_t>(by)], bytes);
  for (const Side by : {Side::client, Side::server})
    CHECK(value(reader.stream(1, by).rest()) == expected[static_cast<std::size_t>(by)]);
}

// The TLS capture as a plain file in `scratch`, with its key log beside it.
Bytes tls_capture(const Scratch& scratch) {
  fs::copy_file(captures / "x-tls-ticket/tls-keys.log", scratch / "tls-keys.log");
  return value(read_capture_file(captures / "x-tls-ticket/capture.pcapng.zst", UINT32_MAX));
}

}  // namespace

TEST_CASE("the recording says what carried each connection", "[recorder][import]") {
  const auto [name, carrier] =
      GENERATE(table<std::string, Carrier>({{"x-tls-ticket", Carrier::tls},
                                            {"x-html5-direct", Carrier::websocket},
                                            {"q-bios", Carrier::plain}}));
  const Scratch scratch;
  const auto path = scratch / "r.spicerec";
  value(import_capture(captures / name / "capture.pcapng.zst", path));
  const Reader reader = value(Reader::open(path));
  CHECK(reader.connections().size() == 4);
  for (const ConnectionRow& row : reader.connections()) CHECK(row.carrier == carrier);
  CHECK(ask_sql(path, "SELECT carrier FROM connections LIMIT 1") == name_of(carrier));
}

TEST_CASE("WebSocket, and WebSocket inside TLS, are looked into", "[recorder][import]") {
  const Scratch scratch;
  CaptureMaker capture;
  capture.open(5900);
  Carrier carrier = Carrier::websocket;
  SECTION("WebSocket") {
    for (const auto& [by, bytes] : in_websocket()) capture.say(5900, by, bytes);
  }
  SECTION("WebSocket inside TLS") {
    carrier = Carrier::tls_websocket;
    TlsSession tls({});
    for (const auto& [by, bytes] : in_websocket()) tls.say(by, bytes);
    for (const auto& [by, bytes] : tls.wire) capture.say(5900, by, bytes);
    write_bytes(scratch / "tls-keys.log", as_bytes(tls.key_log));
  }
  write_bytes(scratch / "c.pcap", capture.bytes());
  const auto report = value(import_capture(scratch / "c.pcap", scratch / "r.spicerec"));
  CHECK(joined(report.notices).empty());
  check_small_session(scratch / "r.spicerec", carrier);
}

TEST_CASE("an upgrade that came to nothing is named with the reason", "[recorder][import]") {
  const auto why = [](const std::vector<std::pair<Side, std::string>>& said) {
    const Scratch scratch;
    CaptureMaker capture;
    capture.open(5900);
    for (const auto& [by, text] : said) capture.say(5900, by, as_bytes(text));
    write_bytes(scratch / "c.pcap", capture.bytes());
    const auto report = import_capture(scratch / "c.pcap", scratch / "r.spicerec");
    REQUIRE_FALSE(report.has_value());
    return report.error().detail;
  };
  const std::string request = "GET / HTTP/1.1\r\nSec-WebSocket-Key: a\r\n\r\n";
  CHECK(why({{Side::client, "GET / HTTP/1.1\r\n\r\n"}}).find("no Sec-WebSocket-Key") !=
        std::string::npos);
  CHECK(why({{Side::client, request}, {Side::server, "HTTP/1.1 403 Forbidden\r\n\r\n"}})
            .find("the server answers 'HTTP/1.1 403 Forbidden'") != std::string::npos);
  CHECK(why({{Side::client, request},
             {Side::server, "HTTP/1.1 101 ok\r\nSec-WebSocket-Accept: b\r\n\r\n"}})
            .find("not to the client's key") != std::string::npos);
}

TEST_CASE("a frame that may not be ends its connection, what came before is recorded",
          "[recorder][import]") {
  const Scratch scratch;
  CaptureMaker capture;
  capture.open(5900);
  for (const auto& [by, bytes] : in_websocket()) capture.say(5900, by, bytes);
  capture.say(5900, Side::server, as_bytes("\xf2\x01x"));
  capture.say(5900, Side::server, as_bytes("more"));
  write_bytes(scratch / "c.pcap", capture.bytes());
  const auto report = value(import_capture(scratch / "c.pcap", scratch / "r.spicerec"));
  REQUIRE(report.notices.size() == 2);
  CHECK(report.notices[0].find("reserved bits 0x70 of a WebSocket frame") != std::string::npos);
  CHECK(report.notices[1].find("4 more bytes were captured") != std::string::npos);
  check_small_session(scratch / "r.spicerec", Carrier::websocket);
}

TEST_CASE("a TLS capture needs the key log of its sessions", "[recorder][import]") {
  const Scratch scratch;
  write_bytes(scratch / "c.pcapng", tls_capture(scratch));
  const auto recording = scratch / "r.spicerec";
  const auto error_with = [&](const ImportOptions& options) {
    const auto report = import_capture(scratch / "c.pcapng", recording, options);
    REQUIRE_FALSE(report.has_value());
    CHECK_FALSE(fs::exists(recording));
    return report.error();
  };
  SECTION("it is found beside the capture, or named") {
    CHECK(value(import_capture(scratch / "c.pcapng", recording)).messages == 2744);
    fs::rename(scratch / "tls-keys.log", scratch / "elsewhere.log");
    const ImportOptions named{.key_log = scratch / "elsewhere.log"};
    CHECK(value(import_capture(scratch / "c.pcapng", recording, named)).messages == 2744);
  }
  SECTION("there is none") {
    fs::remove(scratch / "tls-keys.log");
    const Error error = error_with({});
    CHECK(error.code == ErrorCode::not_found);
    CHECK(error.detail.find("4 TLS streams to 127.0.0.1:5922 left out: server stream") !=
          std::string::npos);
    CHECK(error.detail.find("no key log") != std::string::npos);
  }
  SECTION("it is of other sessions") {
    write_bytes(scratch / "tls-keys.log", as_bytes(TlsSession({}).key_log));
    CHECK(error_with({}).detail.find("no CLIENT_HANDSHAKE_TRAFFIC_SECRET of client random") !=
          std::string::npos);
  }
  SECTION("its name is wrong") {
    CHECK(error_with({.key_log = scratch / "none.log"}).code == ErrorCode::not_found);
  }
  SECTION("it is something else") {
    write_bytes(scratch / "tls-keys.log", as_bytes("no secrets\n"));
    CHECK(error_with({}).text().find("no TLS secret in this key log") != std::string::npos);
  }
}

TEST_CASE("one turned byte inside TLS costs its connection alone", "[recorder][import]") {
  const Scratch scratch;
  Bytes capture = tls_capture(scratch);
  // The first record behind its middle that is not short: the display channel's.
  const std::string_view text = as_text(capture);
  const std::size_t at = text.find("\x17\x03\x03\x02", text.size() / 2);
  REQUIRE(at != std::string_view::npos);
  capture[at + 100] ^= std::byte{1};
  write_bytes(scratch / "c.pcapng", capture);
  const auto report = value(import_capture(scratch / "c.pcapng", scratch / "r.spicerec"));
  CHECK(report.connections == 4);
  INFO(joined(report.notices));
  REQUIRE(report.notices.size() == 2);
  CHECK(report.notices[0].find("connection 2") == 0);
  CHECK(report.notices[0].find("server stream: malformed at byte") != std::string::npos);
  CHECK(report.notices[0].find("tag is wrong") != std::string::npos);
  CHECK(report.messages > 1000);
  CHECK(report.messages < 2744);
}

TEST_CASE("a capture that ends inside a TLS record says how much is left out",
          "[recorder][import]") {
  const Scratch scratch;
  TlsSession tls({});
  for (const auto& [by, bytes] : small_session()) tls.say(by, bytes);
  CaptureMaker capture;
  capture.open(5900);
  tls.wire.back().second.resize(10);
  for (const auto& [by, bytes] : tls.wire) capture.say(5900, by, bytes);
  write_bytes(scratch / "c.pcap", capture.bytes());
  write_bytes(scratch / "keys", as_bytes(tls.key_log));
  const auto report = value(
      import_capture(scratch / "c.pcap", scratch / "r.spicerec", {.key_log = scratch / "keys"}));
  CHECK(report.messages == 2);
  REQUIRE(report.notices.size() == 1);
  CHECK(report.notices[0].find("the server stream ends inside a unit of TLS: 10 bytes left out") !=
        std::string::npos);
}

TEST_CASE("what a SASL security layer encrypts is kept as it passed, and said",
          "[recorder][import]") {
  const Scratch scratch;
  const auto path = scratch / "r.spicerec";
  const auto report = value(import_capture(captures / "x-sasl-digestmd5/capture.pcapng.zst", path));
  CHECK(report.connections == 2);
  CHECK(report.messages == 0);
  REQUIRE(report.notices.size() == 2);
  CHECK(report.notices[0].find("a SASL security layer encrypts") != std::string::npos);
  const Reader reader = value(Reader::open(path));
  const auto stats = value(stats_of(reader)).at("connections");
  CHECK(stats[0].at("transport") == "sasl");
  CHECK(stats[0].at("carrier") == "plain");
  for (const ConnectionRow& row : reader.connections()) {
    CHECK(row.transport == Transport::sasl);
    CHECK(stats[row.id - 1].at("encrypted_bytes").at("server") > 100);
    CHECK(stats[row.id - 1].at("undecoded_bytes") == 0);
    for (const Side by : {Side::client, Side::server}) {
      CHECK(value(reader.stream(row.id, by).rest()).size() == row.side(by).bytes);
      const auto pieces = value(reader.stream_bytes(row.id));
      CHECK(std::ranges::any_of(pieces, [&](const StreamBytesRow& piece) {
        return piece.by == by && piece.kind == StreamBytesKind::encrypted;
      }));
    }
  }
}
