// SPDX-License-Identifier: LGPL-2.1-or-later
#include <rapidcheck/catch.h>

#include "core/image/lz4_block.hpp"
#include "core/wire/char_device_link.hpp"
#include "core/wire/port_channel.hpp"
#include "server/constants.hpp"
#include "tests/server/bench.hpp"

// Names as of the test entries P-VMC, P-PORT, H-VMC.
using namespace spicebench;
using namespace spicebench::server;
namespace device = wire::device;
namespace port = wire::port;
using wire::ChannelType;

namespace {

constexpr std::uint32_t port_device = 7;

ServerOptions no_net_test() {
  ServerOptions options;
  options.net_test_bytes = {};
  options.max_clients = 2;
  return options;
}

// A guest's port by hand, and its channel.
struct PortBench : Bench {
  explicit PortBench(std::uint32_t room = 1 << 20) : Bench(no_net_test()) {
    connect_device();
    device_says(device::CharDeviceAdd{port_device, 1, SharedBytes::copy_of("org.example.a")});
    if (room > 0) give_room(room);
  }
  void give_room(std::uint32_t bytes) { device_says(device::CharDeviceRoom{port_device, bytes}); }
  void open() { device_says(device::CharDeviceOpened{port_device, ++opening}); }
  void close() { device_says(device::CharDeviceOpened{port_device, 0}); }
  Bytes guest_heard() const {
    Bytes all;
    for (const auto& one : device_heard<device::CharDeviceInput>())
      if (one.opening == opening) append(all, one.data);
    return all;
  }
  std::uint64_t wanted() const {
    std::uint64_t all = 0;
    for (const auto& one : device_heard<device::CharDeviceWanted>()) all += one.bytes;
    return all - written;
  }
  // As much of it as the server wants now.
  std::size_t guest_says(BytesView bytes) {
    const auto part = static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), wanted()));
    if (part == 0) return 0;
    written += part;
    device_says(device::CharDeviceOutput{port_device, SharedBytes::copy_of(bytes.first(part))});
    return part;
  }
  std::uint32_t opening = 0;
  std::uint64_t written = 0;
};

// What a client got, decompressed.
struct Got {
  Bytes bytes;
  std::vector<std::uint8_t> events;
  std::size_t plain = 0, compressed = 0;
};
Got got(FakeChannel& channel) {
  Got all;
  for (const Said& one : channel.take()) {
    if (one.type == port::DataToClient::message.id) {
      append(all.bytes, one.as<port::DataToClient>().data);
      ++all.plain;
    } else if (one.type == port::CompressedDataToClient::message.id) {
      const auto data = one.as<port::CompressedDataToClient>();
      const auto bytes = image::lz4_expanded(data.compressed_data, data.uncompressed_size);
      REQUIRE(bytes.has_value());
      CHECK(data.compressed_data.size() < bytes->size());
      CHECK(bytes->size() > 1000);
      append(all.bytes, *bytes);
      ++all.compressed;
    } else if (one.type == port::PortEventToClient::message.id) {
      all.events.push_back(one.as<port::PortEventToClient>().event);
    }
  }
  return all;
}

}  // namespace

TEST_CASE("P-PORT-1: a port tells its name and whether it is open, then each change",
          "[server][port]") {
  PortBench bench;
  FakeSession session(bench);
  session.main.say(wire::main_channel::AttachChannels{});
  const auto list = session.main.take().front().as<wire::main_channel::ChannelsList>();
  CHECK(list.channels.back() == wire::main_channel::ChannelId{10, 0});
  FakeChannel channel(bench, ChannelType::port, session.id);
  const auto first = channel.take();
  REQUIRE(first.size() == 1);
  CHECK(as_text(first[0].as<port::PortInit>().name) == std::string_view("org.example.a\0", 14));
  CHECK(first[0].as<port::PortInit>().opened == 0);
  bench.open();
  bench.close();
  bench.open();
  CHECK(got(channel).events == std::vector<std::uint8_t>{0, 1, 0});
}

