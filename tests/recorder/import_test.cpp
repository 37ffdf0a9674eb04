// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recorder/import/import.hpp"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "recorder/import/capture_file.hpp"
#include "recorder/stats.hpp"
#include "recorder/store/reader.hpp"
#include "recorder/store/writer.hpp"
#include "tests/recorder/capture_maker.hpp"
#include "tests/recorder/support.hpp"

using namespace spicebench;
using namespace spicebench::recorder;
using namespace spicebench::test;
using nlohmann::json;

namespace {

const fs::path captures = fs::path(SPICEBENCH_SOURCE_DIR) / "corpus/captures";

// One SPICE connection: link stage, two messages of the server, one of the client.
Bytes small_capture() {
  CaptureMaker capture;
  capture.open(5900);
  for (const auto& [by, bytes] : small_session()) capture.say(5900, by, bytes);
  return capture.bytes();
}

Result<ImportReport> import_bytes(const Scratch& scratch, BytesView capture,
                                  const ImportOptions& options = {}) {
  write_bytes(scratch / "c.pcap", capture);
  return import_capture(scratch / "c.pcap", scratch / "r.spicerec", options);
}

// The error of an import; nothing may be left of the recording.
Error refused(const Scratch& scratch, BytesView capture, const ImportOptions& options = {}) {
  const auto report = import_bytes(scratch, capture, options);
  REQUIRE_FALSE(report.has_value());
  CHECK(scratch.files() == std::vector<std::string>{"c.pcap"});
  CHECK(report.error().text().find("c.pcap") != std::string::npos);
  return report.error();
}

// The bytes of a connection's SPICE streams. Inside WebSocket the truth counted heads and frames
// too: made anew from link header, LinkMess or LinkReply, capability words, ticket, messages.
json spice_bytes(const json& truth) {
  if (!truth.contains("websocket"))
    return {{"client", truth.at("bytes_c2s")}, {"server", truth.at("bytes_s2c")}};
  const auto words = [&](const char* caps) {
    return truth.at(caps).at("common").size() + truth.at(caps).at("channel").size();
  };
  std::size_t client = 16 + 18 + 4 * words("client_caps") + 4 + 128;
  std::size_t server = 16 + 178 + 4 * words("server_caps") + 4;
  for (const json& bytes : truth.at("c2s_bytes")) client += bytes.get<std::size_t>();
  for (const json& bytes : truth.at("s2c_bytes")) server += bytes.get<std::size_t>();
  return {{"client", client}, {"server", server}};
}

Bytes gzip(BytesView bytes) {
  z_stream stream{};
  REQUIRE(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  Bytes out(bytes.size() + 1000);
  stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}
Bytes zstd(BytesView bytes) {
  Bytes out(ZSTD_compressBound(bytes.size()));
  out.resize(ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), 3));
  return out;
}

}  // namespace

TEST_CASE("a real capture gives exactly the message counts of its truth", "[recorder][import]") {
  // Of what SASL encrypts nothing can be counted.
  const std::string name =
      GENERATE(filter([](const std::string& one) { return one != "x-sasl-digestmd5"; },
                      from_range(capture_names("counts.json"))));
  INFO(name);
  const Scratch scratch;
  value(import_capture(captures / name / "capture.pcapng.zst", scratch / "r.spicerec"));
  const Reader reader = value(Reader::open(scratch / "r.spicerec"));
  const json stats = value(stats_of(reader));
  const Bytes text = read_bytes(captures / name / "counts.json");
  const json truth = json::parse(as_text(text)).at("raw").at("connections");
  // The protocol calls these PORT_INIT and PORT_EVENT, the counter of the truth does not.
  const auto as_named = [](json counts, const json& connection) {
    const std::string channel = connection.at("channel");
    for (const char* word : {"init", "event"})
      if ((channel == "port" || channel == "webdav") && counts.contains(word)) {
        counts[std::string("port_") + word] = counts[word];
        counts.erase(word);
      }
    return counts;
  };
  REQUIRE(stats.at("connections").size() == truth.size());
  for (const json& expected : truth) {
    const auto found = std::ranges::find_if(stats.at("connections"), [&](const json& connection) {
      return connection.at("channel") == expected.at("channel") &&
             connection.at("channel_id") == expected.at("channel_id") &&
             connection.at("bytes") == spice_bytes(expected);
    });
    INFO(expected.at("channel"));
    REQUIRE(found != stats.at("connections").end());
    CHECK(found->at("messages").at("client") == as_named(expected.at("c2s"), expected));
    CHECK(found->at("messages").at("server") == as_named(expected.at("s2c"), expected));
    CHECK(found->at("link_error") == expected.at("link_error"));
    CHECK(found->at("reencoded_different") == 0);
    CHECK(found->at("errors").empty());
    CHECK(found->at("undecoded_bytes") == 0);
  }
  CHECK(value(reader.notices()).empty());
  CHECK_FALSE(value(reader.first_edited()));
}

