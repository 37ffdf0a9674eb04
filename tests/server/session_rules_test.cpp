// SPDX-License-Identifier: LGPL-2.1-or-later
// Rules of links and sessions that no other file here has: entries of channels.md §15.1, §15.5,
// §15.6, by their names.
#include <rapidcheck.h>
#include <rapidcheck/catch.h>

#include <set>

#include "core/wire/admin_link.hpp"
#include "core/wire/char_device_link.hpp"
#include "core/wire/inputs_channel.hpp"
#include "tests/server/bench.hpp"

namespace spicebench::server {
namespace {

using wire::ChannelType;
using wire::LinkError;
namespace link = wire::link;
namespace mainc = wire::main_channel;

constexpr auto seconds = [](std::int64_t count) { return Duration(std::chrono::seconds(count)); };

ServerOptions quiet() {
  return {.net_test_bytes = {}};
}

// All that a client sends up to and including its ticket.
Bytes handshake(ChannelType type, std::uint32_t session, const std::string& password = "") {
  Bytes bytes = link::unit_of(link_mess(type, session));
  append(bytes, word(1));
  append(bytes, ticket(password));
  return bytes;
}

}  // namespace

TEST_CASE("P-LNK-1: a link split anywhere has the outcome of the whole one", "[server][entries]") {
  const auto outcome = [](std::size_t cut, bool right) {
    Bench bench({.password = "x", .net_test_bytes = {}});
    const Bytes bytes = handshake(ChannelType::main, 0, right ? "x" : "y");
    const LinkId id = bench.open("spice");
    bench.give(id, BytesView(bytes).first(cut));
    bench.give(id, BytesView(bytes).subspan(cut));
    return std::pair(bench.output(id), bench.shut(id));
  };
  for (const bool right : {true, false}) {
    const auto whole = outcome(0, right);
    const std::size_t size = handshake(ChannelType::main, 0, "x").size();
    for (std::size_t cut = 1; cut < size; ++cut) {
      const auto split = outcome(cut, right);
      CHECK((split == whole));
    }
  }
}

TEST_CASE("P-LNK-3: who is let in came by a way that the policy admits, with the ticket",
          "[server][entries]") {
  rc::prop("any policy, transport and ticket", [] {
    const auto wants = *rc::gen::inRange(0, 3);  // any, TLS, plain
    const bool tls = *rc::gen::arbitrary<bool>();
    const auto password = *rc::gen::element<std::optional<std::string>>(
        std::nullopt, std::string(), std::string("x"), std::string("y"));
    ServerOptions options = quiet();
    options.password = password;
    if (wants == 1) options.secure_channels = {"main"};
    if (wants == 2) options.plain_channels = {"default"};
    Bench bench(options);
    const LinkId id = bench.open(tls ? "spice+tls" : "spice");
    bench.give(id, handshake(ChannelType::main, 0, "x"));
    const bool way = wants == 0 || (wants == 1) == tls;
    RC_ASSERT(bench.server.has_client() == (way && (!password || *password == "x")));
  });
}

TEST_CASE("P-LNK-7: a good client is served while others fill the house", "[server][entries]") {
  Bench bench(quiet());
  for (int i = 0; i < 1000; ++i) bench.open("spice@192.0.2." + std::to_string(i % 200));
  const FakeSession session(bench);
  CHECK_FALSE(session.main.closed());
  CHECK(bench.server.describe()["connections"].size() <= most_half_open_links + 1);
}

TEST_CASE("H-TLS-3: a handshake that stalls meets the deadline of the link stage",
          "[server][entries]") {
  Bench bench(quiet());  // the link is there from the first byte of TLS on; nothing comes out of it
  const LinkId id = bench.open("spice+tls@192.0.2.1");
  bench.pass(seconds(link_stage_limit_s) - Duration{1});
  CHECK_FALSE(bench.closed(id));
  bench.pass(Duration{1});
  CHECK(bench.closed(id));
}

TEST_CASE("P-LNK-8: capability bits that nobody knows change nothing", "[server][entries]") {
  rc::prop("any words", [] {
    Bench bench(quiet());
    auto mess = link_mess(ChannelType::main);
    const auto words =
        *rc::gen::container<std::vector<std::uint32_t>>(rc::gen::arbitrary<std::uint32_t>());
    for (const std::uint32_t one : words) {
      if (mess.common_caps.size() < 100) mess.common_caps.push_back(one);
      if (mess.channel_caps.size() < 100) mess.channel_caps.push_back(one & ~0xfu);
    }
    mess.common_caps[0] |= 0xffff'fff0u;
    const LinkId id = bench.open("spice");
    bench.give(id, link::unit_of(mess));
    bench.give(id, word(1));
    bench.give(id, ticket(""));
    RC_ASSERT(bench.server.has_client());
  });
}

TEST_CASE("P-LNK-10: what can be linked is what the list says, once each", "[server][entries]") {
  Bench bench(quiet());
  FakeSession session(bench);
  session.main.say(mainc::AttachChannels{});
  const auto list = session.main.take().front().as<mainc::ChannelsList>().channels;
  std::set<std::pair<int, int>> told, linked;
  for (const auto& one : list) CHECK(told.emplace(one.type, one.id).second);
  for (int type = 2; type < 256; ++type)
    for (const int id : {0, 1, 255}) {
      auto mess = link_mess(static_cast<ChannelType>(type), session.id);
      mess.channel_id = static_cast<std::uint8_t>(id);
      const LinkId at = bench.open("spice");
      bench.give(at, link::unit_of(mess));
      const auto code = load_little_endian(bench.output(at).data() + 16, 4);
      if (code == 0) linked.emplace(type, id);
      if (code != 0) CHECK(code == static_cast<std::uint32_t>(LinkError::channel_not_available));
      bench.hang_up(at);
    }
  CHECK(linked == told);
}

TEST_CASE("P-LNK-11: a client without AUTH_SELECTION gets where one with it gets",
          "[server][entries]") {
  for (const char* given : {"x", "y"}) {
    std::vector<bool> admitted;
    for (const bool selects : {true, false}) {
      Bench bench({.password = "x", .net_test_bytes = {}});
      auto mess = link_mess(ChannelType::main);
      if (!selects) mess.common_caps = {1u << 3};
      const LinkId id = bench.open("spice");
      bench.give(id, link::unit_of(mess));
      if (selects) bench.give(id, word(1));
      bench.give(id, ticket(given));
      admitted.push_back(bench.server.has_client());
    }
    CHECK(admitted[0] == admitted[1]);
    CHECK(admitted[0] == (std::string(given) == "x"));
  }
}

TEST_CASE("H-LNK-6: who knows a session's id and no ticket is not let in", "[server][entries]") {
  Bench bench({.password = "x", .net_test_bytes = {}});
  const FakeSession session(bench, "x");
  const FakeChannel thief(bench, ChannelType::cursor, session.id, true, {}, "guess");
  CHECK(thief.result() == static_cast<std::uint32_t>(LinkError::permission_denied));
  // Ids cannot be tried out quickly either.
  for (int i = 0; i < 5; ++i) {
    const LinkId id = bench.open("spice@192.0.2.1");
    bench.give(id, handshake(ChannelType::cursor, session.id + 1, "x"));
    CHECK(bench.shut(id));
  }
  const LinkId sixth = bench.open("spice@192.0.2.1");
  bench.give(sixth, handshake(ChannelType::cursor, session.id, "x"));
  const std::size_t replied = 16 + 178 + 4;
  CHECK(bench.output(sixth).size() == replied);
  bench.pass(seconds(1));
  CHECK(bench.output(sixth).size() > replied);
  CHECK_FALSE(session.main.closed());
}

TEST_CASE("H-LNK-8: a ticket that is no ticket is refused as a wrong one is", "[server][entries]") {
  Bytes plain(128), ones(128, std::byte{0xff});
  Bytes cut = ticket("x"), turned = ticket("x");
  cut[127] ^= std::byte{1};
  std::ranges::reverse(turned);
  for (const Bytes& wrong : {plain, ones, cut, turned, ticket("x2"), ticket("")}) {
    Bench bench({.password = "x", .net_test_bytes = {}});
    const LinkId id = bench.open("spice");
    Bytes bytes = link::unit_of(link_mess(ChannelType::main));
    append(bytes, word(1));
    append(bytes, wrong);
    bench.give(id, bytes);
    const Bytes& output = bench.output(id);
    REQUIRE(output.size() == 16 + 178 + 8 + 4);
    CHECK(load_little_endian(output.data() + 202, 4) ==
          static_cast<std::uint32_t>(LinkError::permission_denied));
    CHECK(bench.shut(id));
    CHECK(bench.server.errors()[0].error.detail == "the ticket is not valid");
  }
}

TEST_CASE("H-LNK-10: what is sent ahead is treated as if sent later", "[server][entries]") {
  const auto story = [](bool ahead) {
    Bench bench(quiet());
    const LinkId id = bench.open("spice");
    Bytes bytes = handshake(ChannelType::main, 0);
    const Bytes request = wire::frame_of(mainc::AttachChannels{}, true, 1);
    if (ahead) append(bytes, request);
    bench.give(id, bytes);
    if (!ahead) bench.give(id, request);
    return bench.output(id);
  };
  CHECK((story(true) == story(false)));
}

TEST_CASE("H-LNK-11: a handshake cut at any byte leaves nothing behind", "[server][entries]") {
  const Bytes bytes = handshake(ChannelType::main, 0);
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    Bench bench(quiet());
    bench.connect_admin();
    const LinkId id = bench.open("spice");
    bench.give(id, BytesView(bytes).first(size));
    bench.hang_up(id, size % 2 == 0 ? Ending::end : Ending::reset);
    CHECK(bench.closed(id));
    CHECK_FALSE(bench.timer_armed(id));
    CHECK_FALSE(bench.server.has_client());
    CHECK(bench.server.describe()["connections"].empty());
    CHECK(std::ranges::count_if(bench.to_admin, [](const wire::AnyMessage& message) {
            return message.as<wire::admin::LinkDisconnected>() != nullptr;
          }) == 1);
  }
}

