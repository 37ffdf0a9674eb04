// SPDX-License-Identifier: LGPL-2.1-or-later
// Every state table of the server, walked through the wire: each legal pair of state and message is
// taken, and nine of ten of the illegal ones are refused as such.
#include <fmt/format.h>

#include <bit>
#include <deque>
#include <functional>
#include <nlohmann/json.hpp>

#include "core/image/lz4_block.hpp"
#include "core/wire/char_device_link.hpp"
#include "core/wire/inputs_channel.hpp"
#include "core/wire/record_channel.hpp"
#include "core/wire/sound_link.hpp"
#include "core/wire/spicevmc.hpp"
#include "server/channels/cursor_channel.hpp"
#include "server/channels/display_channel.hpp"
#include "server/channels/inputs_channel.hpp"
#include "server/channels/main_channel.hpp"
#include "server/channels/playback_channel.hpp"
#include "server/channels/record_channel.hpp"
#include "server/channels/vmc_channel.hpp"
#include "tests/server/bench.hpp"

namespace spicebench::server {
namespace {

using wire::AnyMessage;
using wire::ChannelType;

// A whole message to the agent: it announces no capabilities.
SharedBytes agent_block() {
  Bytes block;
  for (const std::uint32_t field : {1u, 6u, 0u, 0u, 4u, 0u}) append_little_endian(block, field, 4);
  return SharedBytes(std::move(block));
}

template <ChannelType channel>
void add_vmc(std::vector<AnyMessage>& to) {
  using namespace wire::spicevmc;
  const Bytes text(100, std::byte{'x'});
  to.push_back(AnyMessage::of(Data<channel, Side::client>{SharedBytes(text)}));
  to.push_back(AnyMessage::of(CompressedData<channel, Side::client>{
      compression_lz4, 100, SharedBytes(*image::lz4_compressed(text))}));
  if constexpr (channel != ChannelType::usbredir)
    to.push_back(AnyMessage::of(PortEvent<channel, Side::client>{event_break}));
}

// A message of each kind that a client may send, which its handler takes. A table with a row that
// has none here fails.
std::vector<AnyMessage> samples() {
  using namespace wire;
  std::vector<AnyMessage> all = {
      AnyMessage::of(common::AckSync{1}),
      AnyMessage::of(common::Ack{}),
      AnyMessage::of(common::Pong{}),
      AnyMessage::of(common::ClientDisconnecting{}),
      AnyMessage::of(common::ClientMigrateData{}),
      AnyMessage::of(common::MigrateFlushMark{}),
      AnyMessage::of(main_channel::AttachChannels{}),
      AnyMessage::of(main_channel::MouseModeRequest{main_channel::mouse_mode_server}),
      AnyMessage::of(main_channel::AgentStart{10}),
      AnyMessage::of(main_channel::AgentDataToServer{agent_block()}),
      AnyMessage::of(main_channel::AgentTokenToServer{1}),
      AnyMessage::of(main_channel::ClientInfo{}),
      AnyMessage::of(main_channel::QualityIndicator{}),
      AnyMessage::of(main_channel::MigrateConnected{}),
      AnyMessage::of(main_channel::MigrateConnectedSeamless{}),
      AnyMessage::of(main_channel::MigrateConnectError{}),
      AnyMessage::of(main_channel::ClientMigrateEnd{}),
      AnyMessage::of(main_channel::MigrateDstDoSeamless{1}),
      AnyMessage::of(display::Init{1, 1000, 1, 1000}),
      AnyMessage::of(display::PreferredCompression{}),
      AnyMessage::of(display::PreferredVideoCodecType{}),
      AnyMessage::of(display::StreamReport{}),
      AnyMessage::of(inputs::KeyDown{0x1e}),
      AnyMessage::of(inputs::KeyUp{0x1e}),
      AnyMessage::of(inputs::KeyModifiers{}),
      AnyMessage::of(inputs::KeyScancode{}),
      AnyMessage::of(inputs::MouseMotion{}),
      AnyMessage::of(inputs::MousePosition{}),
      AnyMessage::of(inputs::MousePress{1, 0}),
      AnyMessage::of(inputs::MouseRelease{1, 0}),
      AnyMessage::of(record::ModeChanged{.mode = 1}),
      AnyMessage::of(record::StartMark{}),
      AnyMessage::of(record::Data{}),
  };
  add_vmc<ChannelType::port>(all);
  add_vmc<ChannelType::webdav>(all);
  add_vmc<ChannelType::usbredir>(all);
  return all;
}

// One channel of a session, of any type.
struct Walker {
  explicit Walker(ChannelType t) : type(t), session(bench) {
    bench.connect_device();
    bench.device_says(wire::sound::Device{.has_playback = 1, .has_record = 1});
    for (const auto& [kind, name] :
         {std::pair{1, "org.example.a"}, {1, "org.spice-space.webdav.0"}, {2, ""}}) {
      const std::uint32_t id = ++devices;
      bench.device_says(wire::device::CharDeviceAdd{id, static_cast<std::uint8_t>(kind),
                                                    SharedBytes::copy_of(std::string_view(name))});
      bench.device_says(wire::device::CharDeviceRoom{id, 1 << 20});
      bench.device_says(wire::device::CharDeviceOpened{id, 1});
    }
    if (type != ChannelType::main) side.emplace(bench, type, session.id);
  }
  FakeChannel& channel() { return side ? *side : session.main; }
  void say(std::uint16_t id, BytesView body) {
    Bytes bytes;
    append_little_endian(bytes, id, 2);
    append_little_endian(bytes, body.size(), 4);
    append(bytes, body);
    bench.give(channel().link, bytes);
  }
  void say(const AnyMessage& message) {
    Bytes body;
    wire::encode(*message.info().layout, message.object(), body);
    say(message.info().key.id, body);
  }
  // The channel's state by name; empty: it has only one.
  std::string state() {
    const nlohmann::json all = bench.server.describe();
    for (const auto& connection : all["connections"])
      if (connection["connection"] == channel().link) return connection.value("state", "");
    return {};
  }

