// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recorder/import/tcp_streams.hpp"

#include <rapidcheck.h>
#include <rapidcheck/catch.h>
#include <tins/dot1q.h>
#include <tins/ethernetII.h>
#include <tins/ip.h>
#include <tins/ipv6.h>
#include <tins/rawpdu.h>
#include <tins/tcp.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/recorder/support.hpp"

using namespace spicebench;
using namespace spicebench::recorder;
using namespace spicebench::test;

namespace {

Endpoint endpoint(std::uint8_t last, std::uint16_t port) {
  Endpoint end;
  end.address[10] = end.address[11] = 0xff;
  end.address[12] = 127;
  end.address[15] = last;
  end.port = port;
  return end;
}
const Endpoint client = endpoint(1, 40000), server = endpoint(2, 5900);

// All that is heard of the connections, as text and bytes.
struct Heard final : TcpListener {
  struct Stream {
    TcpStream stream;
    Bytes bytes[2];
    std::vector<std::string> events;
  };
  std::vector<Stream> streams;
  Stream& at(const TcpStream& stream) {
    if (streams.size() <= stream.number) streams.resize(stream.number + 1);
    streams[stream.number].stream = stream;
    return streams[stream.number];
  }
  void data(const TcpStream& stream, Side by, BytesView bytes, Instant) override {
    append(at(stream).bytes[static_cast<int>(by)], bytes);
  }
  void ended(const TcpStream& stream, Side by, Ending ending, Instant) override {
    at(stream).events.push_back(std::string(name_of(by)) +
                                (ending == Ending::reset ? " reset" : " end"));
  }
  void gap(const TcpStream& stream, Side by, std::size_t kept_back) override {
    at(stream).events.push_back(std::string(name_of(by)) + " gap " + std::to_string(kept_back));
  }
};

Segment segment(Side by, std::uint32_t sequence, std::string_view payload = {}) {
  Segment made;
  made.from = by == Side::client ? client : server;
  made.to = by == Side::client ? server : client;
  made.sequence = sequence;
  made.ack = true;
  made.payload.assign(payload.begin(), payload.end());
  return made;
}
Segment syn(Side by, std::uint32_t sequence) {
  Segment made = segment(by, sequence);
  made.syn = true;
  made.ack = by == Side::server;
  return made;
}
Segment fin(Side by, std::uint32_t sequence) {
  Segment made = segment(by, sequence);
  made.fin = true;
  return made;
}

Heard hear(const std::vector<Segment>& segments) {
  Heard heard;
  TcpStreams streams(heard);
  for (const auto& one : segments) streams.handle(one, {});
  streams.finish();
  return heard;
}

std::string text(const Bytes& bytes) {
  return std::string(as_text(bytes));
}

}  // namespace

TEST_CASE("segments in any order, repeated and overlapping, give the two streams",
          "[recorder][import]") {
  rc::prop("both sides' bytes and ends", [] {
    std::string sent[2];
    std::vector<Segment> segments;
    for (const Side by : {Side::client, Side::server}) {
      auto& stream = sent[static_cast<int>(by)];
      stream = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
      const auto first = *rc::gen::element<std::uint32_t>(1, 0xffffffff, 0xfffffff0, 0x7ffffff0);
      for (std::size_t from = 0; from < stream.size();) {
        const auto size = *rc::gen::inRange<std::size_t>(1, stream.size() - from + 1);
        const auto more = *rc::gen::inRange<std::size_t>(0, stream.size() - from - size + 1);
        segments.push_back(segment(by, first + 1 + static_cast<std::uint32_t>(from),
                                   std::string_view(stream).substr(from, size + more)));
        if (*rc::gen::arbitrary<bool>()) segments.push_back(segments.back());
        from += size;
      }
      segments.push_back(fin(by, first + 1 + static_cast<std::uint32_t>(stream.size())));
      segments.insert(segments.begin() + (by == Side::client ? 0 : 1), syn(by, first));
    }
    for (std::size_t i = 2; i + 1 < segments.size(); ++i)
      std::swap(segments[i], segments[*rc::gen::inRange(i, segments.size())]);
    const Heard heard = hear(segments);
    RC_ASSERT(heard.streams.size() == 1u);
    const auto& stream = heard.streams[0];
    RC_ASSERT(stream.stream.client == client);
    for (const int side : {0, 1}) RC_ASSERT(text(stream.bytes[side]) == sent[side]);
    RC_ASSERT(stream.events.size() == 2u);
    RC_ASSERT(std::ranges::count(stream.events, "client end") == 1);
    RC_ASSERT(std::ranges::count(stream.events, "server end") == 1);
  });
}

TEST_CASE("data that comes after FIN of both sides is not lost", "[recorder][import]") {
  const auto heard = hear({syn(Side::client, 9), syn(Side::server, 99), fin(Side::client, 14),
                           fin(Side::server, 100), segment(Side::client, 12, "lo"),
                           segment(Side::client, 10, "he")});
  CHECK(text(heard.streams.at(0).bytes[0]) == "helo");
  CHECK(heard.streams[0].events == std::vector<std::string>{"server end", "client end"});
}

