// SPDX-License-Identifier: LGPL-2.1-or-later
#include <rapidcheck.h>
#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>

#include "core/base/random.hpp"
#include "core/wire/common_messages.hpp"
#include "core/wire/frame.hpp"
#include "core/wire/frame_limits.hpp"
#include "core/wire/framer.hpp"
#include "core/wire/inputs_channel.hpp"
#include "core/wire/main_channel.hpp"
#include "tests/core/wire_support.hpp"

using namespace spicebench;
using namespace spicebench::wire;

namespace {

constexpr std::uint32_t selection = 1 << 0, sasl = 1 << 2, mini = 1 << 3;

// What both sides of a connection say.
struct Dialogue {
  Bytes client, server;
};
void word(Bytes& out, std::uint32_t value) {
  append_little_endian(out, value, 4);
}

Dialogue linked(std::uint32_t client_caps = selection | mini,
                std::uint32_t server_caps = selection | mini,
                ChannelType channel = ChannelType::main) {
  link::LinkMess mess{.channel_type = static_cast<std::uint8_t>(channel),
                      .common_caps = {client_caps},
                      .channel_caps = {15}};
  link::LinkReply reply{.common_caps = {server_caps}, .channel_caps = {7}};
  reply.pub_key.fill(0x30);
  return {unit_of(mess), unit_of(reply)};
}
Dialogue up(std::uint32_t client_caps = selection | mini,
            std::uint32_t server_caps = selection | mini, ChannelType channel = ChannelType::main) {
  Dialogue talk = linked(client_caps, server_caps, channel);
  if (client_caps & server_caps & selection) word(talk.client, link::auth_spice);
  talk.client.resize(talk.client.size() + link::ticket_bytes);
  word(talk.server, 0);
  return talk;
}
void sasl_data(Bytes& out, std::string_view data) {
  word(out, static_cast<std::uint32_t>(data.size()));
  append(out, as_bytes(data));
}
// Up to and without what follows the word that SASL accepts by.
Dialogue sasl_accepted(std::string_view mechanism) {
  Dialogue talk = linked(selection | sasl | mini, selection | sasl | mini);
  word(talk.client, link::auth_sasl);
  sasl_data(talk.server, ",SCRAM-SHA-256,DIGEST-MD5,");
  sasl_data(talk.client, mechanism);
  sasl_data(talk.client, "");
  sasl_data(talk.server, std::string_view("challenge\0", 10));
  talk.server.push_back(std::byte{0});  // not complete
  sasl_data(talk.client, std::string_view("answer\0", 7));
  sasl_data(talk.server, "");
  talk.server.push_back(std::byte{1});
  word(talk.server, 0);
  return talk;
}
template <wire::Message T>
void say(Bytes& out, const T& message, bool mini_header, std::uint64_t serial = 1) {
  append(out, frame_of(message, mini_header, serial));
}

struct Heard {
  std::vector<std::string> client, server;  // one line a unit, or the error
  std::string framed_client, framed_server;
  bool operator==(const Heard&) const = default;
};
// A piece of the link stage is what its description says, to the last byte.
void check_piece(const Unit& unit) {
  const std::shared_ptr<void> object = unit.piece->layout->make();
  const auto used = decode(*unit.piece->layout, object.get(), unit.bytes);
  if (!used) FAIL(unit.piece->name << ": " << used.error().text());
  CHECK(*used == unit.bytes.size());
  CHECK(encoded(*unit.piece->layout, object.get()) ==
        Bytes(unit.bytes.view().begin(), unit.bytes.view().end()));
}
std::string line_of(const Unit& unit) {
  CHECK((unit.piece == nullptr) == (unit.kind == UnitKind::message));
  if (unit.piece != nullptr) check_piece(unit);
  constexpr const char* kinds[] = {"header", "mess",   "reply", "mechanism",
                                   "ticket", "result", "sasl",  "message"};
  std::string line = kinds[static_cast<int>(unit.kind)];
  if (unit.kind == UnitKind::message)
    line += " " + std::to_string(unit.type) + " #" + std::to_string(unit.serial) + " sub " +
            std::to_string(unit.sub_list) + " body " + std::to_string(unit.body().size());
  return line + " @" + std::to_string(unit.offset) + "+" + std::to_string(unit.bytes.size());
}
// All units that are there, by turns, until neither side has more.
void drain(ConnectionFramer& framer, Heard& heard) {
  for (bool more = true; more;) {
    more = false;
    for (const Side side : {Side::client, Side::server}) {
      auto& lines = side == Side::client ? heard.client : heard.server;
      auto& bytes = side == Side::client ? heard.framed_client : heard.framed_server;
      const auto unit = framer.next(side);
      if (!unit) {
        const bool is_new = lines.empty() || lines.back() != unit.error().text();
        if (is_new) lines.push_back(unit.error().text());
        more |= is_new;
      } else if (*unit) {
        CHECK((*unit)->offset == bytes.size());
        bytes += as_text((*unit)->bytes);
        lines.push_back(line_of(**unit));
        more = true;
      }
    }
  }
}
Heard whole(const Dialogue& talk) {
  ConnectionFramer framer;
  Heard heard;
  framer.feed(Side::client, talk.client);
  framer.feed(Side::server, talk.server);
  drain(framer, heard);
  return heard;
}
LinkState state_after(const Dialogue& talk) {
  ConnectionFramer framer;
  Heard heard;
  framer.feed(Side::client, talk.client);
  framer.feed(Side::server, talk.server);
  drain(framer, heard);
  return framer.link();
}
using Lines = std::vector<std::string>;

Dialogue busy(bool mini_header) {
  Dialogue talk = mini_header ? up() : up(selection, selection | mini);
  for (std::uint32_t i = 0; i < 5; ++i) {
    say(talk.server, common::Ping{i, 1, Bytes(i * 100)}, mini_header, i + 1);
    say(talk.client, common::Pong{i, 1}, mini_header, i + 1);
  }
  return talk;
}

}  // namespace

