// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>

#include "tests/client/fake_server.hpp"

namespace spicebench::client {

using wire::ChannelType;

TEST_CASE("the client begins with a link message for a new main channel", "[client][link]") {
  FakeServer server;
  const LinkId main = server.take_connection();
  server.open(main);
  const Body expected = Body()
                            .u32(0x51444552)
                            .u32(2)
                            .u32(2)
                            .u32(26)
                            .u32(0)  // connection_id
                            .u8(1)
                            .u8(0)
                            .u32(1)
                            .u32(1)
                            .u32(18)
                            .u32(0b1001)   // auth selection, mini header
                            .u32(0b0110);  // name and uuid, agent tokens
  CHECK(server.take(main) == expected.bytes);
}

TEST_CASE("nothing is sent before there is credit, and never more than that", "[client][link]") {
  FakeServer server;
  const LinkId main = server.take_connection();
  server.open(main, 0);
  CHECK(server.take(main).empty());
  server.grant(main, 10);
  CHECK(server.take(main).size() == 10);
  server.grant(main, 1000);
  CHECK(server.take(main).size() == 32);
}

TEST_CASE("a client selects the ticket and sends the password under the server's key",
          "[client][link]") {
  ClientOptions options;
  options.password = "geheim";
  FakeServer server(options);
  const LinkId main = server.take_connection();
  server.open(main);
  server.take(main);
  server.reply(main);
  const Bytes answer = server.take(main);
  REQUIRE(answer.size() == 132);
  CHECK(load_little_endian(answer.data(), 4) == 1);
  const auto password =
      auth::decrypt_ticket(auth::TicketKey::fixture(), BytesView(answer).subspan(4));
  REQUIRE(password.has_value());
  CHECK(*password == "geheim");
}

TEST_CASE("without auth selection on both sides no mechanism is sent", "[client][link]") {
  FakeServer server;
  server.auth_selection = false;
  const LinkId main = server.take_connection();
  server.open(main);
  server.take(main);
  server.reply(main);
  CHECK(server.take(main).size() == 128);
}

TEST_CASE("equal seeds give equal tickets, other seeds others", "[client][link]") {
  const auto ticket = [](std::uint64_t seed) {
    FakeServer server({}, seed);
    const LinkId main = server.take_connection();
    server.open(main);
    server.take(main);
    server.reply(main);
    return server.take(main);
  };
  CHECK(ticket(3) == ticket(3));
  CHECK(ticket(3) != ticket(4));
}

TEST_CASE("every refusal of main ends the session and the user is told its code",
          "[client][link]") {
  const std::uint32_t code = GENERATE(range(1u, 11u));
  const bool in_reply = GENERATE(true, false);
  FakeServer server;
  server.user_arrives();
  const LinkId main = server.take_connection();
  server.open(main);
  if (!in_reply) server.reply(main);
  in_reply ? server.reply(main, code) : server.result(main, code);
  CHECK(server.client.ended());
  CHECK(server.closed(main));
  REQUIRE(server.client.errors().size() == 1);
  CHECK(server.client.errors()[0].message == 0);
  CHECK(server.client.errors()[0].fatal);
  CHECK(server.last_error().find("(" + std::to_string(code) + ")") != std::string::npos);
  REQUIRE(server.told<wire::user::Disconnected>());
  CHECK(server.told<wire::user::Disconnected>()->link_error == code);
}

TEST_CASE("a refusal of another channel ends that channel only", "[client][link]") {
  FakeServer server;
  const LinkId main = server.bring_up_main();
  server.say(main, 104, channels_list({{3, 0}}));
  const LinkId inputs = server.take_connection();
  server.open(inputs);
  server.reply(inputs, 9);
  CHECK(server.closed(inputs));
  CHECK_FALSE(server.client.ended());
  CHECK(server.client.errors().back().error.code == ErrorCode::not_found);
}

TEST_CASE("a reply that is not SPICE is an error of the link stage", "[client][link]") {
  FakeServer server;
  const LinkId main = server.take_connection();
  server.open(main);
  server.say_raw(main, as_bytes("HTTP/1.1 400 Bad Request\r\n\r\n"));
  CHECK(server.client.ended());
  CHECK(server.client.error_count() == 1);
}

TEST_CASE("a reply with a lying size or capability count is refused before it is read",
          "[client][link]") {
  const auto [size, common, offset] =
      GENERATE(table<std::uint32_t, std::uint32_t, std::uint32_t>({{177, 0, 178},
                                                                   {65537, 0, 178},
                                                                   {0xffffffff, 0, 178},
                                                                   {182, 2, 178},
                                                                   {182, 0x40000001, 178},
                                                                   {182, 1, 179},
                                                                   {182, 1, 0xffffffff}}));
  FakeServer server;
  const LinkId main = server.take_connection();
  server.open(main);
  Body body;
  body.u32(0x51444552).u32(2).u32(2).u32(size).u32(0).zeros(162).u32(common).u32(0).u32(offset);
  body.u32(9);
  server.say_raw(main, body.bytes);
  CHECK(server.client.ended());
  CHECK(server.client.error_count() == 1);
}

TEST_CASE("a key that is no RSA key of 1024 bits is an error", "[client][link]") {
  FakeServer server;
  const LinkId main = server.take_connection();
  server.open(main);
  Body body;
  body.u32(0x51444552).u32(2).u32(2).u32(178).u32(0).zeros(162).u32(0).u32(0).u32(178);
  server.say_raw(main, body.bytes);
  CHECK(server.client.ended());
  CHECK(server.last_error().find("pub_key") != std::string::npos);
}

TEST_CASE("a password of 61 bytes never leaves the client", "[client][link]") {
  ClientOptions options;
  options.password = std::string(61, 'x');
  FakeServer server(options);
  const LinkId main = server.take_connection();
  server.open(main);
  server.take(main);
  server.reply(main);
  CHECK(server.client.ended());
  CHECK(server.take(main).size() <= 4);
}

TEST_CASE("the end of a connection in the link stage is an error, later it is not",
          "[client][link]") {
  FakeServer early;
  const LinkId early_main = early.take_connection();
  early.open(early_main);
  early.close(early_main);
  CHECK(early.client.ended());
  CHECK(early.client.error_count() == 1);

  FakeServer late;
  late.user_arrives();
  const LinkId main = late.bring_up_main();
  late.close(main);
  CHECK(late.client.ended());
  CHECK(late.client.error_count() == 0);
  REQUIRE(late.told<wire::user::Disconnected>());
  CHECK(late.told<wire::user::Disconnected>()->link_error == 0);
}

TEST_CASE("a stream that ends inside a message is an error", "[client][link]") {
  FakeServer server;
  const LinkId main = server.bring_up_main();
  server.say_raw(main, Body().u16(4).u32(12).u32(1).bytes);
  server.close(main);
  CHECK(server.last_error().find("10 bytes into a message") != std::string::npos);
}

TEST_CASE("a link stage of 30 s is given up", "[client][link]") {
  FakeServer server;
  const LinkId main = server.take_connection();
  server.open(main);
  CHECK(server.armed(main));
  server.fire(main);
  CHECK(server.client.ended());

  FakeServer up;
  const LinkId link = up.bring_up_main();
  CHECK_FALSE(up.armed(link));
}

TEST_CASE("any split of the server's bytes gives the same session", "[client][link]") {
  FakeServer server;
  const LinkId main = server.take_connection();
  server.open(main);
  FakeServer source;  // what a server says in whole, taken from its own client's link stage
  Body all;
  const auth::PublicKey& key = auth::TicketKey::fixture().public_key();
  all.u32(0x51444552).u32(2).u32(2).u32(182).u32(0).raw(std::as_bytes(std::span(key)));
  all.u32(1).u32(0).u32(178).u32(0b1011).u32(0);
  all.u16(103).u32(32).raw(main_init(5).bytes);
  all.u16(4).u32(12).u32(1).u64(2);
  for (const std::byte byte : all.bytes) server.say_raw(main, {&byte, 1});
  CHECK(server.client.session_id() == 5);
  CHECK(server.client.error_count() == 0);
}

TEST_CASE("later channels name the session in their link message", "[client][link]") {
  FakeServer server;
  const LinkId main = server.bring_up_main();
  server.say(main, 104, channels_list({{2, 1}}));
  const Bytes mess = server.bring_up(server.take_connection());
  CHECK(load_little_endian(mess.data() + 16, 4) == 77);
  CHECK(load_little_endian(mess.data() + 20, 2) == 0x0102);
}

}  // namespace spicebench::client
