// SPDX-License-Identifier: LGPL-2.1-or-later
#include <rapidcheck.h>
#include <rapidcheck/catch.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "core/wire/device_link.hpp"
#include "core/wire/message_value.hpp"
#include "core/world/world.hpp"
#include "recorder/store/reader.hpp"
#include "recorder/store/writer.hpp"
#include "recorder/tap/recorder_tap.hpp"
#include "tests/recorder/support.hpp"

using namespace spicebench;
using namespace spicebench::recorder;
using namespace spicebench::test;

namespace {

LinkDescription stream_link(LinkNumber number = 0) {
  return {number, LinkKind::stream, "spice", 0, 1, 5, first_accepted};
}

Bytes bytes_of(std::initializer_list<BytesView> parts) {
  Bytes all;
  for (const auto part : parts) append(all, part);
  return all;
}

// What each side of one connection sends in all.
struct Conversation {
  Bytes side[2];
};
Conversation conversation(bool mini) {
  const LinkStage stage = link_stage(2, 0, mini);
  Conversation made;
  made.side[0] = bytes_of({stage.client_hello, stage.client_ticket});
  made.side[1] = bytes_of({stage.server_reply, stage.server_result});
  for (const int side : {0, 1}) {
    const auto count = *rc::gen::inRange(0, 12);
    for (int i = 0; i < count; ++i) {
      const auto size = *rc::gen::element<std::size_t>(0, 1, 20, 511, 512, 513, 9000);
      const auto fill = *rc::gen::arbitrary<std::uint8_t>();
      append(made.side[side],
             message_bytes(mini, static_cast<std::uint64_t>(i + 1),
                           *rc::gen::inRange<std::uint16_t>(1, 400), Bytes(size, std::byte{fill})));
    }
  }
  return made;
}

}  // namespace

TEST_CASE("messages and stream bytes tile every byte of every direction", "[recorder][tap]") {
  rc::prop("any conversation, in any pieces, cut anywhere", [] {
    const Scratch scratch;
    const bool mini = *rc::gen::arbitrary<bool>();
    Conversation sent = conversation(mini);
    if (*rc::gen::arbitrary<bool>())  // bytes that are no message, to the end
      append(sent.side[*rc::gen::inRange(0, 2)], Bytes(300, std::byte{0xff}));
    for (Bytes& side : sent.side)
      if (*rc::gen::inRange(0, 3) == 0)
        side.resize(*rc::gen::inRange<std::size_t>(0, side.size() + 1));
    Writer writer = value(Writer::create(scratch / "a.spicerec"));
    RecorderTap tap(writer);
    tap.opened(stream_link(), instant(0));
    std::size_t position[2] = {0, 0};
    std::int64_t now = 0;
    while (position[0] < sent.side[0].size() || position[1] < sent.side[1].size()) {
      int side = *rc::gen::inRange(0, 2);
      if (position[side] == sent.side[side].size()) side = 1 - side;
      const auto left = sent.side[side].size() - position[side];
      const auto count = *rc::gen::inRange<std::size_t>(1, left + 1);
      tap.sent(0, static_cast<Side>(side),
               BytesView(sent.side[side]).subspan(position[side], count), instant(++now));
      position[side] += count;
    }
    tap.finish(instant(now));
    value(writer.finish());

    const Reader reader = value(Reader::open(scratch / "a.spicerec"));
    for (const Side by : {Side::client, Side::server}) {
      const Bytes& expected = sent.side[static_cast<int>(by)];
      RC_ASSERT(value(reader.stream(1, by).rest()) == expected);
      RC_ASSERT(reader.connection(1)->side(by).bytes == expected.size());
      StreamCursor pieces = reader.stream(1, by);
      Bytes again;
      while (true) {
        const auto count = *rc::gen::inRange<std::size_t>(1, 3000);
        const Bytes piece = value(pieces.take(count));
        append(again, piece);
        if (piece.size() < count) break;
      }
      RC_ASSERT(again == expected);
    }
  });
}