TEST_CASE("a link by ticket becomes units, then messages under mini headers", "[core][framer]") {
  Dialogue talk = up();
  say(talk.client, main_channel::AttachChannels{}, true);
  say(talk.server, main_channel::AgentConnected{}, true);
  say(talk.server, common::Ping{1, 2, Bytes(3)}, true);
  const Heard heard = whole(talk);
  CHECK(heard.client == Lines{"header @0+16", "mess @16+26", "mechanism @42+4", "ticket @46+128",
                              "message 104 #1 sub 0 body 0 @174+6"});
  CHECK(heard.server == Lines{"header @0+16", "reply @16+186", "result @202+4",
                              "message 107 #1 sub 0 body 0 @206+6",
                              "message 4 #2 sub 0 body 15 @212+21"});
  const LinkState link = state_after(talk);
  CHECK(link.up());
  CHECK(link.mini_header);
  CHECK(link.channel() == ChannelType::main);
  CHECK(link.mechanism == link::auth_spice);
  CHECK(link.mess->common_caps == std::vector<std::uint32_t>{selection | mini});
  CHECK(link.reply->channel_caps == std::vector<std::uint32_t>{7});
}

TEST_CASE("the mechanism word is there only if both sides have AUTH_SELECTION", "[core][framer]") {
  for (const auto& [client, server] :
       {std::pair{mini, selection | mini}, std::pair{selection | mini, mini}}) {
    const Heard heard = whole(up(client, server));
    CHECK(heard.client == Lines{"header @0+16", "mess @16+26", "ticket @42+128"});
    CHECK(heard.server.back() == "result @202+4");
  }
}

TEST_CASE("full headers are used unless both sides have MINI_HEADER", "[core][framer]") {
  for (const auto& [client, server] :
       {std::pair{selection, selection | mini}, std::pair{selection | mini, selection}}) {
    Dialogue talk = up(client, server);
    say(talk.server, common::Ping{1, 2, {}}, false, 77);
    Bytes sub = frame_of(common::Ping{1, 2, Bytes(2)}, false, 79);
    write_header(sub, false, 4, 79, 12);
    append(talk.server, sub);
    const Heard heard = whole(talk);
    CHECK(heard.server.at(3) == "message 4 #77 sub 0 body 12 @206+30");
    CHECK(heard.server.at(4) == "message 4 #79 sub 12 body 14 @236+32");
  }
}

