// SPDX-License-Identifier: LGPL-2.1-or-later
#include "replayer/cli/inner_view.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "core/wire/agent.hpp"
#include "recorder/store/writer.hpp"
#include "tests/recorder/support.hpp"

// What `show --message N` finds inside message N.
using namespace spicebench;
using namespace spicebench::recorder;
using namespace spicebench::test;

namespace {

constexpr std::uint16_t up = 107, down = 109, announce_tokens = 115, flush_mark = 4;

// Two links of main: the second is what a seamless migration leads to.
struct Session {
  Scratch scratch;
  Writer writer = value(Writer::create(scratch / "a.spicerec"));
  ConnectionId first = link(), second = link();

  ConnectionId link() {
    ConnectionRow row;
    row.transport = Transport::spice;
    row.channel = wire::ChannelType::main;
    row.channel_id = 0;
    row.header_bytes = 6;
    return writer.put_connection(row);
  }
  MessageId say(ConnectionId at, Side by, std::uint16_t type, BytesView body = {}) {
    return writer.add_message({.sent = instant(1), .connection = at, .by = by, .type = type},
                              Bytes(body.begin(), body.end()));
  }
  std::optional<cli::InnerView> view(MessageId id) {
    if (!reader) {
      value(writer.finish());
      reader = value(Reader::open(scratch / "a.spicerec"));
    }
    const MessageRow row = value(reader->message(id));
    return value(cli::inner_view(*reader, *reader->connection(row.connection), row));
  }
  std::optional<Reader> reader;
};

Bytes text_message(std::size_t size) {
  Bytes body, all;
  wire::encode(
      wire::agent::Clipboard<Side::client>{
          .selection = {}, .type = 1, .data = Bytes(size, std::byte{'x'})},
      body);
  Put{all}.u32(1).u32(4).u64(0).u32(body.size());
  append(all, body);
  return all;
}

}  // namespace

TEST_CASE("each piece of an agent's message shows the whole of it", "[cli][inner]") {
  Session session;
  const Bytes text = text_message(5000);
  const BytesView bytes(text);
  const auto begin = session.say(session.first, Side::client, up, bytes.first(2048));
  const auto between = session.say(session.first, Side::server, down, text_message(3));
  const auto middle = session.say(session.first, Side::client, up, bytes.subspan(2048, 2048));
  const auto other = session.say(session.second, Side::server, announce_tokens, Bytes(4));
  const auto end = session.say(session.first, Side::client, up, bytes.subspan(4096));
  for (const MessageId id : {begin, middle, end}) {
    const auto view = session.view(id);
    REQUIRE(view.has_value());
    REQUIRE(view->messages.size() == 1);
    CHECK(view->completed_by == end);
    CHECK(view->messages[0].body.size() == 5004);
    CHECK(cli::text_of(view->messages[0]) ==
          "clipboard{type: utf8_text, data: "
          "\"xxxxxxxxxxxxxxxx\"…}");
    const auto json = cli::json_of(view->messages[0], wire::ChannelType::agent);
    CHECK(json["header"]["size"] == 5004);
    CHECK(json["fields"]["type"] == "utf8_text");
  }
  CHECK(session.view(between)->completed_by == between);
  CHECK_FALSE(session.view(other).has_value());
}

TEST_CASE("a message that is never whole says how much of it came", "[cli][inner]") {
  Session session;
  const Bytes text = text_message(5000);
  const auto begin = session.say(session.first, Side::client, up, BytesView(text).first(2048));
  session.say(session.first, Side::server, down, text_message(3));
  const auto view = session.view(begin);
  REQUIRE(view.has_value());
  CHECK(view->messages.empty());
  CHECK(view->completed_by == 0);
  CHECK(view->unfinished.bytes == 2048);
  CHECK(view->unfinished.size == 5024);
  CHECK(view->unfinished.info->name == "clipboard");
}

TEST_CASE("a message that is given up shows nothing of the next one", "[cli][inner]") {
  Session session;
  const Bytes text = text_message(5000);
  const auto begin = session.say(session.first, Side::client, up, BytesView(text).first(2048));
  session.say(session.first, Side::server, announce_tokens, Bytes(4));  // the agent comes anew
  session.say(session.first, Side::client, up, text_message(3));
  const auto view = session.view(begin);
  REQUIRE(view.has_value());
  CHECK(view->messages.empty());
  CHECK(view->unfinished.bytes == 0);
}

TEST_CASE("a message is completed on the link that a migration leads to", "[cli][inner]") {
  Session session;
  const Bytes text = text_message(3000);
  const auto begin = session.say(session.first, Side::client, up, BytesView(text).first(2048));
  session.say(session.second, Side::server, 117);
  session.say(session.first, Side::client, flush_mark);
  const auto end = session.say(session.second, Side::client, up, BytesView(text).subspan(2048));
  const auto view = session.view(begin);
  REQUIRE(view.has_value());
  REQUIRE(view->messages.size() == 1);
  CHECK(view->completed_by == end);
}

TEST_CASE("what breaks the inner framing is told", "[cli][inner]") {
  Session session;
  const auto bad = session.say(session.first, Side::client, up, Bytes(20));
  const auto after = session.say(session.first, Side::client, up, text_message(3));
  const auto view = session.view(bad);
  REQUIRE(view.has_value());
  REQUIRE(view->error.has_value());
  CHECK(view->error->path == "agent_header.protocol");
  CHECK_FALSE(session.view(after).has_value());
}