TEST_CASE("the link stage fills the connection's row", "[recorder][tap]") {
  const Scratch scratch;
  const LinkStage stage = link_stage(4, 1, false);
  Writer writer = value(Writer::create(scratch / "a.spicerec"));
  RecorderTap tap(writer);
  tap.opened(stream_link(), instant(1));
  tap.sent(0, Side::client, stage.client_hello, instant(2));
  tap.sent(0, Side::server, stage.server_reply, instant(3));
  tap.sent(0, Side::client, stage.client_ticket, instant(4));
  tap.sent(0, Side::server, stage.server_result, instant(5));
  tap.sent(0, Side::server, message_bytes(false, 1, 101, {}), instant(6));
  tap.ended(0, Side::server, Ending::end, instant(7));
  tap.ended(0, Side::server, Ending::reset, instant(8));
  tap.ended(0, Side::client, Ending::reset, instant(8));
  tap.finish(instant(9));
  value(writer.finish());
  const Reader reader = value(Reader::open(scratch / "a.spicerec"));
  const ConnectionRow& row = *reader.connection(1);
  CHECK(row.transport == Transport::spice);
  CHECK(row.channel == wire::ChannelType::cursor);
  CHECK(row.channel_id == 1);
  CHECK(row.link_error == 0u);
  CHECK(row.link_result == 0u);
  CHECK(row.auth == 1u);
  CHECK(row.header_bytes == 18);
  CHECK(row.client.common_caps == std::vector<std::uint32_t>{0b0011});
  CHECK(row.client.ending == Ending::reset);
  CHECK(row.server.ended == instant(8));
  std::vector<std::string> kinds;
  for (const auto& piece : value(reader.stream_bytes(1)))
    kinds.push_back(std::string(name_of(piece.kind)));
  CHECK(kinds == std::vector<std::string>{"link_header", "link_mess", "auth_mechanism", "ticket",
                                          "link_header", "link_reply", "link_result"});
  CHECK(value(reader.faults()).size() == 1);  // one reset, though it ends both sides
}

TEST_CASE("a lie about a length costs its stream, and says where", "[recorder][tap]") {
  const Scratch scratch;
  const LinkStage stage = link_stage(2, 0, true);
  Writer writer = value(Writer::create(scratch / "a.spicerec"));
  RecorderTap tap(writer);
  tap.opened(stream_link(), {});
  tap.sent(0, Side::client, stage.client_hello, {});
  tap.sent(0, Side::server, stage.server_reply, {});
  tap.sent(0, Side::client, stage.client_ticket, {});
  tap.sent(0, Side::server, stage.server_result, {});
  Bytes lie = message_bytes(true, 1, 101, {});
  Put{lie}.u16(102).u32(0xfffffff0);
  tap.sent(0, Side::server, lie, {});
  tap.sent(0, Side::server, Bytes(1000, std::byte{1}), {});
  tap.sent(0, Side::client, message_bytes(true, 1, 101, Bytes(14)), {});
  tap.finish({});
  value(writer.finish());
  const Reader reader = value(Reader::open(scratch / "a.spicerec"));
  CHECK(reader.message_count() == 2);  // the one before the lie, and the other side's
  const auto notices = value(reader.notices());
  REQUIRE(notices.size() == 1);
  CHECK(notices[0].connection == 1);
  CHECK(notices[0].text.find("server stream") != std::string::npos);
  const auto offset = stage.server_reply.size() + stage.server_result.size() + 6 + 2;  // its size
  CHECK(notices[0].text.find("byte " + std::to_string(offset)) != std::string::npos);
}