TEST_CASE("a capture is read plain, and compressed by gzip or zstd", "[recorder][import]") {
  const Bytes plain = small_capture();
  const int how = GENERATE(0, 1, 2);
  const Bytes packed = how == 0 ? plain : how == 1 ? gzip(plain) : zstd(plain);
  const Scratch scratch;
  const ImportReport report = value(import_bytes(scratch, packed));
  CHECK(report.connections == 1);
  CHECK(report.messages == 3);
  CHECK(report.notices.empty());
  const Reader reader = value(Reader::open(scratch / "r.spicerec"));
  const ConnectionRow& row = *reader.connection(1);
  CHECK(row.client.endpoint == "127.0.0.1:40000");
  CHECK(row.server.endpoint == "127.0.0.1:5900");
  CHECK(row.channel == wire::ChannelType::cursor);
  CHECK(reader.meta(meta::source) == "c.pcap");
  const MessageRow ack = value(reader.message(2));
  CHECK(ack.by == Side::client);
  CHECK(ack.sent == instant(7000));  // ns after the first packet
  CHECK(ack.arrived == ack.sent);
}

TEST_CASE("a capture cut anywhere is an error that says where, or whole packets",
          "[recorder][import]") {
  const Scratch scratch;
  const Bytes whole = small_capture();
  std::vector<std::size_t> ends;  // of packets: there the file may end
  for (std::size_t at = 24; at < whole.size();) {
    at += 16 + load_little_endian(whole.data() + at + 8, 4);
    ends.push_back(at);
  }
  std::vector<std::size_t> cuts;
  for (std::size_t size = 0; size < whole.size(); size += 7) cuts.push_back(size);
  for (const std::size_t end : ends) cuts.insert(cuts.end(), {end - 1, end, end + 1});
  for (const std::size_t size : cuts) {
    if (size >= whole.size()) continue;
    INFO("cut after " << size);
    const BytesView part = BytesView(whole).first(size);
    const auto before = std::ranges::upper_bound(ends, size);
    if (before != ends.begin() && *std::prev(before) == size && size > ends[1]) {
      value(import_bytes(scratch, part));
      fs::remove(scratch / "r.spicerec");
      continue;
    }
    const Error error = refused(scratch, part);
    if (size > 24 && (before == ends.begin() || *std::prev(before) != size)) {
      CHECK(error.code == ErrorCode::malformed);
      CHECK(error.offset == (before == ends.begin() ? 24 : *std::prev(before)));
    }
  }
}

TEST_CASE("a compressed capture cut or turned anywhere is an error", "[recorder][import]") {
  const Scratch scratch;
  const Bytes packed = gzip(small_capture());
  for (std::size_t size = 0; size < packed.size(); size += 7)
    CHECK(refused(scratch, BytesView(packed).first(size)).code == ErrorCode::malformed);
  const Bytes real = read_bytes(captures / "q-bios/capture.pcapng.zst");
  for (std::size_t size = 4; size < real.size(); size += 997) {
    const Error error = refused(scratch, BytesView(real).first(size));
    CHECK(error.detail.find("cut off") != std::string::npos);
    CHECK(error.offset <= size);
  }
  for (std::size_t at = 0; at < real.size(); at += 499) {
    INFO("byte " << at);
    Bytes turned = real;
    turned[at] ^= std::byte{0x10};
    CHECK(refused(scratch, turned).code == ErrorCode::malformed);
  }
}

TEST_CASE("bits turned in a plain capture never crash the import nor leave half a file",
          "[recorder][import]") {
  const Scratch scratch;
  const Bytes whole = small_capture();
  for (std::size_t at = 0; at < whole.size(); at += 5) {
    Bytes turned = whole;
    turned[at] ^= static_cast<std::byte>(1u << at % 8);
    if (import_bytes(scratch, turned)) {
      REQUIRE(Reader::open(scratch / "r.spicerec").has_value());
      fs::remove(scratch / "r.spicerec");
    }
    REQUIRE(scratch.files() == std::vector<std::string>{"c.pcap"});
  }
}