TEST_CASE("any segmentation gives the same units", "[core][framer]") {
  std::vector<Dialogue> talks{busy(true), busy(false), sasl_accepted("SCRAM-SHA-256"),
                              sasl_accepted("DIGEST-MD5")};
  word(talks[2].server, 0);
  say(talks[2].server, common::Ping{1, 2, {}}, true);
  say(talks[2].client, common::Pong{1, 2}, true);
  append(talks[3].server, hex("00000014 0102030405060708090a0b0c0d0e0f1011121314"));
  append(talks[3].client, hex("00000014 0102030405060708090a0b0c0d0e0f1011121314"));
  for (std::size_t i = 0; i < talks.size(); ++i) {
    const Dialogue& talk = talks[i];
    const Heard expected = whole(talk);
    rc::prop("dialogue " + std::to_string(i), [&](const std::vector<std::uint16_t>& cuts) {
      ConnectionFramer framer;
      Heard heard;
      BytesView client = talk.client, server = talk.server;
      for (const std::uint16_t cut : cuts) {
        BytesView& rest = cut & 1 ? client : server;
        const std::size_t size = std::min<std::size_t>((cut >> 1) % 64, rest.size());
        framer.feed(cut & 1 ? Side::client : Side::server, rest.first(size));
        rest = rest.subspan(size);
        drain(framer, heard);
      }
      framer.feed(Side::client, client);
      framer.feed(Side::server, server);
      drain(framer, heard);
      RC_ASSERT(heard.client == expected.client);
      RC_ASSERT(heard.server == expected.server);
      RC_ASSERT(heard == expected);
      RC_ASSERT(heard.framed_client.size() + framer.unframed(Side::client).size() ==
                talk.client.size());
    });
  }
}

TEST_CASE("SASL without a security layer leads to messages", "[core][framer]") {
  Dialogue talk = sasl_accepted("SCRAM-SHA-256");
  word(talk.server, 0);
  say(talk.server, common::Ping{1, 2, {}}, true);
  say(talk.client, common::Pong{1, 2}, true);
  const Heard heard = whole(talk);
  CHECK(heard.client == Lines{"header @0+16", "mess @16+26", "mechanism @42+4", "sasl @46+17",
                              "sasl @63+4", "sasl @67+11", "message 3 #1 sub 0 body 12 @78+18"});
  CHECK(heard.server == Lines{"header @0+16", "reply @16+186", "sasl @202+30", "sasl @232+15",
                              "sasl @247+5", "sasl @252+4", "result @256+4",
                              "message 4 #1 sub 0 body 12 @260+18"});
  CHECK_FALSE(state_after(talk).encrypted);
}

TEST_CASE("a SASL security layer is said by name", "[core][framer]") {
  Dialogue talk = sasl_accepted("DIGEST-MD5");
  append(talk.server, hex("00000014 0102030405060708090a0b0c0d0e0f1011121314"));
  append(talk.client, hex("00000014"));
  const Heard heard = whole(talk);
  CHECK(heard.server.back() ==
        "unsupported at byte 256: SASL DIGEST-MD5 negotiated a security layer: what follows is "
        "encrypted");
  CHECK(heard.client.back() ==
        "unsupported at byte 75: SASL DIGEST-MD5 negotiated a security layer: what follows is "
        "encrypted");
  CHECK(state_after(talk).encrypted);
  CHECK_FALSE(state_after(talk).up());
}

TEST_CASE("SASL may be refused by a result and a text", "[core][framer]") {
  Dialogue talk = linked(selection | sasl, selection | sasl);
  word(talk.client, link::auth_sasl);
  sasl_data(talk.server, ",PLAIN,");
  sasl_data(talk.client, "PLAIN");
  sasl_data(talk.client, "x");
  sasl_data(talk.server, "");
  talk.server.push_back(std::byte{1});
  word(talk.server, 1);
  sasl_data(talk.server, std::string_view("Authentication failed\0", 22));
  const Heard heard = whole(talk);
  CHECK(heard.server.back() == "sasl @222+26");
  CHECK(heard.client.back() == "sasl @55+5");
  CHECK_FALSE(state_after(talk).up());
}

TEST_CASE("SASL lengths have limits", "[core][framer]") {
  const auto after_mechanism = [](std::uint32_t list, std::uint32_t name) {
    Dialogue talk = linked(selection | sasl, selection | sasl);
    word(talk.client, link::auth_sasl);
    word(talk.server, list);
    word(talk.client, name);
    return whole(talk);
  };
  CHECK(after_mechanism(301, 1).server.back() ==
        "mechlist: out of range at byte 202: length 301, allowed 0 to 300");
  CHECK(after_mechanism(300, 0).client.back() ==
        "mechname: out of range at byte 46: length 0, allowed 1 to 100");
  CHECK(after_mechanism(300, 101).client.back() ==
        "mechname: out of range at byte 46: length 101, allowed 1 to 100");
  Dialogue talk = linked(selection | sasl, selection | sasl);
  word(talk.client, link::auth_sasl);
  sasl_data(talk.client, "X");
  word(talk.client, (1 << 20) + 1);
  CHECK(whole(talk).client.back() ==
        "sasl data: out of range at byte 51: length 1048577, allowed 0 to 1048576");
}

