// SPDX-License-Identifier: LGPL-2.1-or-later
#include <rapidcheck/catch.h>

#include "tests/server/agent_bench.hpp"

// Names as of the test entries P-AGT and H-AGT.
using namespace spicebench;
using namespace spicebench::server;
namespace main_channel = wire::main_channel;
namespace protocol = wire::agent;

namespace {

using DataToAgent = main_channel::AgentDataToServer;

// What a client got of the agent.
struct Heard {
  std::vector<std::uint16_t> types;  // of all messages
  std::vector<SharedBytes> blocks;
  std::uint64_t tokens = 0;
};
Heard heard(FakeChannel& main) {
  Heard all;
  for (const Said& one : main.take()) {
    all.types.push_back(one.type);
    if (one.type == main_channel::AgentDataToClient::message.id)
      all.blocks.push_back(one.as<main_channel::AgentDataToClient>().data);
    if (one.type == main_channel::AgentTokenToClient::message.id)
      all.tokens += one.as<main_channel::AgentTokenToClient>().num_tokens;
  }
  return all;
}
Bytes joined(const std::vector<SharedBytes>& blocks) {
  Bytes out;
  for (const SharedBytes& one : blocks) append(out, one);
  return out;
}
bool contains(const std::vector<std::uint16_t>& types, std::uint16_t type) {
  return std::ranges::find(types, type) != types.end();
}
constexpr std::uint16_t connected_tokens = main_channel::AgentConnectedTokens::message.id,
                        connected = main_channel::AgentConnected::message.id,
                        disconnected = main_channel::AgentDisconnected::message.id;

ServerOptions no_net_test() {
  ServerOptions options;
  options.net_test_bytes = {};
  return options;
}
wire::AnyMessage grab() {
  return wire::AnyMessage::of(
      protocol::ClipboardGrab<Side::server>{.types = {protocol::clipboard_utf8_text}});
}
// A message to the agent that has so many bytes, with all of its header in the first block.
std::vector<Bytes> cut(const Bytes& message, const std::vector<std::size_t>& sizes) {
  std::vector<Bytes> out;
  std::size_t at = 0;
  for (std::size_t i = 0; at < message.size(); ++i) {
    std::size_t size = i < sizes.size() ? sizes[i] : agent_block_bytes;
    if (at == 0) size = std::max(size, protocol::header_bytes);
    size = std::min({size, message.size() - at, agent_block_bytes});
    out.emplace_back(message.begin() + static_cast<std::ptrdiff_t>(at),
                     message.begin() + static_cast<std::ptrdiff_t>(at + size));
    at += size;
  }
  return out;
}

}  // namespace

TEST_CASE("INIT says whether there is an agent; one that comes later is told with its tokens",
          "[server][agent]") {
  Bench bench(no_net_test());
  FakeAgent agent(bench);
  FakeSession early(bench);
  CHECK(heard(early.main).types.empty());
  agent.open();
  CHECK(contains(heard(early.main).types, connected_tokens));
  FakeChannel plain(bench, wire::ChannelType::main, 0, true, {});
  const auto said = plain.take();
  CHECK(said.front().as<main_channel::Init>().agent_connected == 1);
  CHECK(said.front().as<main_channel::Init>().agent_tokens == 10);
  agent.close();
  CHECK(contains(heard(plain).types, disconnected));
  agent.open();
  CHECK(contains(heard(plain).types, connected));
}

TEST_CASE("what the agent says reaches a client once it has started it, not before",
          "[server][agent]") {
  Bench bench(no_net_test());
  FakeAgent agent(bench);
  FakeSession session(bench);
  agent.open();
  agent.say(grab());
  CHECK(heard(session.main).blocks.empty());
  session.main.say(main_channel::AgentStart{UINT32_MAX});
  agent.say(grab());
  const auto got = heard(session.main).blocks;
  REQUIRE(got.size() == 1);
  CHECK(joined(got) == spicebench::agent::bytes_of(grab()));
}