TEST_CASE("a port that comes later is told to the client that has its list", "[server][port]") {
  PortBench bench;
  FakeSession session(bench);
  session.main.say(wire::main_channel::AttachChannels{});
  session.main.take();
  bench.device_says(device::CharDeviceAdd{8, 1, SharedBytes::copy_of("org.spice-space.webdav.0")});
  const auto said = session.main.take();
  REQUIRE(said.size() == 1);
  CHECK(said[0].as<wire::main_channel::ChannelsList>().channels ==
        std::vector<wire::main_channel::ChannelId>{{11, 0}});
  FakeChannel webdav(bench, ChannelType::webdav, session.id);
  CHECK(webdav.take_types() == std::vector<std::uint16_t>{201});
  FakeSession second(bench);  // ports are for the first
  second.main.say(wire::main_channel::AttachChannels{});
  CHECK(second.main.take().front().as<wire::main_channel::ChannelsList>().channels.size() == 3);
}

TEST_CASE(
    "P-VMC-1, 6: both directions arrive unchanged, compressed where both can and it is worth it",
    "[server][port]") {
  rc::prop("any sizes, pieces, room and mixture", [] {
    PortBench bench(*rc::gen::inRange<std::uint32_t>(0, 3000));
    bench.segment = *rc::gen::inRange<std::size_t>(0, 400);
    const bool can = *rc::gen::arbitrary<bool>();
    bench.open();
    FakeSession session(bench);
    FakeChannel channel(bench, ChannelType::port, session.id, true,
                        std::vector<std::uint32_t>{can ? 1u : 0u});
    got(channel);
    Bytes to_guest, to_client, heard;
    const int turns = *rc::gen::inRange(1, 12);
    for (int turn = 0; turn < turns; ++turn) {
      const auto size = *rc::gen::inRange<std::size_t>(1, 5000);
      Bytes bytes(size);
      for (std::size_t i = 0; i < size; ++i)
        bytes[i] = static_cast<std::byte>(turn * 31 + (turn % 2 == 0 ? 0 : i * 7 + i * i % 251));
      append(to_guest, bytes);
      const auto smaller = image::lz4_compressed(bytes);
      if (smaller && *rc::gen::arbitrary<bool>())
        channel.say(port::CompressedDataToServer{
            .uncompressed_size = static_cast<std::uint32_t>(size), .compressed_data = *smaller});
      else
        channel.say(port::DataToServer{bytes});
      append(to_client, bytes);
      for (std::size_t at = 0; at < size;) at += bench.guest_says(BytesView(bytes).subspan(at));
      const Got now = got(channel);
      append(heard, now.bytes);
      RC_ASSERT(can || now.compressed == 0u);
      bench.give_room(*rc::gen::inRange<std::uint32_t>(0, 4000));
    }
    bench.give_room(1 << 20);
    RC_ASSERT(bench.guest_heard() == to_guest);
    RC_ASSERT(heard == to_client);
    RC_ASSERT(bench.server.errors().empty());
  });
}

TEST_CASE("P-VMC-2, 3, H-VMC-4: beyond 128 writes the client is not read; it is again once they go",
          "[server][port]") {
  PortBench bench(0);
  bench.open();
  FakeSession session(bench);
  FakeChannel channel(bench, ChannelType::port, session.id);
  const Bytes bytes(100, std::byte{5});
  const auto before = bench.taken(channel.link);
  std::size_t sent = 0;
  for (int i = 0; i < 300; ++i) {
    channel.say(port::DataToServer{bytes});
    sent += bytes.size() + 6;
  }
  CHECK(bench.taken(channel.link) - before == (vmc_write_tokens - 1) * (bytes.size() + 6));
  bench.pass(std::chrono::hours(1));
  CHECK_FALSE(channel.closed());
  bench.give_room(1000);
  CHECK(bench.guest_heard().size() == 1000);
  bench.give_room(1 << 20);
  CHECK(bench.guest_heard().size() == 300 * bytes.size());
  CHECK(bench.taken(channel.link) - before == sent);
}

TEST_CASE("H-VMC-3: a guest that floods a client that does not read is held to a megabyte",
          "[server][port]") {
  PortBench bench;
  bench.open();
  FakeSession session(bench);
  bench.credit = 4096;
  FakeChannel channel(bench, ChannelType::port, session.id, true, std::vector<std::uint32_t>{0});
  std::size_t said = 0;
  for (int i = 0; i < 1000; ++i) said += bench.guest_says(Bytes(1 << 16, std::byte{1}));
  CHECK(said <= vmc_queue_bytes + 3 * vmc_read_window);
  CHECK(said >= vmc_queue_bytes);
  bench.grant_all(1 << 24);
  CHECK(bench.guest_says(Bytes(100)) == 100);
  CHECK(got(channel).bytes.size() == said + 100);
}