TEST_CASE("H-LNK-13: a client that takes a byte at a time meets the deadline",
          "[server][entries]") {
  Bench bench(quiet());
  bench.credit = 1;
  const LinkId id = bench.open("spice");
  bench.give(id, link::unit_of(link_mess(ChannelType::main)));
  CHECK(bench.output(id).size() == 1);
  for (int i = 0; i < 29; ++i) {
    bench.pass(seconds(1));
    bench.grant(id, 1);
  }
  CHECK(bench.output(id).size() == 30);
  CHECK_FALSE(bench.closed(id));
  bench.pass(seconds(1));
  CHECK(bench.closed(id));
}

TEST_CASE("H-LNK-14: ten thousand connections that come and go leave nothing behind",
          "[server][entries]") {
  Bench bench(quiet());
  const FakeSession session(bench);
  for (int i = 0; i < 10'000; ++i) {
    const LinkId id = bench.open("spice@192.0.2." + std::to_string(i % 250));
    if (i % 3 == 0) bench.give(id, as_bytes("GET "));
    if (i % 2 == 0) bench.hang_up(id);
  }
  CHECK(bench.server.describe()["connections"].size() <=
        2 * std::size_t{most_half_open_links} + 10'000 / 6 + 1);
  bench.pass(seconds(link_stage_limit_s));
  CHECK(bench.server.describe()["connections"].size() == 1);
  CHECK(bench.server.errors().size() <= most_kept_errors);
  CHECK_FALSE(session.main.closed());
}

TEST_CASE("P-CH-3: while it waits for an acknowledgement the server does nothing",
          "[server][entries]") {
  Bench bench({.net_test_bytes = {}, .ack_window = 2});
  bench.connect_device();
  FakeSession session(bench);
  FakeChannel cursor(bench, ChannelType::cursor, session.id);
  bench.device_says(draw::primary(32, 32));
  cursor.acknowledge(1);
  std::vector<wire::device::CursorCommand> moves(20);
  for (auto& move : moves) {
    move.action = static_cast<std::uint8_t>(wire::device::CursorAction::move);
    move.body = wire::cursor::Move{};
  }
  bench.move_cursor(moves);
  const std::size_t said = bench.output(cursor.link).size();
  const std::uint32_t fetches = bench.fetches;
  bench.pass(std::chrono::milliseconds(29'000));
  CHECK(bench.output(cursor.link).size() == said);
  CHECK(bench.fetches == fetches);
}

TEST_CASE(
    "P-CH-6: a channel that fails leaves the others' streams as they were, and may come again",
    "[server][entries]") {
  const auto story = [](bool fails) {
    Bench bench(quiet());
    bench.connect_device();
    FakeSession session(bench);
    FakeChannel cursor(bench, ChannelType::cursor, session.id);
    FakeChannel inputs(bench, ChannelType::inputs, session.id);
    bench.device_says(draw::primary(32, 32));
    if (fails) {
      bench.give(inputs.link, Bytes(6, std::byte{0xff}));
      CHECK(inputs.closed());
    }
    session.main.say(mainc::AttachChannels{});
    bench.device_says(wire::device::PointerDevice{1});
    cursor.acknowledge(1);
    std::vector<Bytes> outputs = {bench.output(session.main.link), bench.output(cursor.link)};
    const FakeChannel again(bench, ChannelType::inputs, session.id);
    CHECK((again.result() == 0) == fails);
    return outputs;
  };
  const auto with = story(true), without = story(false);
  CHECK((with == without));
}

TEST_CASE("P-CH-8: with full headers the same messages have the same effect", "[server][entries]") {
  std::vector<std::vector<std::pair<std::uint16_t, SharedBytes>>> said;
  for (const bool mini : {true, false}) {
    Bench bench(quiet());
    bench.connect_device();
    FakeChannel main(bench, ChannelType::main, 0, mini);
    main.say(mainc::AttachChannels{});
    bench.device_says(wire::device::PointerDevice{1});
    main.say(mainc::MouseModeRequest{mainc::mouse_mode_client});
    main.say(mainc::MigrateConnected{});
    auto& messages = said.emplace_back();
    for (const Said& one : main.take()) messages.emplace_back(one.type, one.body);
    CHECK_FALSE(main.closed());
  }
  CHECK((said[0] == said[1]));
  CHECK(said[0].size() >= 5);
}

TEST_CASE("P-CH-10: whenever everybody goes, nothing is left", "[server][entries]") {
  rc::prop("any order of coming and going", [] {
    Bench bench({.max_clients = 2, .net_test_bytes = {}});
    std::vector<LinkId> links;
    std::uint32_t session = 0;
    const int steps = *rc::gen::inRange(1, 40);
    for (int i = 0; i < steps; ++i) {
      const int what = *rc::gen::inRange(0, 6);
      if (what == 0) {
        FakeChannel main(bench, ChannelType::main);
        session = main.take().front().as<mainc::Init>().session_id;
        links.push_back(main.link);
      } else if (what < 4) {
        const ChannelType types[] = {ChannelType::display, ChannelType::inputs,
                                     ChannelType::cursor};
        links.push_back(FakeChannel(bench, types[what - 1], session).link);
      } else if (!links.empty()) {
        const LinkId one = links[*rc::gen::inRange<std::size_t>(0, links.size())];
        if (bench.closed(one)) continue;
        if (what == 4)
          bench.give(one, Bytes(7, std::byte{0xee}));
        else
          bench.hang_up(one, Ending::reset);
      }
    }
    for (const LinkId one : links)
      if (!bench.closed(one)) bench.hang_up(one);
    RC_ASSERT_FALSE(bench.server.has_client());
    RC_ASSERT(bench.server.describe()["connections"].empty());
    for (const LinkId one : links) RC_ASSERT_FALSE(bench.timer_armed(one));
  });
}

TEST_CASE("H-CH-3: acknowledgements on channels without a window are ignored",
          "[server][entries]") {
  Bench bench(quiet());
  FakeSession session(bench);
  FakeChannel inputs(bench, ChannelType::inputs, session.id);
  for (FakeChannel* channel : {&session.main, &inputs}) {
    for (int i = 0; i < 100; ++i) channel->say(wire::common::Ack{});
    channel->acknowledge(7);
    CHECK_FALSE(channel->closed());
  }
  CHECK(bench.server.errors().empty());
}

// The cursor channel has no data to migrate, and ignores them as the reference does (protocol.md
// §9.2); the entry of channels.md would end it.
TEST_CASE("H-CH-5: FLUSH_MARK or MIGRATE_DATA that nobody asked for end the channel",
          "[server][entries]") {
  for (const ChannelType type :
       {ChannelType::main, ChannelType::display, ChannelType::inputs, ChannelType::cursor})
    for (const bool mark : {true, false}) {
      INFO(wire::name_of(type) << (mark ? " mark" : " data"));
      Bench bench(quiet());
      FakeSession session(bench);
      std::optional<FakeChannel> side;
      if (type != ChannelType::main) side.emplace(bench, type, session.id);
      FakeChannel& channel = side ? *side : session.main;
      if (mark)
        channel.say(wire::common::MigrateFlushMark{});
      else
        channel.say(wire::common::ClientMigrateData{});
      CHECK(channel.closed() == (mark || type != ChannelType::cursor));
      CHECK(session.main.closed() == (type == ChannelType::main));
    }
}

TEST_CASE("H-CH-6: DISCONNECTING ends nothing, and what follows counts", "[server][entries]") {
  Bench bench(quiet());
  FakeSession session(bench);
  session.main.take();
  session.main.say(wire::common::ClientDisconnecting{});
  session.main.say(mainc::AttachChannels{});
  CHECK(session.main.take().size() == 1);
  CHECK_FALSE(session.main.closed());
}

TEST_CASE("P-MAIN-1: INIT comes first, and no list before it was asked for", "[server][entries]") {
  Bench bench({.name = "box"});
  bench.connect_device();
  bench.device_says(wire::device::PointerDevice{1});
  FakeSession session(bench);
  FakeChannel inputs(bench, ChannelType::inputs, session.id);
  bench.device_says(wire::device::PointerDevice{0});
  const auto is_list = [](const Said& one) { return one.type == mainc::ChannelsList::message.id; };
  CHECK(std::ranges::none_of(session.main.take(), is_list));
  session.main.say(mainc::AttachChannels{});
  const auto said = session.main.take();
  CHECK(std::ranges::count_if(said, is_list) == 1);
}

TEST_CASE("P-MAIN-5: the network test finds the line's rate", "[server][entries]") {
  for (const std::uint64_t bits_per_second :
       {64'000ull, 1'000'000ull, 9'000'000ull, 12'000'000ull, 100'000'000ull, 1'000'000'000ull})
    for (const int delay_ms : {1, 20, 500}) {
      INFO(bits_per_second << " bit/s, " << delay_ms << " ms");
      Bench bench;
      FakeSession session(bench);
      const Duration latency = std::chrono::milliseconds(delay_ms);
      const Duration transfer{
          static_cast<std::int64_t>(256'000ull * 8 * 1'000'000'000 / bits_per_second)};
      bench.pass(2 * latency);
      session.main.say(wire::common::Pong{1, 0});
      session.main.say(wire::common::Pong{2, 0});
      bench.pass(transfer);
      session.main.say(wire::common::Pong{3, 0});
      const auto json = bench.server.describe()["connections"][0]["net_test"];
      const double found = json["bits_per_second"].get<double>();
      CHECK(std::abs(found / static_cast<double>(bits_per_second) - 1) < 0.2);
      FakeChannel cursor(bench, ChannelType::cursor, session.id);
      const bool slow = bits_per_second < low_bandwidth_bits_per_second;
      CHECK(cursor.take().front().as<wire::common::SetAck>().window == (slow ? 40 : 20));
    }
}

TEST_CASE("P-MAIN-6: media time wraps after 49.7 days, and its differences do not",
          "[server][entries]") {
  const auto told_at = [](std::int64_t ms) {
    Bench bench(quiet());
    bench.now = instant(ms * 1'000'000);
    FakeChannel main(bench, ChannelType::main);
    return main.take().front().as<mainc::Init>().multi_media_time;
  };
  constexpr std::int64_t turn = std::int64_t{1} << 32;
  for (const std::int64_t before : {std::int64_t{0}, turn - 1000, turn, 5 * turn - 1})
    CHECK(told_at(before + 1500) - told_at(before + 500) == 1000);
  CHECK(told_at(turn) == static_cast<std::uint32_t>(0) - 400);
}

TEST_CASE("P-MAIN-9: a channel that comes later is announced once to who has its list",
          "[server][entries]") {
  ServerOptions options = quiet();
  options.max_clients = 2;
  Bench bench(options);
  bench.connect_device();
  FakeSession listed(bench), fresh(bench);
  listed.main.say(mainc::AttachChannels{});
  listed.main.take();
  bench.device_says(wire::device::CharDeviceAdd{7, 1, SharedBytes::copy_of("org.example.a")});
  const auto said = listed.main.take();
  REQUIRE(said.size() == 1);
  CHECK(said[0].as<mainc::ChannelsList>().channels.size() == 1);
  CHECK(fresh.main.take().empty());
  bench.device_says(wire::device::CharDeviceOpened{7, 1});
  CHECK(listed.main.take().empty());
}

TEST_CASE("P-MAIN-8: session ids are never zero, never two at once, and follow the seed",
          "[server][entries]") {
  std::set<std::uint32_t> ids;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    Bench bench({.max_clients = 4, .net_test_bytes = {}}, seed);
    std::set<std::uint32_t> live;
    for (int i = 0; i < 4; ++i) live.insert(FakeSession(bench).id);
    CHECK(live.size() == 4);
    CHECK_FALSE(live.contains(0));
    ids.insert(live.begin(), live.end());
  }
  CHECK(ids.size() == 200);
}

TEST_CASE("P-MAIN-4: who is refused ends nobody's session", "[server][entries]") {
  Bench bench({.password = "x", .net_test_bytes = {}});
  const FakeSession session(bench, "x");
  const FakeChannel refused(bench, ChannelType::main, 0, true, {}, "y");
  CHECK(refused.result() == static_cast<std::uint32_t>(LinkError::permission_denied));
  CHECK_FALSE(session.main.closed());
  const FakeSession next(bench, "x");
  CHECK(session.main.closed());
}

TEST_CASE("H-MAIN-1: mouse modes that there are not end the client", "[server][entries]") {
  for (const std::uint16_t mode : {0, 3, 4, 0xffff}) {
    Bench bench(quiet());
    FakeSession session(bench);
    session.main.say(mainc::MouseModeRequest{mode});
    CHECK(session.main.closed());
    CHECK_FALSE(bench.server.has_client());
  }
}

TEST_CASE("H-MAIN-2: a hundred thousand ATTACH_CHANNELS get few answers", "[server][entries]") {
  Bench bench(quiet());
  FakeSession session(bench);
  session.main.take();
  for (int i = 0; i < 100'000; ++i) session.main.say(mainc::AttachChannels{});
  CHECK(session.main.take().size() == channel_lists_per_second);
  CHECK(bench.server.errors().size() == 1);
  bench.pass(seconds(1));
  session.main.say(mainc::AttachChannels{});
  CHECK(session.main.take().size() == 1);
  CHECK_FALSE(session.main.closed());
}

}  // namespace spicebench::server