TEST_CASE("P-AGT-2: what passes are the bytes of the messages, however both streams are cut",
          "[server][agent]") {
  rc::prop("both ways", [] {
    Bench bench(no_net_test());
    bench.segment = *rc::gen::inRange<std::size_t>(0, 40);
    FakeAgent agent(bench, *rc::gen::inRange<std::uint32_t>(0, 3000));
    FakeSession session(bench);
    agent.open();
    session.main.say(main_channel::AgentStart{UINT32_MAX});
    heard(session.main);
    Bytes to_agent, to_client;
    std::uint64_t tokens = 10;
    const int messages = *rc::gen::inRange(1, 6);
    for (int i = 0; i < messages; ++i) {
      const auto size = *rc::gen::inRange<std::uint32_t>(0, 5000);
      const Bytes message = block(900, size, size, static_cast<std::byte>(i + 1));
      append(to_agent, message);
      const auto sizes =
          *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(1, 2048));
      for (Bytes& piece : cut(message, sizes)) {
        while (tokens == 0) {
          agent.give_room(700);
          tokens += heard(session.main).tokens;
        }
        --tokens;
        session.main.say(DataToAgent{std::move(piece)});
      }
      const auto back = *rc::gen::inRange<std::uint32_t>(0, 9000);
      const Bytes answer = block(901, back, back, static_cast<std::byte>(i + 100));
      append(to_client, answer);
      Bytes port;
      // Every chunk but the first may be of any size; a message begins with its header whole.
      for (std::size_t at = 0; at < answer.size();) {
        const std::size_t least = at == 0 ? protocol::header_bytes : 0;
        const auto chunk = std::min(answer.size() - at,
                                    least + *rc::gen::inRange<std::size_t>(at == 0 ? 0 : 1, 5000));
        append_little_endian(port, client_port, 4);
        append_little_endian(port, chunk, 4);
        append(port, BytesView(answer).subspan(at, chunk));
        at += chunk;
        if (*rc::gen::inRange(0, 4) == 0) {  // an empty chunk, which means nothing
          append_little_endian(port, client_port, 4);
          append_little_endian(port, 0, 4);
        }
      }
      Bytes got;
      agent.write(port, *rc::gen::inRange<std::size_t>(1, 3000));
      for (const SharedBytes& piece : heard(session.main).blocks) append(got, piece);
      while (agent.stuck() > 0) {
        agent.flush();
        for (const SharedBytes& piece : heard(session.main).blocks) append(got, piece);
      }
      RC_ASSERT(got == answer);
    }
    agent.give_room(1 << 20);
    RC_ASSERT(agent.heard(client_port) == to_agent);
    RC_ASSERT(bench.server.errors().empty());
  });
}

TEST_CASE("P-AGT-4: ten blocks at a time, given back in batches of five once the guest has them",
          "[server][agent]") {
  Bench bench(no_net_test());
  FakeAgent agent(bench, 0);
  FakeSession session(bench);
  agent.open();
  session.main.say(main_channel::AgentStart{1});
  heard(session.main);
  const Bytes small = block(900, 0, 0);
  for (int i = 0; i < 10; ++i) session.main.say(DataToAgent{small});
  CHECK(heard(session.main).tokens == 0);
  agent.give_room(4 * 28);
  CHECK(heard(session.main).tokens == 0);
  agent.give_room(28);
  CHECK(heard(session.main).tokens == 5);
  for (int i = 0; i < 5; ++i) session.main.say(DataToAgent{small});
  CHECK_FALSE(session.main.closed());
  session.main.say(DataToAgent{small});
  CHECK(session.main.closed());
  CHECK(bench.server.errors().back().error.code == ErrorCode::denied);
}