TEST_CASE("a refused link ends both directions", "[core][framer]") {
  Dialogue talk = linked();
  talk.server = unit_of(link::LinkReply{.error = 5});
  CHECK(whole(talk).server.back() == "reply @16+178");
  CHECK(state_after(talk).result == 5u);
  CHECK_FALSE(state_after(talk).up());
  word(talk.client, 1);
  word(talk.server, 0);
  CHECK(whole(talk).client.back() == "out of order at byte 42: bytes after the link was refused");
  CHECK(whole(talk).server.back() == "out of order at byte 194: bytes after the link was refused");

  Dialogue denied = up();
  store_little_endian(&denied.server[denied.server.size() - 4], 7, 4);
  CHECK(whole(denied).server.back() == "result @202+4");
  CHECK(state_after(denied).result == 7u);
  say(denied.server, common::Ping{}, true);
  CHECK(whole(denied).server.back() ==
        "out of order at byte 206: bytes after the link was refused");
}

TEST_CASE("the server may refuse by a second reply where an answer is due", "[core][framer]") {
  Dialogue talk = linked();
  word(talk.client, 99);
  append(talk.server, unit_of(link::LinkReply{.error = 3}));
  const Heard heard = whole(talk);
  CHECK(heard.client.back() ==
        "auth_mechanism: malformed at byte 42: 99, allowed 1 (spice) or 2 (sasl)");
  CHECK(Lines(heard.server.begin() + 2, heard.server.end()) ==
        Lines{"header @202+16", "reply @218+178"});
  CHECK(state_after(talk).result == 3u);
  CHECK(state_after(talk).reply->error == 0);
  CHECK(state_after(talk).reply->channel_caps == std::vector<std::uint32_t>{7});
}

TEST_CASE("what is not SPICE is said at its first bytes", "[core][framer]") {
  CHECK(whole({Bytes(as_bytes("GET / HTTP/1.1\r\n").begin(), as_bytes("GET / HTTP/1.1\r\n").end()),
               {}})
            .client ==
        Lines{"link_header.magic: malformed at byte 0: 0x20544547, a SPICE link begins with "
              "0x51444552"});
  Dialogue talk = linked();
  talk.client[4] = std::byte{1};
  CHECK(whole(talk).client ==
        Lines{"link_header.major_version: unsupported at byte 4: version 1, only 2 is known"});
}

TEST_CASE("link headers have size limits, per side", "[core][framer][bounds]") {
  const auto client = [](std::uint32_t size) {
    Dialogue talk = linked();
    store_little_endian(&talk.client[12], size, 4);
    return whole(talk).client.back();
  };
  CHECK(client(17) == "link_header.size: out of range at byte 12: 17, allowed 18 to 4096");
  CHECK(client(4097) == "link_header.size: out of range at byte 12: 4097, allowed 18 to 4096");
  CHECK(client(4096) == "header @0+16");
  const auto server = [](std::uint32_t size) {
    Dialogue talk = linked();
    store_little_endian(&talk.server[12], size, 4);
    return whole(talk).server.back();
  };
  CHECK(server(177) == "link_header.size: out of range at byte 12: 177, allowed 178 to 65536");
  CHECK(server(65537) == "link_header.size: out of range at byte 12: 65537, allowed 178 to 65536");
  CHECK(server(65536) == "header @0+16");
}

TEST_CASE("capability words lie inside the link message", "[core][framer][bounds]") {
  Dialogue talk = linked();
  store_little_endian(&talk.client[16 + 6], 1025, 4);
  CHECK(whole(talk).client.back() ==
        "link_mess.num_common_caps: out of range at byte 22: 1025, allowed 0 to 1024");
  talk = linked();
  store_little_endian(&talk.client[16 + 10], 2, 4);
  CHECK(whole(talk).client.back() ==
        "link_mess.channel_caps: truncated at byte 38: 2 items of at least 4 bytes, 4 bytes left");
}