TEST_CASE("what is no capture, or has no SPICE in it, is refused", "[recorder][import]") {
  const Scratch scratch;
  CHECK(refused(scratch, {}).text().find("empty") != std::string::npos);
  CHECK(refused(scratch, as_bytes("name = \"desktop\"\n")).text().find("not a capture") !=
        std::string::npos);
  CHECK(refused(scratch, CaptureMaker().bytes()).text().find("without packets") !=
        std::string::npos);
  CHECK(import_capture(scratch / "none.pcap", scratch / "r.spicerec").error().code ==
        ErrorCode::not_found);
  CaptureMaker other;
  other.open(80);
  other.packet(80, Side::client, 100, as_bytes("PUT / HTTP/1.1\r\n\r\n"));
  const Error error = refused(scratch, other.bytes());
  CHECK(error.code == ErrorCode::not_found);
  CHECK(error.text().find("1 TCP stream left out: not SPICE") != std::string::npos);
  fs::remove(scratch / "c.pcap");
  CHECK(scratch.files().empty());
}

TEST_CASE("a capture larger than allowed is refused before it is unpacked", "[recorder][import]") {
  const Scratch scratch;
  const Bytes zeros(50'000'000);
  for (const Bytes& bomb : {gzip(zeros), zstd(zeros)}) {
    const Error error = refused(scratch, bomb, {.max_capture_bytes = 1'000'000});
    CHECK(error.code == ErrorCode::out_of_range);
  }
  CHECK(refused(scratch, zeros, {.max_capture_bytes = 1'000'000}).code == ErrorCode::out_of_range);
}

TEST_CASE("streams that cannot be read are named, the others are recorded", "[recorder][import]") {
  CaptureMaker capture;
  capture.open(5901);
  capture.packet(5901, Side::client, 100, as_bytes("\x16\x03\x01"));
  capture.open(5902);
  capture.packet(5902, Side::client, 100, as_bytes("GET /websockify HTTP/1.1\r\n"));
  Bytes both = small_capture();
  append(both, BytesView(capture.bytes()).subspan(24));
  const Scratch scratch;
  const ImportReport report = value(import_bytes(scratch, both));
  CHECK(report.connections == 1);
  REQUIRE(report.notices.size() == 2);
  CHECK(report.notices[0] ==
        "1 TLS stream to 127.0.0.1:5901 left out: it ends before it carries anything");
  CHECK(report.notices[1] ==
        "1 WebSocket stream to 127.0.0.1:5902 left out: it ends before it carries anything");
  CHECK(value(value(Reader::open(scratch / "r.spicerec")).notices()).size() == 2);
}

TEST_CASE("bytes that the capture lacks are told", "[recorder][import]") {
  const Bytes whole = small_capture();
  CaptureMaker more;
  const LinkStage stage = link_stage(4, 0, true);
  const auto after = 500 + stage.server_reply.size() + stage.server_result.size() + 14 + 6;
  more.packet(5900, Side::server, static_cast<std::uint32_t>(after + 1), as_bytes("after a gap"));
  Bytes both = whole;
  append(both, BytesView(more.bytes()).subspan(24));
  const Scratch scratch;
  const ImportReport report = value(import_bytes(scratch, both));
  CHECK(report.messages == 3);
  REQUIRE(report.notices.size() == 1);
  CHECK(report.notices[0].find("lacks bytes of the server stream") != std::string::npos);
}

TEST_CASE("a failed import leaves the older recording as it was", "[recorder][import]") {
  const Scratch scratch;
  value(import_bytes(scratch, small_capture()));
  const Bytes before = read_bytes(scratch / "r.spicerec");
  CHECK_FALSE(import_bytes(scratch, as_bytes("no capture")).has_value());
  CHECK(read_bytes(scratch / "r.spicerec") == before);
}

TEST_CASE("progress goes up to all bytes", "[recorder][import]") {
  const Scratch scratch;
  std::uint64_t last = 0, all = 0;
  const auto packed = captures / "x-off-desktop/capture.pcapng.zst";
  value(import_capture(packed, scratch / "r.spicerec",
                       {.progress = [&](std::uint64_t done, std::uint64_t total) {
                         CHECK(done >= last);
                         last = done, all = total;
                       }}));
  CHECK(last == all);
  CHECK(all == value(read_capture_file(packed, UINT64_MAX / 2)).size());
}
