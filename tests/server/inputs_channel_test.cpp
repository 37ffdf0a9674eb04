// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/channels/inputs_channel.hpp"

#include "tests/server/bench.hpp"

namespace spicebench::server {
namespace {

using namespace wire::inputs;
namespace device = wire::device;
using wire::ChannelType;
using Types = std::vector<std::uint16_t>;

struct Setup {
  Setup() { bench.connect_device(); }
  Bench bench{{.net_test_bytes = {}}};
  FakeSession session{bench};
  FakeChannel inputs{bench, ChannelType::inputs, session.id};

  // All scancode bytes that the device got, in order.
  std::vector<int> keys() {
    std::vector<int> bytes;
    for (const auto& key : bench.device_heard<device::Key>())
      for (const std::byte byte : key.scancodes.view()) bytes.push_back(std::to_integer<int>(byte));
    bench.to_device.clear();
    return bytes;
  }
};
using Codes = std::vector<int>;

}  // namespace

TEST_CASE("the inputs channel begins with the LEDs, and main hears that it is insecure",
          "[server][inputs]") {
  Setup s;
  CHECK(s.inputs.take().front().as<Init>().keyboard_modifiers == 0);
  const auto said = s.session.main.take();
  REQUIRE(said.size() == 1);
  const auto notify = said[0].as<wire::common::Notify>();
  CHECK(notify.severity == 1);
  CHECK(notify.visibility == 2);
  CHECK(as_text(notify.message_text) == "keyboard channel is insecure");
}

TEST_CASE("a code carries up to four scancode bytes, lowest first", "[server][inputs]") {
  Setup s;
  s.inputs.say(KeyDown{0x1e});
  s.inputs.say(KeyUp{0x9e});
  s.inputs.say(KeyDown{0x1de0});
  s.inputs.say(KeyUp{0x9de0});
  s.inputs.say(KeyDown{0x0400'0302});  // the zero byte ends it
  s.inputs.say(KeyDown{0x0403'0201});
  s.inputs.say(KeyDown{0});
  CHECK(s.keys() == Codes{0x1e, 0x9e, 0xe0, 0x1d, 0xe0, 0x9d, 2, 3, 1, 2, 3, 4});
}

TEST_CASE("KEY_SCANCODE is passed on as it is, up to 2048 bytes", "[server][inputs]") {
  Setup s;
  s.inputs.say(KeyScancode{SharedBytes(Bytes(2048, std::byte{0x9e}))});
  CHECK(s.keys().size() == 2048);
  CHECK_FALSE(s.inputs.closed());
  s.inputs.say(KeyScancode{SharedBytes(Bytes(2049, std::byte{0x9e}))});
  CHECK(s.inputs.closed());
  CHECK(s.keys().empty());
  CHECK_FALSE(s.session.main.closed());
}

TEST_CASE("keys that are down are let go when the channel ends: plain ones first",
          "[server][inputs]") {
  Setup s;
  s.inputs.say(KeyDown{0x1de0});
  s.inputs.say(KeyDown{0x2a});
  s.inputs.say(KeyDown{0x1e});
  s.inputs.say(KeyUp{0x9e});
  s.inputs.say(KeyScancode{SharedBytes::copy_of(std::string_view("\xe1\x1d\x45"))});
  s.keys();
  s.bench.hang_up(s.inputs.link);
  CHECK(s.keys() == Codes{0xaa, 0xe0, 0x9d});
  CHECK(s.bench.server.describe()["keys_down"] == 0);
}

TEST_CASE("wanted lock states are typed for the keys that differ and are not held",
          "[server][inputs]") {
  Setup s;
  s.inputs.take();
  s.inputs.say(KeyModifiers{num_lock | caps_lock});
  CHECK(s.keys() == Codes{0x45, 0xc5, 0x3a, 0xba});
  s.inputs.say(KeyModifiers{num_lock | caps_lock});
  CHECK(s.keys().empty());
  s.inputs.say(KeyDown{0x46});  // scroll lock goes on and is held
  s.keys();
  s.inputs.say(KeyModifiers{0});
  CHECK(s.keys() == Codes{0x45, 0xc5, 0x3a, 0xba});
  CHECK(s.inputs.take().empty());
  s.bench.pass(std::chrono::seconds(2));  // clients are told the book after a while
  CHECK(s.inputs.take().front().as<KeyModifiersChanged>().modifiers == scroll_lock);
}

TEST_CASE("Pause is no Num Lock, and neither is any prefixed byte", "[server][inputs]") {
  Setup s;
  s.inputs.say(KeyDown{0x45e0});
  s.inputs.say(KeyDown{0x45e2});
  s.inputs.say(KeyDown{0x451d'e1});
  s.inputs.say(KeyUp{0xc59d'e1});
  CHECK(s.bench.server.describe()["locks"] == 0);
  s.inputs.say(KeyDown{0x45});
  CHECK(s.bench.server.describe()["locks"] == num_lock);
}

TEST_CASE("the guest's LEDs are the book, and clients are told", "[server][inputs]") {
  Setup s;
  s.inputs.take();
  s.bench.device_says(device::KeyboardLeds{caps_lock});
  CHECK(s.inputs.take().front().as<KeyModifiersChanged>().modifiers == caps_lock);
  s.inputs.say(KeyModifiers{caps_lock});
  CHECK(s.keys().empty());
}

TEST_CASE("one acknowledgement for every four motions or positions", "[server][inputs]") {
  Setup s;
  s.inputs.take();
  for (int i = 1; i <= 3; ++i) s.inputs.say(MouseMotion{i, -i, mask_left});
  CHECK(s.inputs.take().empty());
  s.inputs.say(MousePosition{5, 6, 0, 0});  // wrong mode: no effect, but it counts
  CHECK(s.inputs.take_types() == Types{MouseMotionAck::message.id});
  for (int i = 0; i < 7; ++i) s.inputs.say(MouseMotion{});
  CHECK(s.inputs.take_types() == Types{MouseMotionAck::message.id});
  s.inputs.say(MouseMotion{});
  CHECK(s.inputs.take_types() == Types{MouseMotionAck::message.id});
  const auto motions = s.bench.device_heard<device::MouseMotion>();
  REQUIRE(motions.size() == 11);
  CHECK(motions[2] == device::MouseMotion{3, -3, 0, mask_left});
  CHECK(s.bench.device_heard<device::MousePosition>().empty());
}

TEST_CASE("in client mode positions reach the guest and motions do not", "[server][inputs]") {
  Setup s;
  s.bench.device_says(device::PointerDevice{1});
  s.session.main.say(wire::main_channel::MouseModeRequest{2});
  s.inputs.say(MousePosition{7, 8, 0xffff, 0});
  s.inputs.say(MouseMotion{1, 1, 0});
  const auto positions = s.bench.device_heard<device::MousePosition>();
  REQUIRE(positions.size() == 1);
  CHECK(positions[0] == device::MousePosition{7, 8, 0x7f, 0});  // unknown bits mean nothing
  CHECK(s.bench.device_heard<device::MouseMotion>().empty());
}

TEST_CASE("buttons: the wheel steps at the press, unknown ones are an error", "[server][inputs]") {
  Setup s;
  s.inputs.say(MousePress{button_left, mask_left});
  s.inputs.say(MouseRelease{button_left, 0});
  s.inputs.say(MousePress{button_up, mask_up});
  s.inputs.say(MouseRelease{button_up, 0});
  s.inputs.say(MousePress{button_down, mask_down});
  const auto buttons = s.bench.device_heard<device::MouseButtons>();
  CHECK(buttons == std::vector<device::MouseButtons>{
                       {0, mask_left}, {0, 0}, {-1, mask_up}, {0, 0}, {1, mask_down}});
  s.inputs.say(MousePress{button_extra, mask_extra});
  CHECK_FALSE(s.inputs.closed());
  SECTION("button 0") {
    s.inputs.say(MousePress{0, 0});
  }
  SECTION("button 8") {
    s.inputs.say(MouseRelease{8, 0});
  }
  CHECK(s.inputs.closed());
  CHECK(s.bench.server.errors().back().error.path == "button");
}

TEST_CASE("a client that goes lets go of its own keys, not of those of others",
          "[server][inputs]") {
  Bench bench({.max_clients = 2});
  bench.connect_device();
  FakeSession one(bench), two(bench);
  FakeChannel first(bench, ChannelType::inputs, one.id), second(bench, ChannelType::inputs, two.id);
  first.say(KeyDown{0x1e});
  second.say(KeyDown{0x30});
  // Half of a sequence of the one is no prefix of the other's key.
  first.say(KeyScancode{SharedBytes(Bytes{std::byte{0xe0}})});
  second.say(KeyDown{0x1f});
  bench.hang_up(first.link);
  const auto keys = bench.device_heard<device::Key>();
  REQUIRE(keys.size() == 5);
  CHECK(keys.back() == device::Key{SharedBytes(Bytes{std::byte{0x9e}})});
  bench.hang_up(second.link);
  CHECK(bench.device_heard<device::Key>().size() == 7);
}

TEST_CASE("without a device input goes nowhere and is acknowledged all the same",
          "[server][inputs]") {
  Bench bench;
  FakeSession session(bench);
  FakeChannel inputs(bench, ChannelType::inputs, session.id);
  inputs.take();
  inputs.say(KeyDown{0x1e});
  for (int i = 0; i < 4; ++i) inputs.say(MouseMotion{1, 1, 0});
  CHECK(inputs.take_types() == Types{MouseMotionAck::message.id});
}

}  // namespace spicebench::server
