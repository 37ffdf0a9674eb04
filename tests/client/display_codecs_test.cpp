// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "core/base/hash.hpp"
#include "core/draw/picture_hash.hpp"
#include "tests/client/fake_server.hpp"

namespace spicebench::client {

using wire::ChannelType;

namespace {

Bytes vector_file(const std::string& name) {
  std::ifstream in(SPICEBENCH_SOURCE_DIR "/tests/vectors/" + name, std::ios::binary);
  REQUIRE(in);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const BytesView bytes = as_bytes(text);
  return {bytes.begin(), bytes.end()};
}

// A client with one display and a primary surface of 200 x 160.
struct Screen {
  FakeServer server;
  LinkId link;
  Screen() : server(ClientOptions{}) {
    server.user_arrives();
    link = server.bring_up(ChannelType::display);
    server.frames(link);
    server.say(link, 314, surface_create(0, 200, 160, 1));
  }
  std::uint32_t pixel(std::uint32_t x, std::uint32_t y, std::uint8_t channel = 0) const {
    const draw::Surface* found = server.client.screen(channel);
    REQUIRE(found);
    return static_cast<std::uint32_t>(load_little_endian(found->row(y) + std::size_t{x} * 4, 4)) &
           0xffffffu;
  }
};

// A copy of a whole compressed image to the left top corner.
Body draw_image(std::uint8_t type, int width, int height, const Bytes& data) {
  Body body;
  body.base(0, 0, 0, width, height).u32(57).rect(0, 0, width, height).u16(8).u8(0).no_mask();
  body.u64(0).u8(type).u8(0).u32(static_cast<std::uint32_t>(width));
  body.u32(static_cast<std::uint32_t>(height)).u32(data.size()).raw(data);
  return body;
}
Body stream_create(std::uint32_t id, std::uint8_t codec, std::uint32_t width, std::uint32_t height,
                   int left, int top) {
  Body body;
  body.u32(0).u32(id).u8(1).u8(codec).u64(0).u32(width).u32(height).u32(width).u32(height);
  const int right = left + static_cast<int>(width), bottom = top + static_cast<int>(height);
  return body.rect(left, top, right, bottom).u8(0);
}
Body stream_data(std::uint32_t id, const Bytes& frame) {
  Body body;
  return body.u32(id).u32(1).u32(frame.size()).raw(frame);
}

}  // namespace

TEST_CASE("a compressed image is drawn", "[client][display][codecs]") {
  constexpr std::uint8_t quic = 1, lz_rgb = 101, glz_rgb = 102;
  Screen screen;
  screen.server.say(screen.link, 304,
                    draw_image(quic, 75, 60, vector_file("quic/rgb32-photo-75x60.quic")));
  const std::uint32_t corner = screen.pixel(0, 0), last = screen.pixel(74, 59);
  CHECK(corner != 0);
  screen.server.say(screen.link, 302, draw_fill(0, 0, 0, 200, 160, 0));
  screen.server.say(screen.link, 304,
                    draw_image(lz_rgb, 75, 60, vector_file("lz/rgb32-photo-75x60.lz")));
  CHECK(screen.pixel(0, 0) == corner);
  CHECK(screen.pixel(74, 59) == last);
  screen.server.say(screen.link, 304,
                    draw_image(glz_rgb, 160, 120, vector_file("glz/seqA-00.glz")));
  CHECK_FALSE(screen.server.client.ended());
  CHECK(screen.server.client.error_count() == 0);
}

TEST_CASE("a stream of codes that makes no sense ends the session", "[client][display][codecs]") {
  Screen screen;
  screen.server.say(screen.link, 304, draw_image(1, 75, 60, Bytes(100)));
  CHECK(screen.server.client.ended());
  CHECK(screen.server.last_error().find("draw_copy") == 0);
}

TEST_CASE("an image waits for the one it refers to, on another display",
          "[client][display][codecs]") {
  constexpr std::uint8_t glz_rgb = 102;
  Screen screen;
  const LinkId second = screen.server.bring_up(ChannelType::display, 1);
  screen.server.say(second, 314, surface_create(0, 200, 160, 1));
  screen.server.say(second, 304, draw_image(glz_rgb, 90, 70, vector_file("glz/seqA-01.glz")));
  CHECK(screen.server.armed(second));
  CHECK(screen.pixel(0, 0, 1) == 0);
  screen.server.say(screen.link, 304,
                    draw_image(glz_rgb, 160, 120, vector_file("glz/seqA-00.glz")));
  CHECK_FALSE(screen.server.armed(second));
  CHECK(screen.server.client.error_count() == 0);
  CHECK(draw::picture_hash(screen.server.client.screen(1)->view()) !=
        draw::picture_hash(screen.server.client.screen(0)->view()));
}

TEST_CASE("frames of a stream are shown where it lies, until it ends",
          "[client][display][streams]") {
  constexpr std::uint8_t mjpeg = 1;
  Screen screen;
  screen.server.say(screen.link, 122, stream_create(3, mjpeg, 101, 67, 20, 10));
  const Bytes frame = vector_file("mjpeg/frame0.jpg");
  SECTION("at its destination") {
    screen.server.say(screen.link, 123, stream_data(3, frame));
    CHECK(screen.pixel(19, 10) == 0);
    CHECK(screen.pixel(60, 40) != 0);
    CHECK(screen.pixel(121, 76) == 0);
  }
  SECTION("only within its clip") {
    screen.server.say(screen.link, 124, Body().u32(3).u8(1).u32(1).rect(20, 10, 40, 77));
    screen.server.say(screen.link, 123, stream_data(3, frame));
    CHECK(screen.pixel(39, 40) != 0);
    CHECK(screen.pixel(40, 40) == 0);
  }
  SECTION("where a sized frame says") {
    screen.server.say(
        screen.link, 316,
        Body().u32(3).u32(1).u32(101).u32(67).rect(0, 0, 101, 67).u32(frame.size()).raw(frame));
    CHECK(screen.pixel(2, 40) != 0);
    CHECK(screen.pixel(110, 40) == 0);
  }
  SECTION("what is broken is noted, and the stream goes on") {
    screen.server.say(screen.link, 123, stream_data(3, Bytes(50)));
    CHECK(screen.server.client.error_count() == 1);
    screen.server.say(screen.link, 123, stream_data(3, frame));
    CHECK(screen.pixel(60, 40) != 0);
  }
  SECTION("no longer than it lives") {
    if (GENERATE(true, false))
      screen.server.say(screen.link, 125, Body().u32(3));
    else
      screen.server.say(screen.link, 126);
    screen.server.say(screen.link, 123, stream_data(3, frame));
    CHECK(screen.pixel(60, 40) == 0);
    CHECK(screen.server.client.error_count() == 1);
  }
  CHECK_FALSE(screen.server.client.ended());
}

TEST_CASE("streams that must not be are errors", "[client][display][streams]") {
  Screen screen;
  Body body = stream_create(3, 1, 16, 16, 0, 0);
  const int kind = GENERATE(0, 1, 2);
  if (kind == 0) store_little_endian(body.bytes.data(), 7, 4);       // no such surface
  if (kind == 1) store_little_endian(body.bytes.data() + 4, 64, 4);  // an id too many
  if (kind == 2) body.bytes[9] = std::byte{77};                      // no such codec
  screen.server.say(screen.link, 122, body);
  CHECK(screen.server.client.ended());
}

}  // namespace spicebench::client