TEST_CASE("P-VMC-4, 5: what a client that leaves has said still goes; the next one starts clean",
          "[server][port]") {
  PortBench bench(5);
  bench.open();
  FakeSession session(bench);
  {
    FakeChannel first(bench, ChannelType::port, session.id);
    first.say(port::DataToServer{SharedBytes::copy_of("first")});
    first.say(port::DataToServer{SharedBytes::copy_of(" words")});
    bench.hang_up(first.link);
  }
  bench.guest_says(as_bytes("too late"));
  bench.give_room(100);
  FakeChannel second(bench, ChannelType::port, session.id);
  second.say(port::DataToServer{SharedBytes::copy_of(", second")});
  CHECK(as_text(bench.guest_heard()) == "first words, second");
  CHECK(got(second).bytes.empty());
  std::vector<int> attached;
  for (const auto& one : bench.device_heard<device::CharDeviceAttached>())
    attached.push_back(one.attached);
  CHECK(attached == std::vector<int>{1, 0, 1});
}

TEST_CASE("P-VMC-7: one client at a time", "[server][port]") {
  PortBench bench;
  bench.open();
  FakeSession first(bench), second(bench);
  FakeChannel has(bench, ChannelType::port, first.id);
  FakeChannel wants(bench, ChannelType::port, second.id);
  CHECK(wants.closed());
  has.say(port::DataToServer{SharedBytes::copy_of("mine")});
  CHECK(as_text(bench.guest_heard()) == "mine");
  CHECK_FALSE(has.closed());
}

TEST_CASE("H-VMC-1, 2: empty data and a client's OPENED mean nothing; wrong compression ends it",
          "[server][port]") {
  const auto ends = [](const auto& say) {
    PortBench bench;
    bench.open();
    FakeSession session(bench);
    FakeChannel channel(bench, ChannelType::port, session.id);
    say(channel);
    CHECK_FALSE(session.main.closed());
    CHECK(bench.guest_heard().empty());
    return channel.closed();
  };
  const Bytes good = *image::lz4_compressed(Bytes(2000));
  const auto compressed = [&](std::uint8_t type, std::uint32_t size, Bytes bytes) {
    return ends([&](FakeChannel& channel) {
      channel.say(port::CompressedDataToServer{type, size, std::move(bytes)});
    });
  };
  CHECK_FALSE(ends([](FakeChannel& channel) { channel.say(port::DataToServer{}); }));
  CHECK_FALSE(ends([](FakeChannel& channel) { channel.say(port::PortEventToServer{0}); }));
  CHECK_FALSE(ends([](FakeChannel& channel) { channel.say(port::PortEventToServer{1}); }));
  CHECK(compressed(0, 0, good));
  CHECK(compressed(2, 2000, good));
  CHECK(compressed(255, 2000, good));
  CHECK(compressed(1, 1999, good));
  CHECK(compressed(1, 2001, good));
  CHECK(compressed(1, 0xffff'ffff, good));
  CHECK(compressed(1, 0, good));
  Bytes trailing = good;
  trailing.push_back(std::byte{9});
  CHECK(compressed(1, 2000, trailing));
}

TEST_CASE("a break goes to the guest; USB redirection has no name and no events",
          "[server][port]") {
  PortBench bench;
  bench.device_says(device::CharDeviceAdd{9, 2, {}});
  bench.open();
  FakeSession session(bench);
  FakeChannel channel(bench, ChannelType::port, session.id);
  channel.say(port::PortEventToServer{2});
  REQUIRE(bench.device_heard<device::CharDeviceEvent>().size() == 1);
  FakeChannel usb(bench, ChannelType::usbredir, session.id);
  CHECK(usb.result() == 0);
  CHECK(usb.take().empty());
  usb.say(port::PortEventToServer{2});
  CHECK(usb.closed());
}

TEST_CASE("a machine that is stopped freezes both directions and loses nothing", "[server][port]") {
  PortBench bench;
  bench.open();
  FakeSession session(bench);
  FakeChannel channel(bench, ChannelType::port, session.id);
  got(channel);
  bench.device_says(device::Stop{});
  channel.say(port::DataToServer{SharedBytes::copy_of("in")});
  bench.guest_says(as_bytes("out"));
  CHECK(bench.guest_heard().empty());
  CHECK(got(channel).bytes.empty());
  bench.device_says(device::Start{});
  CHECK(as_text(bench.guest_heard()) == "in");
  CHECK(as_text(got(channel).bytes) == "out");
}
