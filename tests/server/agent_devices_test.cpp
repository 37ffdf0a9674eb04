// SPDX-License-Identifier: LGPL-2.1-or-later
#include <rapidcheck/catch.h>

#include "core/wire/inputs_channel.hpp"
#include "tests/server/agent_bench.hpp"

// What of a client's is for the guest's driver instead of its agent, and what of the pointer is for
// the agent instead of the driver. Names as of the test entries P-AGT, H-AGT.
using namespace spicebench;
using namespace spicebench::server;
namespace main_channel = wire::main_channel;
namespace protocol = wire::agent;
namespace device = wire::device;
namespace inputs = wire::inputs;

namespace {

ServerOptions no_net_test() {
  ServerOptions options;
  options.net_test_bytes = {};
  return options;
}

struct MonitorsBench : Bench {
  MonitorsBench() : Bench(no_net_test()), guest(*this), session(*this) {
    guest.open();
    session.main.say(main_channel::AgentStart{UINT32_MAX});
  }
  void say(const Bytes& block) { session.main.say(main_channel::AgentDataToServer{block}); }
  // The device's answer to the question that it was asked last.
  void answer(bool accepted) {
    const auto asked = device_heard<device::ClientMonitors>();
    REQUIRE_FALSE(asked.empty());
    CHECK(asked.back().query == 1);
    device_says(device::ClientMonitorsAnswer{asked.back().request_id, accepted});
  }
  // What the device was told, questions left out.
  std::vector<std::vector<device::ClientMonitors::Monitor>> told() const {
    std::vector<std::vector<device::ClientMonitors::Monitor>> out;
    for (const auto& one : device_heard<device::ClientMonitors>())
      if (one.query == 0) out.push_back(one.monitors);
    return out;
  }
  FakeAgent guest;
  FakeSession session;
};

Bytes monitors(std::size_t count, bool sizes = false) {
  protocol::MonitorsConfig config{.flags = protocol::monitors_use_pos |
                                           (sizes ? protocol::monitors_physical_size : 0u)};
  for (std::size_t i = 0; i < count; ++i)
    config.monitors.push_back({600, 800, 32, static_cast<std::int32_t>(800 * i), 0});
  if (sizes) config.physical_sizes.resize(count);
  return spicebench::agent::bytes_of(wire::AnyMessage::of(std::move(config)));
}
// A configuration whose count and size are what they are said to be.
Bytes forged(std::uint32_t count, std::uint32_t size, std::size_t have, std::uint32_t flags = 0) {
  Bytes bytes = block(protocol::MonitorsConfig::message.id, size, have);
  if (have >= 4) store_little_endian(bytes.data() + protocol::header_bytes, count, 4);
  if (have >= 8) store_little_endian(bytes.data() + protocol::header_bytes + 4, flags, 4);
  return bytes;
}

}  // namespace

TEST_CASE("P-AGT-10: monitors go to the driver if it takes them, else to the agent, however cut",
          "[server][agent]") {
  rc::prop("all of the message goes one way", [] {
    MonitorsBench bench;
    const bool accepted = *rc::gen::arbitrary<bool>();
    const auto count = *rc::gen::inRange<std::size_t>(1, 60);
    const Bytes whole = monitors(count, *rc::gen::arbitrary<bool>());
    const Bytes before = block(900, 10, 10), after = block(901, 5, 5);
    bench.say(before);
    std::size_t at = 0;
    for (int i = 0; i < 4 && at < whole.size(); ++i) {
      const std::size_t left = whole.size() - at;
      const std::size_t size =
          i == 3 ? left : std::min(left, *rc::gen::inRange<std::size_t>(i == 0 ? 20 : 1, 700));
      const auto from = whole.begin() + static_cast<std::ptrdiff_t>(at);
      bench.say(Bytes(from, from + static_cast<std::ptrdiff_t>(size)));
      at += size;
    }
    bench.say(after);
    RC_ASSERT(bench.guest.heard(client_port) == before);  // what follows waits for the answer
    bench.answer(accepted);
    Bytes expected = before;
    if (!accepted) append(expected, whole);
    append(expected, after);
    RC_ASSERT(bench.guest.heard(client_port) == expected);
    RC_ASSERT(bench.told().size() == (accepted ? 1u : 0u));
    if (accepted) {
      RC_ASSERT(bench.told()[0].size() == count);
      RC_ASSERT(bench.told()[0].back().x == 800 * (count - 1));
    }
    RC_ASSERT(!bench.session.main.closed());
  });
}

