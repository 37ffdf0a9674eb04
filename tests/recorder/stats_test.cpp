// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recorder/stats.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "core/wire/agent.hpp"
#include "core/wire/message.hpp"
#include "recorder/store/writer.hpp"
#include "tests/recorder/support.hpp"

using namespace spicebench;
using namespace spicebench::recorder;
using namespace spicebench::test;
using nlohmann::json;

namespace {

// A message of the guest's agent, in one piece.
template <wire::Message T>
Bytes agent_bytes(const T& message, const wire::Context& context = {}) {
  Bytes body, all;
  wire::encode(message, body, context);
  Put{all}.u32(1).u32(T::message.id).u64(0).u32(body.size());
  append(all, body);
  return all;
}

}  // namespace

TEST_CASE("stats count messages by name, and bytes that are not understood", "[recorder][stats]") {
  const Scratch scratch;
  const auto path = scratch / "a.spicerec";
  Writer writer = value(Writer::create(path));
  ConnectionRow row;
  row.transport = Transport::spice;
  row.channel = wire::ChannelType::main;
  row.channel_id = 0;
  row.link_error = 0;
  row.header_bytes = 6;
  row.client.bytes = 300;
  row.server.bytes = 900;
  const ConnectionId id = writer.put_connection(row);
  const auto add = [&](Side by, std::uint16_t type, const Bytes& body) {
    return writer.add_message({.sent = instant(50), .connection = id, .by = by, .type = type},
                              body);
  };
  add(Side::server, 3, Bytes(8, std::byte{1}));    // set_ack
  add(Side::server, 3, Bytes(10, std::byte{1}));   // and two bytes after it
  add(Side::client, 1, Bytes(4, std::byte{1}));    // ack_sync
  add(Side::client, 999, Bytes(7, std::byte{1}));  // no such message
  Bytes list;
  Put{list}.u32(200).u8(1).u8(0);  // a channels_list that claims more than it has
  const MessageId lie = add(Side::server, 104, list);
  value(writer.finish());

  const json stats = value(stats_of(value(Reader::open(path))));
  CHECK(stats.at("duration_ns") == 50);
  CHECK(stats.at("digest").get<std::string>().size() == 32);
  REQUIRE(stats.at("connections").size() == 1);
  const json& of = stats.at("connections")[0];
  CHECK(of.at("id") == 1);
  CHECK(of.at("channel") == "main");
  CHECK(of.at("channel_id") == 0);
  CHECK(of.at("link_error") == 0);
  CHECK(of.at("bytes") == json{{"client", 300}, {"server", 900}});
  CHECK(of.at("messages").at("client") == json{{"ack_sync", 1}, {"type_999", 1}});
  CHECK(of.at("messages").at("server") == json{{"set_ack", 2}, {"channels_list", 1}});
  CHECK(of.at("undecoded_bytes") == 2 + 7 + list.size());
  CHECK(of.at("reencoded_identical") == 3);
  CHECK(of.at("reencoded_different") == 0);
  REQUIRE(of.at("errors").size() == 1);
  CHECK(of.at("errors")[0].at("message") == lie);
  CHECK(of.at("errors")[0].at("field").get<std::string>().find("channels") != std::string::npos);
  CHECK(of.at("errors")[0].at("offset").is_number_unsigned());
  CHECK_FALSE(of.at("errors")[0].at("text").get<std::string>().empty());
}

TEST_CASE("what is inside a channel goes on over a migration", "[recorder][stats]") {
  using Grab = wire::agent::ClipboardGrab<Side::server>;
  const Scratch scratch;
  const auto path = scratch / "a.spicerec";
  Writer writer = value(Writer::create(path));
  ConnectionRow row;
  row.transport = Transport::spice;
  row.channel = wire::ChannelType::main;
  row.channel_id = 0;
  row.header_bytes = 6;
  const ConnectionId source = writer.put_connection(row), target = writer.put_connection(row);
  const auto say = [&](ConnectionId at, Side by, std::uint16_t type, const Bytes& body) {
    writer.add_message({.sent = instant(50), .connection = at, .by = by, .type = type}, body);
  };
  constexpr std::uint16_t down = 109, up = 107, flush_mark = 4, seamless_ack = 117;
  const std::uint32_t selection = 1 << 6;
  wire::Context both;
  both.client_agent_caps = both.guest_agent_caps = {&selection, 1};
  say(source, Side::client, up,
      agent_bytes(wire::agent::AnnounceCapabilities<Side::client>{.caps = {selection}}));
  say(source, Side::server, down,
      agent_bytes(wire::agent::AnnounceCapabilities<Side::server>{.caps = {selection}}));
  say(target, Side::server, seamless_ack, {});  // while the source still talks
  const Bytes grab = agent_bytes(Grab{.selection = {1, {}}, .types = {1}}, both);
  const bool migrates = GENERATE(true, false);
  if (migrates) say(source, Side::client, flush_mark, {});
  say(target, Side::server, down, Bytes(grab.begin(), grab.end()));
  const Bytes text = agent_bytes(
      wire::agent::Clipboard<Side::server>{.selection = {}, .type = 1, .data = Bytes(3000)}, both);
  say(target, Side::server, down, Bytes(text.begin(), text.begin() + 2048));
  value(writer.finish());

  const json stats = value(stats_of(value(Reader::open(path))));
  const json& after = stats.at("connections")[1].at("inner");
  CHECK(after.at("messages").at("server").at("clipboard_grab") == 1);
  CHECK(after.at("unfinished_bytes").at("server") == 2048);
  CHECK(after.at("protocol") == "agent");
  // Without the capabilities a grab's selection would be another type.
  const json& before = stats.at("connections")[0].at("inner");
  CHECK(before.at("messages").at("client") == json{{"announce_capabilities", 1}});
  CHECK(before.at("unfinished_bytes").at("server") == 0);
}
