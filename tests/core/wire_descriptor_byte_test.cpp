// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>

#include "core/wire/display_channel.hpp"
#include "core/wire/frame.hpp"
#include "core/wire/framer.hpp"
#include "tests/core/wire_support.hpp"

// The byte behind gl_scanout_unix that carries a file descriptor.
using namespace spicebench;
using namespace spicebench::wire;

namespace {

constexpr std::uint32_t fourcc = 0x34325258;  // "XR24"

// A display channel that is up, and what the server sends on it.
class DisplayStream {
 public:
  explicit DisplayStream(bool mini_header) : mini_header_(mini_header) {
    const std::vector<std::uint32_t> caps{mini_header ? 9u : 1u};
    link::LinkMess mess;
    mess.channel_type = static_cast<std::uint8_t>(ChannelType::display);
    mess.common_caps = caps;
    link::LinkReply reply;
    reply.common_caps = caps;
    Bytes client = link::unit_of(mess), server = link::unit_of(reply);
    append_little_endian(client, link::auth_spice, 4);
    client.resize(client.size() + link::ticket_bytes);
    append_little_endian(server, 0, 4);
    framer_.feed(Side::client, client);
    framer_.feed(Side::server, server);
    while (!framer_.link().up())
      for (const Side side : {Side::client, Side::server}) (void)framer_.next(side);
  }
  template <Message T>
  DisplayStream& says(const T& message) {
    append(bytes_, frame_of(message, mini_header_, ++serial_));
    return *this;
  }
  DisplayStream& byte(std::uint8_t value) {
    bytes_.push_back(static_cast<std::byte>(value));
    return *this;
  }
  DisplayStream& from_serial(std::uint64_t serial) {
    serial_ = serial;
    return *this;
  }
  // "320@21" for a message and its descriptor, in pieces of this many bytes.
  std::string units(std::size_t piece) {
    std::string text;
    BytesView rest = bytes_;
    for (;;) {
      const auto unit = framer_.next(Side::server);
      if (!unit) return text + unit.error().text();
      if (*unit) {
        if ((*unit)->kind == UnitKind::descriptor) {
          CHECK((*unit)->bytes.view().front() == std::byte{'@'});
          text += "@ ";
        } else {
          text += std::to_string((*unit)->type) + " ";
        }
        continue;
      }
      if (rest.empty()) break;
      piece = std::min(piece, rest.size());
      framer_.feed(Side::server, rest.first(piece));
      rest = rest.subspan(piece);
    }
    const std::size_t left = framer_.unframed(Side::server).size();
    return left == 0 ? text : text + std::to_string(left) + " left";
  }

 private:
  ConnectionFramer framer_;
  Bytes bytes_;
  bool mini_header_;
  std::uint64_t serial_ = 0;
};

constexpr display::GlScanoutUnix scanout{4, 4, 16, fourcc, 0}, no_scanout{};

}  // namespace

TEST_CASE("the byte of a scanout's file descriptor is no part of a message",
          "[core][wire][framer]") {
  for (const bool mini : {true, false})
    for (const std::size_t piece : {1, 2, 7, 1000}) {
      INFO((mini ? "mini" : "full") << " header, pieces of " << piece);
      const auto stream = [&] { return DisplayStream(mini); };
      CHECK(stream().says(scanout).byte('@').says(display::GlDraw{}).units(piece) == "320 @ 321 ");
      CHECK(stream().says(scanout).byte('@').says(scanout).byte('@').units(piece) ==
            "320 @ 320 @ ");
      // Without a scanout only spice-server sends the byte.
      CHECK(stream().says(no_scanout).says(display::GlDraw{}).units(piece) == "320 321 ");
      CHECK(stream().says(no_scanout).byte('@').says(display::GlDraw{}).units(piece) ==
            "320 @ 321 ");
      CHECK(stream().says(no_scanout).says(scanout).byte('@').units(piece) == "320 320 @ ");
      CHECK(stream().says(no_scanout).byte('@').says(no_scanout).byte('@').byte(2).units(piece) ==
            "320 @ 320 @ 1 left");
      // A mini header could begin like this; a full one has a serial.
      CHECK(stream().says(no_scanout).byte('@').units(piece) == (mini ? "320 1 left" : "320 @ "));
    }
}

TEST_CASE("a full header that begins with the descriptor's byte is a header",
          "[core][wire][framer]") {
  for (const std::size_t piece : {1, 1000}) {
    DisplayStream stream(false);
    stream.from_serial('@' - 2).says(no_scanout).says(no_scanout).byte('@').says(display::Mark{});
    CHECK(stream.units(piece) == "320 320 @ 102 ");
  }
}

TEST_CASE("a scanout without its descriptor's byte is an error", "[core][wire][framer]") {
  CHECK(DisplayStream(true)
            .says(scanout)
            .says(display::Mark{})
            .units(1000)
            .starts_with("320 descriptor: malformed at byte 2"));
}
