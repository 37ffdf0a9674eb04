// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/channels/main_channel.hpp"

#include "tests/server/bench.hpp"

namespace spicebench::server {
namespace {

using namespace wire::main_channel;
using wire::ChannelType;
using wire::common::Ping;
using wire::common::Pong;
using Types = std::vector<std::uint16_t>;

}  // namespace

TEST_CASE("a session begins with INIT, NAME, UUID and the network test", "[server][main]") {
  Bench bench({.name = "box", .uuid = "00112233-4455-6677-8899-aAbBcCdDeEfF"});
  bench.now = instant(1'500'000'000);
  FakeChannel main(bench, ChannelType::main);
  const auto said = main.take();
  REQUIRE(said.size() == 6);
  const auto init = said[0].as<Init>();
  CHECK(init.session_id != 0);
  CHECK(init.display_channels_hint == 1);
  CHECK(init.supported_mouse_modes == mouse_mode_server);
  CHECK(init.current_mouse_mode == mouse_mode_server);
  CHECK(init.agent_connected == 0);
  CHECK(init.agent_tokens == 10);
  CHECK(init.multi_media_time == 1100);  // 400 ms late
  CHECK(init.ram_hint == 64u << 20);
  CHECK(said[1].as<Name>().name == SharedBytes::copy_of(std::string_view("box\0", 4)));
  CHECK(said[2].as<Uuid>().uuid[15] == 0xff);
  CHECK(said[2].as<Uuid>().uuid[1] == 0x11);
  std::size_t sizes[] = {0, 0, 256'000};
  for (std::uint32_t i = 0; i < 3; ++i) {
    const auto one = said[3 + i].as<Ping>();
    CHECK(one.id == i + 1);
    CHECK(one.timestamp == 1'500'000);
    CHECK(one.data.size() == sizes[i]);
  }
}

TEST_CASE("NAME and UUID need the capability and a value", "[server][main]") {
  Bench named(
      {.name = "box", .uuid = "00112233-4455-6677-8899-aabbccddeeff", .net_test_bytes = {}});
  FakeChannel without(named, ChannelType::main, 0, true, {});
  CHECK(without.take_types() == Types{Init::message.id});
  Bench nameless({.net_test_bytes = {}});
  FakeChannel with(nameless, ChannelType::main);
  CHECK(with.take_types() == Types{Init::message.id});
}

TEST_CASE("ATTACH_CHANNELS is answered with the list, as often as it comes", "[server][main]") {
  Bench bench({.net_test_bytes = {}});
  FakeSession session(bench);
  for (int i = 0; i < 2; ++i) {
    session.main.say(AttachChannels{});
    const auto said = session.main.take();
    REQUIRE(said.size() == 1);
    CHECK(said[0].as<ChannelsList>().channels ==
          std::vector<ChannelId>{{2, 0}, {4, 0}, {3, 0}});  // newest first, as the reference
  }
}

TEST_CASE("the network test takes the answers in order and only with its own timestamps",
          "[server][main]") {
  NetTest test;
  const auto at = [](std::int64_t ms) { return instant(ms * 1'000'000); };
  const auto pings = test.start({0, 0, 256'000}, at(0));
  REQUIRE(pings.size() == 3);
  CHECK(test.answer({2, 0}, at(1)) == NetTest::Effect::not_ours);
  CHECK(test.answer({1, 77}, at(1)) == NetTest::Effect::forged);
  CHECK(test.answer({1, 0}, at(30)) == NetTest::Effect::counted);
  CHECK(test.answer({2, 0}, at(20)) == NetTest::Effect::counted);
  CHECK_FALSE(test.finished());
  CHECK(test.answer({3, 0}, at(1020)) == NetTest::Effect::counted);
  CHECK(test.finished());
  CHECK(test.latency() == std::chrono::milliseconds(20));
  CHECK(test.bits_per_second() == 2'048'000);
  CHECK(test.low_bandwidth());
  CHECK(test.answer({3, 0}, at(1021)) == NetTest::Effect::not_ours);

  NetTest fast;
  fast.start({0, 0, 256'000}, at(0));
  for (std::uint32_t id = 1; id <= 3; ++id) fast.answer({id, 0}, at(5));
  CHECK(fast.bits_per_second() == 0);  // no slower than nothing
  CHECK_FALSE(fast.low_bandwidth());
}

TEST_CASE("a slow link doubles the acknowledgement window", "[server][main]") {
  Bench bench;
  FakeSession session(bench);
  const std::uint64_t sent_us = 0;
  session.main.say(Pong{1, sent_us});
  session.main.say(Pong{2, sent_us});
  bench.pass(std::chrono::seconds(1));
  session.main.say(Pong{3, sent_us});
  FakeChannel cursor(bench, ChannelType::cursor, session.id);
  CHECK(cursor.take().front().as<wire::common::SetAck>().window == 40);
}

TEST_CASE("H-CH-4, H-MAIN-5: a forged pong is noted and ends nothing", "[server][main]") {
  Bench bench;
  FakeSession session(bench);
  session.main.say(Pong{1, 12345});
  CHECK_FALSE(session.main.closed());
  REQUIRE(bench.server.errors().size() == 1);
  CHECK_FALSE(bench.server.errors()[0].fatal);
  CHECK(bench.server.errors()[0].message == 1);
  session.main.say(Pong{99, 0});
  CHECK(bench.server.errors().size() == 1);
}

TEST_CASE(
    "P-MAIN-2, P-MAIN-3, H-MAIN-1: mouse mode CLIENT is there while the guest has a tablet and its "
    "surface allows it",
    "[server][main]") {
  Bench bench({.net_test_bytes = {}});
  bench.connect_device();
  FakeSession session(bench);
  FakeChannel& main = session.main;
  const auto next = [&] {
    const auto said = main.take();
    REQUIRE(said.size() == 1);
    return said[0].as<MouseModeChanged>();
  };
  main.say(MouseModeRequest{mouse_mode_client});  // not offered: a warning
  CHECK(main.take().empty());
  CHECK(bench.server.errors().size() == 1);
  bench.device_says(wire::device::PointerDevice{1});
  CHECK(next() == MouseModeChanged{3, mouse_mode_server});
  main.say(MouseModeRequest{mouse_mode_client});
  CHECK(next() == MouseModeChanged{3, mouse_mode_client});
  main.say(MouseModeRequest{mouse_mode_client});  // no change, no answer
  CHECK(main.take().empty());
  auto surface = draw::primary(8, 8);
  surface.mouse_mode = 0;
  bench.device_says(surface);
  CHECK(next() == MouseModeChanged{1, mouse_mode_server});
  bench.device_says(wire::device::SurfaceDestroy{0});
  CHECK(next() == MouseModeChanged{3, mouse_mode_server});
  main.say(MouseModeRequest{3});  // no mode at all
  CHECK(main.closed());
}

TEST_CASE("without an agent its messages are dropped, and obsolete ones too", "[server][main]") {
  Bench bench({.net_test_bytes = {}});
  FakeSession session(bench);
  session.main.say(AgentStart{10});
  session.main.say(AgentTokenToServer{10});
  session.main.say(AgentDataToServer{SharedBytes(Bytes(2048))});
  session.main.say(ClientInfo{});
  session.main.say(QualityIndicator{});
  session.main.say(wire::common::ClientDisconnecting{});
  session.main.say(wire::common::Ack{});
  session.main.say(wire::common::AckSync{5});
  CHECK(session.main.take().empty());
  CHECK(bench.server.errors().empty());
  CHECK_FALSE(session.main.closed());
}

TEST_CASE(
    "H-MAIN-3: migration messages without a migration are noted; CONNECTED gets MIGRATE_CANCEL",
    "[server][main]") {
  Bench bench({.net_test_bytes = {}});
  FakeSession session(bench);
  session.main.say(MigrateConnected{});
  session.main.say(MigrateConnectedSeamless{});
  session.main.say(MigrateConnectError{});
  session.main.say(ClientMigrateEnd{});
  CHECK(session.main.take_types() == Types{MigrateCancel::message.id, MigrateCancel::message.id});
  CHECK(bench.server.errors().size() == 4);
  CHECK_FALSE(session.main.closed());
  session.main.say(MigrateDstDoSeamless{1});
  CHECK(session.main.closed());
}

TEST_CASE("an error on main ends the whole client", "[server][main]") {
  Bench bench;
  FakeSession session(bench);
  const FakeChannel cursor(bench, ChannelType::cursor, session.id);
  session.main.say(wire::common::MigrateFlushMark{});
  CHECK(session.main.closed());
  CHECK(cursor.closed());
  CHECK_FALSE(bench.server.has_client());
  REQUIRE(bench.server.errors().size() == 1);
  const Finding& finding = bench.server.errors()[0];
  CHECK(finding.channel == ChannelType::main);
  CHECK(finding.message == 1);
  CHECK(finding.error.code == ErrorCode::out_of_order);
}

TEST_CASE("a client that asks and never reads is ended", "[server][main]") {
  Bench bench({.net_test_bytes = {}});
  FakeSession session(bench);
  bench.credit = 0;
  const LinkId greedy = bench.open("spice");
  bench.grant(greedy, 16 + 178 + 8 + 4 + 38);
  bench.give(greedy, wire::link::unit_of(link_mess(ChannelType::main)));
  bench.give(greedy, word(1));
  bench.give(greedy, ticket(""));
  for (std::size_t i = 0; i < most_waiting_messages; ++i)
    bench.give(greedy, wire::frame_of(MigrateConnected{}, true, i + 1));
  CHECK_FALSE(bench.closed(greedy));
  bench.give(greedy, wire::frame_of(MigrateConnected{}, true, 0));
  CHECK(bench.closed(greedy));
}

TEST_CASE("without MINI_HEADER messages have full headers in both directions", "[server][main]") {
  Bench bench;
  FakeChannel main(bench, ChannelType::main, 0, false);
  const auto said = main.take();
  REQUIRE(said.size() == 4);
  for (std::size_t i = 0; i < said.size(); ++i) {
    CHECK(said[i].serial == i + 1);
    CHECK(said[i].sub_list == 0);
  }
  main.say(AttachChannels{});
  const auto list = main.take();
  REQUIRE(list.size() == 1);
  CHECK(list[0].serial == 5);
  CHECK(list[0].as<ChannelsList>().channels.size() == 3);
}

}  // namespace spicebench::server