namespace {

// Connects, says something on a stream and on a value link, and keeps all it hears.
struct Talker final : Peer {
  std::vector<Input> heard;
  bool first = false;
  Outputs start(Instant) override {
    if (!first) return {};
    return {Connect{1, "spice"}, Connect{2, "device"}, Connect{3, "nowhere"},
            Arm{9, instant(1'000'000)}};
  }
  Outputs handle(const Input& input, Instant) override {
    heard.push_back(input);
    const LinkStage stage = link_stage(2, 0, true);
    if (const auto* writable = std::get_if<Writable>(&input); writable && first && !said_) {
      said_ = true;
      return {Send{1, stage.client_hello},
              Hand{2, wire::value_of(wire::device::FetchCommand{.fetch_id = 77})}};
    }
    if (std::holds_alternative<Fired>(input)) return {Close{1}};
    if (const auto* received = std::get_if<Received>(&input); received && !first && !said_) {
      said_ = true;
      return {Send{received->link, stage.server_reply}};
    }
    return {};
  }

 private:
  bool said_ = false;
};

}  // namespace

TEST_CASE("the inputs of a recording are those that the peers had", "[recorder][tap]") {
  const Scratch scratch;
  Talker one, two;
  one.first = true;
  {
    World world(3);
    Writer writer = value(Writer::create(scratch / "a.spicerec"));
    RecorderTap tap(writer);
    const PeerNumber a = world.add(one), b = world.add(two);
    CHECK(a == 0);
    LinkProfile pieces;
    pieces.latency = Duration{1000};
    pieces.segment_min = 1;
    pieces.segment_max = 7;
    world.listen("spice", b, LinkKind::stream, pieces);
    world.listen("device", b, LinkKind::value, {});
    world.add_tap(tap);
    world.start();
    while (world.step()) {
    }
    tap.finish(world.now());
    value(writer.finish());
  }
  const Reader reader = value(Reader::open(scratch / "a.spicerec"));
  REQUIRE(reader.connections().size() == 2);
  StreamCursor from[2] = {reader.stream(1, Side::client), reader.stream(1, Side::server)};
  InputCursor inputs = reader.inputs();
  std::size_t next[2] = {0, 0}, received = 0;
  while (const auto row = value(inputs.next())) {
    auto& heard = row->peer == 0 ? one.heard : two.heard;
    REQUIRE(next[row->peer] < heard.size());
    const Input& input = heard[next[row->peer]++];
    if (const auto* bytes = std::get_if<Received>(&input)) {
      REQUIRE(row->kind == InputKind::received);
      REQUIRE(row->link == bytes->link);
      REQUIRE(value(from[static_cast<int>(other(row->side))].take(row->value)) == bytes->bytes);
      ++received;
    } else if (const auto* handed = std::get_if<Handed>(&input)) {
      REQUIRE(row->kind == InputKind::handed);
      REQUIRE(row->link == handed->link);
      const MessageRow message = value(reader.message(row->value));
      const auto fetch = value(wire::decode<wire::device::FetchCommand>(message.body));
      CHECK(fetch.fetch_id == 77);
      CHECK(message.arrived == row->at);
    } else if (const auto* writable = std::get_if<Writable>(&input)) {
      REQUIRE(row->kind == InputKind::writable);
      REQUIRE(row->link == writable->link);
      REQUIRE(row->value == writable->bytes);
    } else if (const auto* closed = std::get_if<Closed>(&input)) {
      REQUIRE(row->link == closed->link);
      REQUIRE(row->kind ==
              (closed->ending == Ending::refused ? InputKind::refused : InputKind::closed));
    } else if (const auto* fired = std::get_if<Fired>(&input)) {
      REQUIRE(row->kind == InputKind::fired);
      REQUIRE(row->value == fired->timer);
    } else {
      REQUIRE(row->kind == InputKind::opened);
      REQUIRE(reader.connection(row->connection)->address == std::get<Opened>(input).address);
    }
  }
  CHECK(next[0] == one.heard.size());
  CHECK(next[1] == two.heard.size());
  CHECK(received > 20);
}