TEST_CASE("H-AGT-3: monitors that the driver would take and that are none end the client",
          "[server][agent]") {
  const auto ended_by = [](const std::vector<Bytes>& blocks) {
    MonitorsBench bench;
    for (const Bytes& one : blocks) bench.say(one);
    bench.answer(true);
    bench.pass({});
    return bench.session.main.closed();
  };
  CHECK_FALSE(ended_by({monitors(0)}));
  CHECK_FALSE(ended_by({monitors(64)}));
  CHECK(ended_by({forged(257, 8, 8)}));
  CHECK(ended_by({forged(0xffff'ffff, 8, 8)}));
  CHECK(ended_by({forged(2, 28, 28)}));                                    // one is missing
  CHECK(ended_by({forged(1, 28, 28, protocol::monitors_physical_size)}));  // its size is
  CHECK(ended_by({forged(1, 7, 7)}));
  CHECK(ended_by({forged(1, 6153, 100)}));  // more than 256 monitors have
  CHECK(ended_by({forged(1, 0xffff'ffff, 100)}));
}

TEST_CASE("a client that leaves while the driver is asked leaves nothing behind",
          "[server][agent]") {
  MonitorsBench bench;
  bench.say(monitors(1));
  bench.hang_up(bench.session.main.link);
  bench.answer(true);
  CHECK(bench.told().empty());
  FakeSession next(bench);
  next.main.say(main_channel::AgentStart{UINT32_MAX});
  next.main.say(main_channel::AgentDataToServer{monitors(2)});
  bench.answer(true);
  REQUIRE(bench.told().size() == 1);
  CHECK(bench.told()[0].size() == 2);
}

TEST_CASE(
    "P-AGT-7: in mouse mode client the agent gets the pointer: its last place, and every click",
    "[server][agent]") {
  Bench bench(no_net_test());
  FakeAgent agent(bench, 0);  // it does not read yet
  FakeSession session(bench);
  agent.open();
  FakeChannel pointer(bench, wire::ChannelType::inputs, session.id);
  session.main.say(main_channel::MouseModeRequest{main_channel::mouse_mode_client});
  for (std::uint32_t i = 0; i < 500; ++i) pointer.say(inputs::MousePosition{i, i, 0, 0});
  pointer.say(inputs::MousePress{inputs::button_left, inputs::mask_left});
  pointer.say(inputs::MouseRelease{inputs::button_left, 0});
  pointer.say(inputs::MousePress{inputs::button_down, inputs::mask_down});
  pointer.say(inputs::MouseRelease{inputs::button_down, 0});
  for (std::uint32_t i = 0; i < 500; ++i) pointer.say(inputs::MousePosition{i, 7, 0, 1});
  agent.give_room(1 << 20);
  std::vector<protocol::MouseState> states;
  for (const auto& message : agent.messages(server_port)) {
    auto state = wire::decode<protocol::MouseState>(message.body);
    REQUIRE(state.has_value());
    states.push_back(*state);
  }
  std::vector<std::uint32_t> buttons;
  for (const auto& state : states)
    if (buttons.empty() || buttons.back() != state.buttons) buttons.push_back(state.buttons);
  CHECK(buttons == std::vector<std::uint32_t>{0, 2, 0, 32, 0});
  CHECK(states.size() < 10);
  CHECK(states.back() == protocol::MouseState{499, 7, 0, 1});
  CHECK(bench.device_heard<device::MousePosition>().empty());
  agent.close();  // without it the mode falls back
  pointer.say(inputs::MouseMotion{1, 1, 0});
  CHECK(bench.device_heard<device::MouseMotion>().size() == 1);
}

TEST_CASE("an agent that may not have the mouse makes no mouse mode", "[server][agent]") {
  ServerOptions options = no_net_test();
  options.agent_mouse = false;
  Bench bench(options);
  FakeAgent agent(bench);
  FakeSession session(bench);
  agent.open();
  for (const Said& said : session.main.take())
    CHECK(said.type != main_channel::MouseModeChanged::message.id);
}

TEST_CASE("an agent that wants to know is told where the displays are, and at each start",
          "[server][agent]") {
  const bool wants = GENERATE(false, true);
  Bench bench(no_net_test());
  FakeAgent agent(bench);
  bench.device_says(device::DisplayAddress{2, SharedBytes::copy_of("pci/0000/02.0")});
  agent.open();
  agent.say(wire::AnyMessage::of(
      protocol::AnnounceCapabilities<Side::server>{1, {wants ? 0xffffu : 0x7fffu}}));
  FakeSession session(bench);
  session.main.say(main_channel::AgentStart{UINT32_MAX});
  const auto told = agent.messages(server_port);
  REQUIRE(told.size() == (wants ? 2 : 0));
  if (!wants) return;
  const auto info = wire::decode<protocol::GraphicsDeviceInfo>(told[1].body);
  REQUIRE(info.has_value());
  REQUIRE(info->displays.size() == 2);
  CHECK(info->displays[1].monitor_id == 1);
  CHECK(info->displays[1].device_display_id == 1);
  CHECK(as_text(info->displays[1].device_address) == std::string_view("pci/0000/02.0\0", 14));
}

TEST_CASE("P-AGT-1: any bytes of the guest's are blocks, nothing, or the end of the agent",
          "[server][agent]") {
  rc::prop("and the server reads on", [](const std::vector<std::uint8_t>& any) {
    Bench bench(no_net_test());
    FakeAgent agent(bench);
    FakeSession session(bench);
    agent.open();
    session.main.say(main_channel::AgentStart{UINT32_MAX});
    Bytes bytes(any.size());
    std::ranges::transform(any, bytes.begin(), [](auto b) { return static_cast<std::byte>(b); });
    agent.write(bytes, 7);
    agent.write(Bytes(20'000));  // chunks of nothing for port 0: the agent is gone by then
    RC_ASSERT(agent.stuck() == 0u);
    RC_ASSERT(!session.main.closed());
  });
}
