// SPDX-License-Identifier: LGPL-2.1-or-later
// What clients may do wrong, and what must make no difference.
#include <rapidcheck.h>
#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>

#include "core/wire/inputs_channel.hpp"
#include "core/wire/sound_link.hpp"
#include "server/channels/cursor_channel.hpp"
#include "server/channels/display_channel.hpp"
#include "server/channels/inputs_channel.hpp"
#include "server/channels/main_channel.hpp"
#include "server/channels/playback_channel.hpp"
#include "server/channels/record_channel.hpp"
#include "tests/server/bench.hpp"

namespace spicebench::server {
namespace {

using wire::ChannelType;

constexpr ChannelType side_channels[] = {ChannelType::display, ChannelType::inputs,
                                         ChannelType::cursor, ChannelType::playback,
                                         ChannelType::record};
constexpr ChannelType channels[] = {ChannelType::main,     ChannelType::display,
                                    ChannelType::inputs,   ChannelType::cursor,
                                    ChannelType::playback, ChannelType::record};

Bytes mini_header(std::uint16_t type, std::uint32_t size) {
  Bytes bytes;
  append_little_endian(bytes, type, 2);
  append_little_endian(bytes, size, 4);
  return bytes;
}

// A session with one channel, which is what the test is about.
struct Setup {
  explicit Setup(ChannelType type) : session(bench) {
    bench.connect_device();
    bench.device_says(wire::sound::Device{.has_playback = 1, .has_record = 1});
    if (type != ChannelType::main) side.emplace(bench, type, session.id);
  }
  FakeChannel& channel() { return side ? *side : session.main; }
  Bench bench{{.net_test_bytes = {}}};
  FakeSession session;
  std::optional<FakeChannel> side;
};

bool any_state_takes(ChannelType type, const wire::MessageKey& key) {
  switch (type) {
    case ChannelType::main:
      return main_table().knows(key);
    case ChannelType::display:
      return display_table().knows(key);
    case ChannelType::inputs:
      return inputs_table().knows(key);
    case ChannelType::playback:
      return playback_table().knows(key);
    case ChannelType::record:
      return record_table().knows(key);
    default:
      return cursor_table().knows(key);
  }
}

}  // namespace

TEST_CASE("H-CH-1: a message that is in no row of a channel's table ends that channel alone",
          "[server][robustness]") {
  for (const ChannelType type : channels)
    for (std::uint16_t id = 0; id < 330; ++id) {
      const wire::MessageInfo* info = wire::find_message(type, Side::client, id);
      if (info && any_state_takes(type, info->key)) continue;
      INFO(wire::name_of(type) << " message " << id);
      Setup s(type);
      // Enough zeros for any body; who has none of its own ignores them.
      Bytes bytes = mini_header(id, 64);
      bytes.resize(bytes.size() + 64);
      s.bench.give(s.channel().link, bytes);
      CHECK(s.channel().closed());
      REQUIRE(s.bench.server.errors().size() == 1);
      CHECK(s.bench.server.errors()[0].channel == type);
      CHECK(s.bench.server.errors()[0].message == 1);
      CHECK(s.bench.server.errors()[0].fatal);
      CHECK(s.session.main.closed() == (type == ChannelType::main));
    }
}

TEST_CASE("every row's message with an empty body is taken or ends that channel alone",
          "[server][robustness]") {
  for (const ChannelType type : side_channels)
    for (std::uint16_t id = 0; id < 330; ++id) {
      const wire::MessageInfo* info = wire::find_message(type, Side::client, id);
      if (!info) continue;
      Setup s(type);
      s.bench.give(s.channel().link, mini_header(id, 0));
      CHECK_FALSE(s.session.main.closed());
      CHECK(s.channel().closed() == !s.bench.server.errors().empty());
    }
}

TEST_CASE("H-CH-2: a body over the channel's limit is refused by its header",
          "[server][robustness]") {
  struct Row {
    ChannelType channel;
    std::uint16_t type;
    std::uint32_t limit;
  };
  using namespace wire;
  const Row rows[] = {
      {ChannelType::main, main_channel::QualityIndicator::message.id, 4096 + 11 * 2048},
      {ChannelType::main, main_channel::AgentDataToServer::message.id, 2048},
      {ChannelType::display, common::Ack::message.id, 1024},
      {ChannelType::cursor, common::Ack::message.id, 1024},
      {ChannelType::cursor, common::ClientMigrateData::message.id, 1024},
      {ChannelType::inputs, inputs::KeyScancode::message.id, 2048},
  };
  for (const Row& row : rows) {
    INFO(name_of(row.channel) << " message " << row.type);
    Setup fits(row.channel);
    Bytes bytes = mini_header(row.type, row.limit);
    bytes.resize(bytes.size() + row.limit);
    fits.bench.give(fits.channel().link, bytes);
    CHECK_FALSE(fits.channel().closed());
    for (const std::uint32_t size : {row.limit + 1, 0xffff'ffffu}) {
      Setup too_long(row.channel);
      too_long.bench.give(too_long.channel().link, mini_header(row.type, size));
      CHECK(too_long.channel().closed());
      CHECK(too_long.bench.server.errors().back().error.code == ErrorCode::out_of_range);
      CHECK(too_long.session.main.closed() == (row.channel == ChannelType::main));
    }
  }
}

TEST_CASE("a body shorter than its layout ends that channel", "[server][robustness]") {
  Setup s(ChannelType::inputs);
  s.bench.give(s.channel().link, mini_header(wire::inputs::MouseMotion::message.id, 9));
  s.bench.give(s.channel().link, Bytes(9));
  CHECK(s.channel().closed());
  CHECK(s.bench.server.errors()[0].error.code == ErrorCode::truncated);
}

TEST_CASE("P-CH-6, P-CH-7: any bytes at any stage end at most the connection that sent them",
          "[server][robustness]") {
  rc::prop("random bytes on a side channel", [] {
    const auto type = side_channels[*rc::gen::inRange<std::size_t>(0, std::size(side_channels))];
    const auto bytes =
        *rc::gen::container<std::vector<std::uint8_t>>(rc::gen::arbitrary<std::uint8_t>());
    Setup s(type);
    s.bench.give(s.channel().link, std::as_bytes(std::span(bytes)));
    RC_ASSERT_FALSE(s.session.main.closed());
  });
  rc::prop("a link stage with one byte changed", [] {
    Bench bench({.net_test_bytes = {}});
    const FakeSession session(bench);
    Bytes bytes = wire::link::unit_of(link_mess(ChannelType::cursor, session.id));
    append(bytes, word(1));
    append(bytes, ticket(""));
    const auto at = *rc::gen::inRange<std::size_t>(0, bytes.size());
    bytes[at] ^= static_cast<std::byte>(*rc::gen::inRange(1, 256));
    const LinkId link = bench.open("spice");
    bench.give(link, bytes);
    RC_ASSERT_FALSE(session.main.closed() && at != 20);  // 20: the channel's type
  });
}

namespace {

// A whole session with everything in it; returns what the server said on each link.
std::vector<Bytes> story(std::size_t segment, std::size_t trickle,
                         std::vector<std::uint64_t>* released) {
  Bench bench({.name = "box", .net_test_bytes = {0, 0, 3000}, .ack_window = 3, .pipe_limit = 4});
  bench.segment = segment;
  if (trickle > 0) {
    bench.trickle = trickle;
    bench.credit = 0;
  }
  bench.connect_device();
  const auto settle = [&bench, trickle] {  // until all that may be sent has been
    if (trickle == 0) return;
    for (std::size_t granted = 0; granted < 20'000; granted += trickle) bench.grant_all(trickle);
  };
  std::vector<LinkId> links;
  // By hand, since with little credit the session id comes late.
  const auto open = [&](ChannelType type, std::uint32_t session_id) {
    const LinkId link = bench.open("spice");
    bench.give(link, wire::link::unit_of(link_mess(type, session_id)));
    bench.give(link, word(1));
    bench.give(link, ticket(""));
    links.push_back(link);
    settle();
    return link;
  };
  const LinkId main = open(ChannelType::main, 0);
  const Bytes& said = bench.output(main);
  const auto session_id =
      static_cast<std::uint32_t>(load_little_endian(said.data() + 16 + 178 + 8 + 4 + 6, 4));
  const LinkId display = open(ChannelType::display, session_id);
  const LinkId cursor = open(ChannelType::cursor, session_id);
  const LinkId inputs = open(ChannelType::inputs, session_id);
  std::uint64_t serial = 0;
  const auto say = [&](LinkId link, const auto& message) {
    bench.give(link, wire::frame_of(message, true, ++serial));
  };
  say(main, wire::main_channel::AttachChannels{});
  bench.device_says(draw::primary(32, 32));
  say(display, wire::display::Init{1, 60, 1, 0});
  say(display, wire::common::AckSync{1});
  say(cursor, wire::common::AckSync{1});
  std::vector<wire::device::Drawable> drawables;
  for (std::uint64_t i = 1; i <= 30; ++i) {
    const auto step = static_cast<std::int32_t>(i % 16);
    drawables.push_back(draw::image(3 * i, i % 5, step, step, 5, static_cast<std::uint8_t>(i % 5)));
    drawables.push_back(draw::copy_bits(3 * i + 1, {step, 0, step + 8, 8}, {8, 8}));
    drawables.push_back(
        draw::fill(3 * i + 2, {step, step, step + 2, step + 2}, static_cast<std::uint32_t>(i)));
  }
  bench.draw(std::move(drawables));
  for (int i = 0; i < 9; ++i) say(inputs, wire::inputs::MouseMotion{i, i, 0});
  for (int i = 0; i < 60; ++i) {
    settle();
    say(display, wire::common::Ack{});
  }
  settle();
  if (released) *released = bench.released();
  std::vector<Bytes> outputs;
  for (const LinkId link : links) outputs.push_back(bench.output(link));
  return outputs;
}

}  // namespace

TEST_CASE("P-LNK-1, P-CH-1: segments and credit change nothing of what is said",
          "[server][robustness]") {
  std::vector<std::uint64_t> released;
  const auto whole = story(0, 0, &released);
  REQUIRE(whole.size() == 4);
  CHECK(whole[1].size() > 3000);
  std::ranges::sort(released);
  CHECK(released.size() == 90);
  CHECK(std::ranges::adjacent_find(released) == released.end());
  for (const std::size_t segment : {1, 2, 7, 100}) {
    INFO("segments of " << segment);
    CHECK(story(segment, 0, nullptr) == whole);
  }
  for (const std::size_t trickle : {64, 1000}) {
    INFO("credit in steps of " << trickle);
    CHECK(story(0, trickle, nullptr) == whole);
  }
}

TEST_CASE("the same inputs give the same outputs", "[server][robustness]") {
  CHECK(story(0, 0, nullptr) == story(0, 0, nullptr));
}

}  // namespace spicebench::server