  ChannelType type;
  std::uint32_t devices = 0;
  Bench bench{{.net_test_bytes = {}}};
  FakeSession session;
  std::optional<FakeChannel> side;
};

// What brings a channel from one state to another: a client's message, or something the guest does.
using Step = std::function<void(Walker&)>;
std::vector<Step> guest_steps() {
  return {[](Walker& walker) { walker.bench.device_says(wire::sound::PlaybackStart{}); },
          [](Walker& walker) { walker.bench.device_says(wire::sound::RecordStart{}); }};
}

struct Walk {
  std::size_t legal = 0, legal_taken = 0, illegal = 0, illegal_taken = 0;
  std::vector<std::string> missed;
};

template <class Machine, class State>
Walk walk(const StateTable<Machine, State, wire::MessageKey>& table, ChannelType type) {
  const auto names = table.state_names();
  const std::vector<AnyMessage> known = samples();
  const auto sample_of = [&known](const wire::MessageKey& key) {
    const auto found = std::ranges::find(known, key, [](const auto& m) { return m.info().key; });
    return found == known.end() ? nullptr : &*found;
  };
  const auto index_of = [&](const std::string& name) {
    const auto at = std::ranges::find(names, name);
    return at == names.end() ? std::size_t{0} : static_cast<std::size_t>(at - names.begin());
  };
  Walk out;
  // How each state is reached: breadth first.
  std::map<std::size_t, std::vector<Step>> paths = {{0, {}}};
  std::deque<std::size_t> waiting = {0};
  const auto reached = [&](std::size_t from, std::size_t to, const Step& step) {
    if (paths.contains(to)) return;
    paths[to] = paths[from];
    paths[to].push_back(step);
    waiting.push_back(to);
  };
  while (!waiting.empty()) {
    const std::size_t at = waiting.front();
    waiting.pop_front();
    for (const Step& step : guest_steps()) {
      Walker walker(type);
      for (const Step& before : paths[at]) before(walker);
      step(walker);
      if (!walker.channel().closed()) reached(at, index_of(walker.state()), step);
    }
    for (std::uint16_t id = 0; id < 330; ++id) {
      const wire::MessageInfo* info = wire::find_message(type, Side::client, id);
      if (!info) continue;
      const auto* row = table.find(static_cast<State>(at), info->key);
      const AnyMessage* sample = sample_of(info->key);
      Walker walker(type);
      for (const Step& step : paths[at]) step(walker);
      if (sample) {
        walker.say(*sample);
      } else {
        walker.say(id, Bytes(64));
      }
      const auto errors = walker.bench.server.errors();
      const std::string pair = fmt::format("{} {} {}", table.name(), names[at], info->name);
      if (!row) {
        ++out.illegal;
        const bool refused = walker.channel().closed() && !errors.empty() && errors.back().fatal;
        out.illegal_taken += refused ? 1 : 0;
        if (!refused) out.missed.push_back(pair + " was not refused");
        continue;
      }
      ++out.legal;
      if (!sample || walker.channel().closed()) {
        out.missed.push_back(pair + (sample ? " ended the channel" : " has no sample"));
        continue;
      }
      const std::size_t next = index_of(walker.state());
      if (!row->next.contains(static_cast<State>(next))) {
        out.missed.push_back(pair + " led to " + std::string(names[next]));
        continue;
      }
      ++out.legal_taken;
      reached(at, next, [sample](Walker& again) { again.say(*sample); });
    }
  }
  if (paths.size() < names.size())
    out.missed.push_back(std::string(table.name()) + ": not all states");
  return out;
}

template <class Table>
void check(const Table& table, ChannelType type) {
  const Walk found = walk(table, type);
  fmt::print("state table {:8} {:3} of {:3} legal pairs taken, {:3} of {:3} illegal\n",
             table.name(), found.legal_taken, found.legal, found.illegal_taken, found.illegal);
  for (const std::string& one : found.missed) UNSCOPED_INFO(one);
  CHECK(found.legal_taken == found.legal);
  for (const std::string& one : found.missed) UNSCOPED_INFO(one);
  CHECK(10 * found.illegal_taken >= 9 * found.illegal);
  std::size_t pairs = 0;  // of the table itself
  for (const auto& row : table.rows())
    pairs += static_cast<std::size_t>(std::popcount(row.in.bits()));
  CHECK(found.legal == pairs);
}

}  // namespace

TEST_CASE("every legal pair of every state table is taken, and nine of ten illegal ones refused",
          "[server][tables]") {
  check(main_table(), ChannelType::main);
  check(display_table(), ChannelType::display);
  check(inputs_table(), ChannelType::inputs);
  check(cursor_table(), ChannelType::cursor);
  check(playback_table(), ChannelType::playback);
  check(record_table(), ChannelType::record);
  check(VmcChannel<ChannelType::port>::table(), ChannelType::port);
  check(VmcChannel<ChannelType::webdav>::table(), ChannelType::webdav);
  check(VmcChannel<ChannelType::usbredir>::table(), ChannelType::usbredir);
}

}  // namespace spicebench::server
