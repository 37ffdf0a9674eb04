// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recorder/stats.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "recorder/store/writer.hpp"
#include "tests/recorder/support.hpp"

using namespace spicebench;
using namespace spicebench::recorder;
using namespace spicebench::test;
using nlohmann::json;

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