TEST_CASE("bytes that the capture lacks are told, with what had to be kept back",
          "[recorder][import]") {
  const auto heard = hear({syn(Side::client, 9), segment(Side::client, 10, "abc"),
                           segment(Side::client, 15, "fgh"), fin(Side::client, 18)});
  CHECK(text(heard.streams.at(0).bytes[0]) == "abc");
  CHECK(heard.streams[0].events == std::vector<std::string>{"client gap 3"});
}

TEST_CASE("a reset ends both sides once", "[recorder][import]") {
  Segment reset = segment(Side::server, 0);
  reset.reset = true;
  const auto heard = hear({syn(Side::client, 9), segment(Side::client, 10, "abc"), reset, reset});
  CHECK(heard.streams.at(0).events == std::vector<std::string>{"server reset", "client reset"});
}

TEST_CASE("a capture may begin after SYN: who speaks first is the client", "[recorder][import]") {
  const auto heard = hear({segment(Side::client, 10, "REDQ"), segment(Side::server, 77, "back"),
                           segment(Side::client, 14, "more")});
  REQUIRE(heard.streams.size() == 1);
  CHECK_FALSE(heard.streams[0].stream.from_start);
  CHECK(heard.streams[0].stream.client == client);
  CHECK(text(heard.streams[0].bytes[0]) == "REDQmore");
  CHECK(text(heard.streams[0].bytes[1]) == "back");
  CHECK(hear({segment(Side::client, 10), fin(Side::server, 3)}).streams.empty());  // only an end
}

TEST_CASE("a SYN with a new number on the same ports is a new connection", "[recorder][import]") {
  const auto heard =
      hear({syn(Side::client, 9), segment(Side::client, 10, "one"), syn(Side::client, 9),
            syn(Side::client, 5000), segment(Side::client, 5001, "two")});
  REQUIRE(heard.streams.size() == 2);
  CHECK(text(heard.streams[0].bytes[0]) == "one");
  CHECK(text(heard.streams[1].bytes[0]) == "two");
}

TEST_CASE("a segment is found in packets of every supported link type", "[recorder][import]") {
  Tins::TCP tcp(5900, 40000);
  tcp.seq(1234);
  tcp.flags(Tins::TCP::PSH | Tins::TCP::ACK);
  Tins::IP ip = Tins::IP("127.0.0.2", "127.0.0.1") / tcp / Tins::RawPDU("hello");
  Tins::IPv6 ip6 = Tins::IPv6("::2", "::1") / tcp / Tins::RawPDU("hello");
  const auto check = [](int link_type, const std::vector<std::uint8_t>& bytes, const char* from) {
    INFO(link_type);
    REQUIRE(check_link_type(link_type).has_value());
    const auto found = value(
        segment_in(link_type, {reinterpret_cast<const std::byte*>(bytes.data()), bytes.size()}));
    REQUIRE(found);
    CHECK(found->from.text() == from);
    CHECK(found->to.port == 5900);
    CHECK(found->sequence == 1234);
    CHECK(found->ack);
    CHECK_FALSE((found->syn || found->fin || found->reset));
    CHECK(std::string(found->payload.begin(), found->payload.end()) == "hello");
  };
  const auto behind = [](std::vector<std::uint8_t> head, std::vector<std::uint8_t> packet) {
    head.insert(head.end(), packet.begin(), packet.end());
    return head;
  };
  check(1, (Tins::EthernetII() / ip).serialize(), "127.0.0.1:40000");
  check(1, (Tins::EthernetII() / Tins::Dot1Q(7) / ip).serialize(), "127.0.0.1:40000");
  check(1, (Tins::EthernetII() / ip6).serialize(), "[::1]:40000");
  check(12, ip.serialize(), "127.0.0.1:40000");  // raw
  check(12, ip6.serialize(), "[::1]:40000");
  check(0, behind({2, 0, 0, 0}, ip.serialize()), "127.0.0.1:40000");  // BSD loopback
  check(113, behind({0, 0, 3, 4, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0}, ip.serialize()),
        "127.0.0.1:40000");  // Linux cooked
  check(276, behind({8, 0, 0, 0, 0, 0, 0, 1, 3, 4, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0}, ip.serialize()),
        "127.0.0.1:40000");  // Linux cooked, version 2
  // A segment that the sender's hardware would have cut: longer than IP's length field can say.
  Tins::IP large =
      Tins::IP("127.0.0.2", "127.0.0.1") / tcp / Tins::RawPDU(std::string(70'000, 'x'));
  auto bytes = large.serialize();
  bytes[2] = bytes[3] = 0;
  const auto found =
      value(segment_in(12, {reinterpret_cast<const std::byte*>(bytes.data()), bytes.size()}));
  REQUIRE(found);
  CHECK(found->payload.size() == 70'000);
}

TEST_CASE("packets of nonsense are errors or nothing", "[recorder][import]") {
  CHECK_FALSE(check_link_type(105).has_value());  // 802.11
  rc::prop("any bytes", [](const std::vector<std::uint8_t>& bytes) {
    const int link_type = *rc::gen::element(0, 1, 12, 113, 276);
    const auto found =
        segment_in(link_type, {reinterpret_cast<const std::byte*>(bytes.data()), bytes.size()});
    if (found && *found) RC_ASSERT((*found)->payload.size() <= bytes.size());
  });
}
