// SPDX-License-Identifier: LGPL-2.1-or-later
#include <rapidcheck/catch.h>

#include "core/wire/message_value.hpp"
#include "qxl-model/agent/guest_agent.hpp"

// The agent in the guest, a server's end by hand. Names as of the test entries H-XFR.
namespace spicebench::qxl::test {

using namespace wire::agent;
namespace device = wire::device;

namespace {

struct AgentBench {
  AgentOptions options;
  Bytes said;  // by the agent, chunks and all
  CharPort port{1, device::CharDeviceKind::agent, "agent", 4096, [this](ValuePtr value) {
                  if (const auto* out = wire::message_in(*value).as<device::CharDeviceOutput>())
                    append(said, out->data);
                }};
  std::vector<MouseState> pointer;
  GuestAgent agent{options, port, [this](const MouseState& state) { pointer.push_back(state); }};

  explicit AgentBench(AgentOptions o = {}) : options(std::move(o)) {
    port.plug();
    port.handle(device::CharDeviceWanted{1, UINT32_MAX});
    port.open();
    say(AnnounceCapabilities<Side::client>{1, {0xffff'ffff}});
    take();
  }
  template <wire::Message T>
  void say(T message, std::uint32_t to_port = 1) {
    wire::Context context;
    const std::uint32_t all = 0xffff'ffff;
    context.client_agent_caps = context.guest_agent_caps = {&all, 1};
    const Bytes whole = agent::bytes_of(wire::AnyMessage::of(std::move(message)), context);
    Bytes chunk;
    append_little_endian(chunk, to_port, 4);
    append_little_endian(chunk, whole.size(), 4);
    append(chunk, whole);
    input(chunk);
  }
  void input(BytesView bytes) {
    port.handle(device::CharDeviceInput{1, 1, SharedBytes::copy_of(bytes)});
  }
  // The results of files that it told since.
  std::vector<std::pair<std::uint32_t, std::uint32_t>> take() {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> out;
    for (std::size_t at = 0; at < said.size();) {
      const auto size = load_little_endian(said.data() + at + 4, 4);
      const std::byte* message = said.data() + at + 8;
      if (load_little_endian(message + 4, 4) == FileXferStatus<Side::server>::message.id)
        out.emplace_back(load_little_endian(message + header_bytes, 4),
                         load_little_endian(message + header_bytes + 4, 4));
      at += 8 + size;
    }
    said.clear();
    return out;
  }
  void start(std::uint32_t id, const std::string& name, const std::string& size) {
    const std::string text = "[vdagent-file-xfer]\nname=" + name + "\nsize=" + size + "\n";
    Bytes bytes(text.size() + 1);
    std::ranges::copy(as_bytes(text), bytes.begin());
    say(FileXferStart{id, std::move(bytes)});
  }
};
using Told = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

}  // namespace

TEST_CASE("H-XFR-3: what is no file of the folder of arrivals is refused", "[qxl][agent]") {
  AgentBench bench;
  for (const std::string& name :
       {std::string("../x"), std::string("/etc/passwd"), std::string("a/b"), std::string("a\\b"),
        std::string(".."), std::string("."), std::string(), std::string(65536, 'n')}) {
    INFO(name.substr(0, 20));
    bench.start(1, name, "5");
    CHECK(bench.take() == Told{{1, xfer_error}});
  }
  bench.start(1, "a", "-5");
  CHECK(bench.take() == Told{{1, xfer_error}});
  bench.start(1, "a", "99999999999999999999999");
  CHECK(bench.take() == Told{{1, xfer_error}});
  bench.start(1, "a", "99999999999");
  CHECK(bench.take() == Told{{1, xfer_not_enough_space}});
  bench.say(FileXferData{7, Bytes(1)});  // never started
  CHECK(bench.take() == Told{{7, xfer_error}});
  bench.start(2, "a", "3");
  bench.start(2, "a", "3");
  CHECK(bench.take() == Told{{2, xfer_can_send_data}, {2, xfer_error}});
  bench.start(3, "a", "3");
  bench.say(FileXferData{3, Bytes(4)});  // more than it said
  CHECK(bench.take() == Told{{3, xfer_can_send_data}, {3, xfer_error}});
  for (std::uint32_t id = 100; id < 100 + FileReceiver::most_running; ++id)
    bench.start(id, "many", "1");
  bench.take();
  bench.start(4, "a", "3");
  CHECK(bench.take() == Told{{4, xfer_error}});
}

TEST_CASE("a file of any size arrives; the next of its name gets another", "[qxl][agent]") {
  AgentBench bench;
  bench.start(1, "f.txt", "0");
  bench.say(FileXferData{1, {}});
  CHECK(bench.take() == Told{{1, xfer_can_send_data}, {1, xfer_success}});
  bench.start(1, "f.txt", "3");
  bench.say(FileXferData{1, Bytes(2)});
  bench.say(FileXferData{1, Bytes(1)});
  CHECK(bench.take() == Told{{1, xfer_can_send_data}, {1, xfer_success}});
  CHECK(bench.agent.log().back().starts_with("received f (1).txt, 3 bytes"));
  bench.start(1, "g", "3");
  bench.say(FileXferStatus<Side::client>{.id = 1, .result = xfer_cancelled});
  bench.say(FileXferData{1, Bytes(3)});
  CHECK(bench.take() == Told{{1, xfer_can_send_data}, {1, xfer_error}});
}

TEST_CASE("monitors are kept and answered, mouse events passed on", "[qxl][agent]") {
  AgentBench bench;
  bench.say(MonitorsConfig{1, {{600, 800, 32, 0, 0}}, {}});
  CHECK(bench.agent.monitors().monitors.size() == 1);
  CHECK_FALSE(bench.said.empty());
  bench.say(MouseState{1, 2, 2, 0}, 2);
  REQUIRE(bench.pointer.size() == 1);
  CHECK(bench.pointer.front() == MouseState{1, 2, 2, 0});
}

TEST_CASE("any bytes leave the agent able to take the next message", "[qxl][agent]") {
  rc::prop("once its port is opened anew", [](const std::vector<std::uint8_t>& any) {
    AgentBench bench;
    Bytes bytes(any.size());
    std::ranges::transform(any, bytes.begin(), [](auto b) { return static_cast<std::byte>(b); });
    bench.input(bytes);
    bench.port.close();
    bench.port.open();
    const auto lines = bench.agent.log().size();
    Bytes chunk;
    const Bytes whole = agent::bytes_of(wire::AnyMessage::of(AudioVolumeSync{1, 0, {5}}));
    append_little_endian(chunk, 1, 4);
    append_little_endian(chunk, whole.size(), 4);
    append(chunk, whole);
    bench.port.handle(device::CharDeviceInput{1, 2, SharedBytes(chunk)});
    RC_ASSERT(bench.agent.log().size() == lines + 1);
  });
}

}  // namespace spicebench::qxl::test
