// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recorder/digest.hpp"

#include <catch2/catch.hpp>

#include "recorder/store/writer.hpp"
#include "tests/recorder/support.hpp"

using namespace spicebench;
using namespace spicebench::recorder;
using namespace spicebench::test;

namespace {

struct Shape {
  std::int64_t delay = 0;     // ns, of everything
  bool cursor_first = false;  // order of the connections in the file
  std::byte last{1};          // the last byte of the last display message
  std::string guest = "000102030405060708090a0b0c0d0e0f";
  std::uint32_t screen = 1;  // hash of the picture
  std::byte ticket{7};
};

Digest digest_with(const Shape& shape) {
  const Scratch scratch;
  const auto path = scratch / "a.spicerec";
  Writer writer = value(Writer::create(path));
  const auto at = [&](std::int64_t ns) { return instant(ns + shape.delay); };
  const auto connect = [&](wire::ChannelType channel) {
    ConnectionRow row;
    row.opened = at(10);
    row.transport = Transport::spice;
    row.channel = channel;
    row.header_bytes = 6;
    return writer.put_connection(row);
  };
  ConnectionId cursor = 0;
  if (shape.cursor_first) cursor = connect(wire::ChannelType::cursor);
  const ConnectionId display = connect(wire::ChannelType::display);
  const ConnectionId second = connect(wire::ChannelType::display);
  if (!shape.cursor_first) cursor = connect(wire::ChannelType::cursor);
  ConnectionRow device;
  device.kind = LinkKind::value;
  device.address = "device";
  device.channel = wire::ChannelType::device;
  const ConnectionId device_link = writer.put_connection(device);
  writer.add_stream_bytes(
      {display, Side::client, 0, StreamBytesKind::ticket, at(11), Bytes(128, shape.ticket)});
  writer.add_message({.sent = at(20), .connection = cursor, .by = Side::server, .type = 101}, {});
  Bytes body(600, std::byte{1});
  body.back() = shape.last;
  writer.add_message({.sent = at(30), .connection = display, .by = Side::server, .type = 304},
                     body);
  writer.add_message({.sent = at(31), .connection = second, .by = Side::client, .type = 101}, {});
  writer.add_message({.sent = at(32), .connection = device_link, .type = 5}, {});
  writer.set_meta(meta::guest_digest, shape.guest);
  writer.add_screen({at(40), 0, 0, 0, 640, 480, {0, shape.screen}});
  value(writer.finish());
  return value(digest_of(value(Reader::open(path))));
}

// The layers in which two digests differ.
std::vector<std::string> differing(const Digest& a, const Digest& b) {
  std::vector<std::string> layers;
  REQUIRE(a.lines.size() == b.lines.size());
  for (std::size_t i = 0; i < a.lines.size(); ++i)
    if (a.lines[i] != b.lines[i]) layers.push_back(a.lines[i].layer);
  CHECK((a.total == b.total) == layers.empty());
  return layers;
}

using Layers = std::vector<std::string>;

}  // namespace

TEST_CASE("a digest has one line for each layer, in the order of the channels",
          "[recorder][digest]") {
  Layers layers;
  for (const auto& line : digest_with({}).lines) layers.push_back(line.layer);
  CHECK(layers == Layers{"guest", "device", "wire display/0", "wire display/0#2", "wire cursor/0",
                         "screens"});
  CHECK(digest_with({}).text().starts_with("guest 000102030405060708090a0b0c0d0e0f\ndevice "));
}

TEST_CASE("times, tickets and the order in the file are in no digest", "[recorder][digest]") {
  CHECK(differing(digest_with({}), digest_with({})).empty());
  CHECK(differing(digest_with({}), digest_with({.delay = 12345})).empty());
  CHECK(differing(digest_with({}), digest_with({.cursor_first = true})).empty());
  CHECK(differing(digest_with({}), digest_with({.ticket = std::byte{8}})).empty());
}

TEST_CASE("a difference is seen in its own layer alone", "[recorder][digest]") {
  CHECK(differing(digest_with({}), digest_with({.last = std::byte{2}})) ==
        Layers{"wire display/0"});
  CHECK(differing(digest_with({}), digest_with({.screen = 2})) == Layers{"screens"});
  CHECK(differing(digest_with({}), digest_with({.guest = std::string(32, 'f')})) ==
        Layers{"guest"});
}

TEST_CASE("a guest digest that is none is an error", "[recorder][digest]") {
  const Scratch scratch;
  Writer writer = value(Writer::create(scratch / "a.spicerec"));
  writer.set_meta(meta::guest_digest, "rather not");
  value(writer.finish());
  CHECK_FALSE(digest_of(value(Reader::open(scratch / "a.spicerec"))).has_value());
}