TEST_CASE("bodies have limits, per channel and side", "[core][framer][bounds]") {
  constexpr std::uint32_t mib = 1 << 20;
  CHECK(most_body_bytes(ChannelType::display, Side::server, 304) == 256 * mib);
  CHECK(most_body_bytes(ChannelType::main, Side::server, 4) == 64 * mib);
  CHECK(most_body_bytes(ChannelType::main, Side::client, 107) == 2048);
  CHECK(most_body_bytes(ChannelType::main, Side::client, 106) == 26624);
  CHECK(most_body_bytes(ChannelType::display, Side::client, 101) == 1024);
  CHECK(most_body_bytes(ChannelType::cursor, Side::client, 1) == 1024);
  CHECK(most_body_bytes(ChannelType::inputs, Side::client, 104) == 2048);
  CHECK(most_body_bytes(ChannelType::display, Side::client, 5) == 64 * mib);
  CHECK(most_body_bytes(ChannelType::usbredir, Side::client, 101) == 16 * mib);
  CHECK(most_body_bytes(ChannelType::smartcard, Side::client, 101) == mib);

  Dialogue talk = up(selection | mini, selection | mini, ChannelType::inputs);
  say(talk.client, inputs::KeyScancode{Bytes(2048)}, true);
  CHECK(whole(talk).client.back() == "message 104 #1 sub 0 body 2048 @174+2054");
  say(talk.client, inputs::KeyScancode{Bytes(2049)}, true);
  CHECK(whole(talk).client.back() ==
        "key_scancode.size: out of range at byte 2230: 2049 bytes, at most 2048");
  append(talk.server, hex("e703 01000004"));  // type 999, 64 MiB and 1
  CHECK(whole(talk).server.back() ==
        "type_999.size: out of range at byte 208: 67108865 bytes, at most 67108864");
}

TEST_CASE("an error is final for its side, and for that side only", "[core][framer]") {
  Dialogue talk = up();
  append(talk.client, hex("6b00 01080000"));  // agent_data of 2049 bytes
  ConnectionFramer framer;
  Heard heard;
  framer.feed(Side::client, talk.client);
  framer.feed(Side::server, talk.server);
  drain(framer, heard);
  const std::string error = "agent_data.size: out of range at byte 176: 2049 bytes, at most 2048";
  CHECK(heard.client.back() == error);
  Bytes more;
  say(more, common::Ping{1, 2, {}}, true);
  framer.feed(Side::client, more);
  framer.feed(Side::server, more);
  drain(framer, heard);
  CHECK(heard.client.back() == error);
  CHECK(framer.unframed(Side::client).size() == 6 + more.size());
  CHECK(heard.server.back() == "message 4 #1 sub 0 body 12 @206+18");
}

TEST_CASE("a stream of a hundred megabytes is framed in linear time, in pieces of any size",
          "[core][framer]") {
  Dialogue talk = up(selection | mini, selection | mini, ChannelType::display);
  ConnectionFramer framer;
  framer.feed(Side::client, talk.client);
  framer.feed(Side::server, talk.server);
  Heard start;
  drain(framer, start);
  // One body of 60 MB in small pieces, then small messages in large pieces.
  const std::size_t large = 60 << 20;
  Bytes header(mini_header_bytes);
  store_little_endian(header.data(), 304, 2);
  store_little_endian(header.data() + 2, large, 4);
  framer.feed(Side::server, header);
  const Bytes piece(1000, std::byte{7});
  std::size_t fed = 0;
  while (fed < large) {
    const std::size_t size = std::min(piece.size(), large - fed);
    framer.feed(Side::server, BytesView(piece).first(size));
    fed += size;
    const auto unit = framer.next(Side::server);
    REQUIRE(unit.has_value());
    REQUIRE(unit->has_value() == (fed == large));
    if (*unit) CHECK((*unit)->body().size() == large);
  }
  Bytes many;
  for (int i = 0; i < 1000; ++i) say(many, common::Ping{1, 2, Bytes(100)}, true);
  std::uint64_t messages = 0;
  for (int round = 0; round < 340; ++round) {
    framer.feed(Side::server, many);
    while (true) {
      const auto unit = framer.next(Side::server);
      REQUIRE(unit.has_value());
      if (!*unit) break;
      ++messages;
    }
  }
  CHECK(messages == 340'000);
  CHECK(framer.unframed(Side::server).empty());
}

TEST_CASE("random bytes never do more than end a side", "[core][framer][hostile]") {
  const Random random(3);
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    Random stream = random.fork(std::to_string(seed));
    Dialogue talk = seed % 2 == 0 ? busy(true) : sasl_accepted("X");
    for (int flips = 0; flips < 3; ++flips) {
      Bytes& side = stream.chance(1, 2) ? talk.client : talk.server;
      side[stream.below(side.size())] = static_cast<std::byte>(stream.below(256));
    }
    append(talk.server, stream.bytes(64));
    const Heard heard = whole(talk);
    CHECK(heard.framed_client.size() <= talk.client.size());
    CHECK(heard.framed_server.size() <= talk.server.size());
  }
}