TEST_CASE("H-AGT-1: what is no message of the agent's ends the client that said it",
          "[server][agent]") {
  const auto ended_by = [](const std::vector<Bytes>& blocks) {
    Bench bench(no_net_test());
    FakeAgent agent(bench);
    FakeSession session(bench);
    agent.open();
    session.main.say(main_channel::AgentStart{1});
    for (const Bytes& one : blocks) session.main.say(DataToAgent{one});
    return session.main.closed();
  };
  CHECK(ended_by({Bytes(2049)}));
  CHECK(ended_by({block(4, 100, 100), Bytes(19)}));
  Bytes other_protocol = block(4, 0, 0);
  other_protocol[0] = std::byte{0};
  CHECK(ended_by({other_protocol}));
  CHECK(ended_by({block(4, 3, 4)}));
  CHECK(ended_by({block(4, 0, 1)}));
  CHECK(ended_by({block(4, 100, 90), Bytes(11)}));
  CHECK_FALSE(ended_by({block(4, 0xffff'ffff, 100)}));
  CHECK_FALSE(ended_by({block(4, 100, 90), Bytes(10)}));
}

TEST_CASE("H-AGT-2: what is no chunk of the agent's removes the agent, and clients hear of it",
          "[server][agent]") {
  const auto removed_by = [](const Bytes& bytes) {
    Bench bench(no_net_test());
    FakeAgent agent(bench);
    FakeSession session(bench);
    agent.open();
    session.main.say(main_channel::AgentStart{UINT32_MAX});
    heard(session.main);
    agent.write(bytes);
    const auto types = heard(session.main).types;
    CHECK_FALSE(session.main.closed());
    const bool gone = contains(types, disconnected);
    agent.close();  // the guest tries again
    agent.open();
    const auto later = heard(session.main).types;
    CHECK(contains(later, connected_tokens));
    return gone;
  };
  const auto chunk = [](std::uint32_t port, std::uint32_t size, std::size_t have) {
    Bytes bytes;
    append_little_endian(bytes, port, 4);
    append_little_endian(bytes, size, 4);
    bytes.resize(8 + have);
    return bytes;
  };
  CHECK(removed_by(chunk(0, 8, 8)));
  CHECK(removed_by(chunk(3, 8, 8)));
  CHECK(removed_by(chunk(0xffff'ffff, 8, 8)));
  CHECK(removed_by(chunk(1, 0xffff'ffff, 0)));
  CHECK(removed_by(chunk(1, 19, 19)));  // half a header
  Bytes lies = chunk(1, 24, 0);
  append(lies, block(4, 3, 4));
  CHECK(removed_by(lies));
  CHECK_FALSE(removed_by(chunk(1, 0, 0)));
  CHECK_FALSE(removed_by(chunk(2, 30, 30)));  // for the server: nothing it knows
  CHECK_FALSE(removed_by(Bytes(4)));
}

TEST_CASE("P-AGT-3, P-AGT-9: what is forbidden crosses in neither direction, however it is cut",
          "[server][agent]") {
  rc::prop("only what is allowed passes, and capabilities say so", [] {
    ServerOptions options = no_net_test();
    options.copy_paste = *rc::gen::arbitrary<bool>();
    options.file_transfer = *rc::gen::arbitrary<bool>();
    Bench bench(options);
    FakeAgent agent(bench);
    FakeSession session(bench);
    agent.open();
    session.main.say(main_channel::AgentStart{UINT32_MAX});
    heard(session.main);
    const auto allowed = [&](std::uint32_t type) {
      if ((type == 4 || (type >= 7 && type <= 9)) && !options.copy_paste) return false;
      return (type < 10 || type > 12) || options.file_transfer;
    };
    Bytes to_agent, to_client, got;
    std::uint64_t tokens = 10;
    for (int i = 0; i < 8; ++i) {
      auto type = *rc::gen::inRange<std::uint32_t>(3, 18);
      const auto size = *rc::gen::inRange<std::uint32_t>(0, 5000);
      const Bytes message = block(type, size, size, std::byte{0xff});
      const auto sizes =
          *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(1, 2048));
      for (Bytes& piece : cut(message, sizes)) {
        if (tokens == 0) tokens += heard(session.main).tokens;
        RC_ASSERT(tokens > 0u);
        --tokens;
        session.main.say(DataToAgent{std::move(piece)});
      }
      if (allowed(type)) append(to_agent, message);
      tokens += heard(session.main).tokens;

      Bytes port;
      append_little_endian(port, client_port, 4);
      append_little_endian(port, message.size(), 4);
      append(port, message);
      agent.write(port);
      for (int turn = 0; turn < 10; ++turn) {
        const Heard more = heard(session.main);
        tokens += more.tokens;
        append(got, joined(more.blocks));
        agent.flush();
      }
      Bytes expected = message;
      if (type == 6 && size >= 8) {
        auto caps = static_cast<std::uint32_t>(load_little_endian(expected.data() + 24, 4));
        if (!options.copy_paste) caps &= ~0x68u;
        if (!options.file_transfer) caps |= 0x2000u;
        store_little_endian(expected.data() + 24, caps, 4);
      }
      if (allowed(type)) append(to_client, expected);
    }
    RC_ASSERT(agent.heard(client_port) == to_agent);
    RC_ASSERT(got == to_client);
  });
}

TEST_CASE("P-AGT-5: a new agent gets no tail of what was for the one before", "[server][agent]") {
  Bench bench(no_net_test());
  FakeAgent agent(bench, 100);
  FakeSession session(bench);
  agent.open();
  session.main.say(main_channel::AgentStart{UINT32_MAX});
  session.main.say(DataToAgent{block(900, 4000, 2000)});
  agent.close();
  agent.open();
  heard(session.main);
  agent.give_room(1 << 20);
  session.main.say(DataToAgent{Bytes(2000)});  // the client has not heard of it yet
  session.main.say(main_channel::AgentStart{UINT32_MAX});
  session.main.say(DataToAgent{block(901, 5, 5)});
  CHECK_FALSE(session.main.closed());
  CHECK(agent.heard(client_port) == block(901, 5, 5));
}

TEST_CASE("P-AGT-8: a client has as many blocks as it gave tokens, five wait, for thirty seconds",
          "[server][agent]") {
  ServerOptions options = no_net_test();
  options.max_clients = 2;
  Bench bench(options);
  FakeAgent agent(bench);
  FakeSession greedy(bench), slow(bench);
  agent.open();
  greedy.main.say(main_channel::AgentStart{UINT32_MAX});
  slow.main.say(main_channel::AgentStart{2});
  heard(slow.main);
  const auto say = [&](int times) {
    for (int i = 0; i < times; ++i) agent.say(grab());
  };
  say(7);
  CHECK(heard(slow.main).blocks.size() == 2);
  slow.main.say(main_channel::AgentTokenToServer{3});
  CHECK(heard(slow.main).blocks.size() == 3);
  bench.pass(std::chrono::milliseconds(29'999));
  CHECK_FALSE(slow.main.closed());
  slow.main.say(main_channel::AgentTokenToServer{9});
  CHECK(heard(slow.main).blocks.size() == 2);
  bench.pass(std::chrono::seconds(60));
  CHECK_FALSE(slow.main.closed());
  SECTION("thirty seconds with something in the queue end it") {
    slow.main.say(main_channel::AgentStart{0});
    say(1);
    bench.pass(std::chrono::milliseconds(29'999));
    CHECK_FALSE(slow.main.closed());
    bench.pass(std::chrono::milliseconds(1));
    CHECK(slow.main.closed());
  }
  SECTION("so does a sixth block") {
    slow.main.say(main_channel::AgentStart{0});
    say(5);
    bench.pass({});
    CHECK_FALSE(slow.main.closed());
    say(1);
    bench.pass({});
    CHECK(slow.main.closed());
  }
  CHECK_FALSE(greedy.main.closed());
  CHECK(heard(greedy.main).blocks.size() >= 8);
}

TEST_CASE("a client without tokens alone stops the agent, and loses nothing", "[server][agent]") {
  Bench bench(no_net_test());
  FakeAgent agent(bench);
  FakeSession session(bench);
  agent.open();
  session.main.say(main_channel::AgentStart{0});
  for (int i = 0; i < 1000; ++i) agent.say(grab());
  CHECK(heard(session.main).blocks.empty());
  CHECK(agent.stuck() > 0);
  std::size_t got = 0;
  for (int i = 0; i < 1000; ++i) {
    session.main.say(main_channel::AgentTokenToServer{1});
    agent.flush();
    got += heard(session.main).blocks.size();
  }
  CHECK(got == 1000);
  CHECK_FALSE(session.main.closed());
}

TEST_CASE("H-AGT-6: an agent that comes and goes makes no more messages than a client reads",
          "[server][agent]") {
  Bench bench(no_net_test());
  FakeAgent agent(bench);
  bench.credit = 1 << 16;
  FakeSession session(bench);
  for (int i = 0; i < 10'000; ++i) {
    agent.open();
    agent.close();
  }
  CHECK_FALSE(session.main.closed());
  bench.grant_all(1 << 20);
  const auto types = heard(session.main).types;
  CHECK((types.empty() || types.back() == disconnected));
}

TEST_CASE("P-AGT-6: what the server says itself stands whole between what clients say",
          "[server][agent]") {
  ServerOptions options = no_net_test();
  options.max_clients = 2;
  Bench bench(options);
  FakeAgent agent(bench);
  FakeSession stays(bench);
  agent.open();
  stays.main.say(main_channel::AgentStart{UINT32_MAX});
  {
    FakeSession leaves(bench);
    leaves.main.say(main_channel::AgentStart{UINT32_MAX});
    leaves.main.say(DataToAgent{block(900, 4000, 2000)});
    stays.main.say(DataToAgent{block(901, 10, 10)});  // waits for the other's message
    CHECK(agent.chunks().size() == 1);
    bench.hang_up(leaves.main.link);
  }
  const auto chunks = agent.chunks();
  REQUIRE(chunks.size() == 3);
  std::vector<std::uint32_t> ports;
  for (const auto& chunk : chunks) ports.push_back(chunk.port);
  std::ranges::sort(ports);
  CHECK(ports == std::vector<std::uint32_t>{1, 1, 2});
  const auto own = agent.messages(server_port);
  REQUIRE(own.size() == 1);
  CHECK(own.front().type == protocol::ClientDisconnected::message.id);
  CHECK(chunks[1].port == server_port);  // the half message is void before the next one comes
}

TEST_CASE("the last client that leaves is told to the agent", "[server][agent]") {
  Bench bench(no_net_test());
  FakeAgent agent(bench);
  agent.open();
  {
    FakeSession session(bench);
    session.main.say(main_channel::AgentStart{1});
    bench.hang_up(session.main.link);
  }
  REQUIRE(agent.messages(server_port).size() == 1);
  CHECK(agent.messages(server_port).front().type == protocol::ClientDisconnected::message.id);
  FakeSession next(bench);
  next.main.say(main_channel::AgentStart{UINT32_MAX});
  next.main.say(DataToAgent{block(901, 5, 5)});
  CHECK(agent.messages(client_port).size() == 1);
}

TEST_CASE("H-MAIN-4: AGENT_TOKEN without AGENT_START, and AGENT_DATA, have no effect",
          "[server][agent]") {
  Bench bench(no_net_test());
  FakeAgent agent(bench);
  FakeSession session(bench);
  session.main.say(main_channel::AgentTokenToServer{1});
  session.main.say(main_channel::AgentStart{1});
  session.main.say(DataToAgent{block(900, 1 << 30, 100)});  // H-AGT-5
  agent.open();
  session.main.say(main_channel::AgentTokenToServer{UINT32_MAX});
  for (int i = 0; i < 20; ++i) session.main.say(DataToAgent{block(900, 0, 0)});
  CHECK_FALSE(session.main.closed());
  CHECK(agent.chunks().empty());
  session.main.say(DataToAgent{Bytes(2049)});
  CHECK(session.main.closed());
}
