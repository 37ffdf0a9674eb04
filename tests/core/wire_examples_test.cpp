// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>

#include "core/wire/cursor_channel.hpp"
#include "core/wire/display_channel.hpp"
#include "core/wire/link.hpp"
#include "core/wire/main_channel.hpp"
#include "tests/core/wire_support.hpp"

// The byte-exact examples of protocol.md, appendix H: each decodes to the values it stands for and
// is written again with the same bytes.
using namespace spicebench;

namespace {

template <wire::Message T>
T read(const Bytes& body) {
  const auto message = wire::decode<T>(SharedBytes(body));
  if (!message) FAIL(message.error().text());
  Bytes again;
  wire::encode(*message, again);
  CHECK(again == body);
  return *message;
}

}  // namespace

TEST_CASE("H.1: the link message of a new session", "[core][wire]") {
  const wire::link::LinkMess mess{.common_caps = {0b1001}, .channel_caps = {0b1111}};
  wire::link::LinkMess main = mess;
  main.channel_type = 1;
  CHECK(unit_of(main) == hex("52 45 44 51  02 00 00 00  02 00 00 00  1a 00 00 00"
                             "00 00 00 00  01  00  01 00 00 00  01 00 00 00  12 00 00 00"
                             "09 00 00 00  0f 00 00 00"));
}

TEST_CASE("H.3: display init", "[core][wire]") {
  const auto init = read<wire::display::Init>(hex("01  00 00 40 01 00 00 00 00  01  00 00 40 00"));
  CHECK(init == wire::display::Init{1, 20971520, 1, 4194304});
}

TEST_CASE("H.4: a solid fill", "[core][wire]") {
  const auto fill = read<wire::display::DrawFill>(
      hex("00 00 00 00  0a 00 00 00  14 00 00 00  6e 00 00 00  dc 00 00 00  00"
          "01  99 66 33 00  08 00  00  00 00 00 00  00 00 00 00  00 00 00 00"));
  CHECK(fill.base.box == wire::display::Rect{10, 20, 110, 220});
  CHECK(std::get<wire::display::SolidBrush>(fill.brush.body).color == 0x336699);
  CHECK(fill.rop_descriptor == wire::display::ropd_put);
  CHECK_FALSE(fill.mask.bitmap.has_value());
}

TEST_CASE("H.5: a copy of a cached palette bitmap with one clip rectangle", "[core][wire]") {
  const auto copy = read<wire::display::DrawCopy>(
      hex("00 00 00 00  00 00 00 00  00 00 00 00  02 00 00 00  02 00 00 00"
          "01  01 00 00 00  00 00 00 00  00 00 00 00  01 00 00 00  02 00 00 00"
          "4d 00 00 00  00 00 00 00  00 00 00 00  02 00 00 00  02 00 00 00  08 00  00"
          "00  00 00 00 00  00 00 00 00  00 00 00 00"
          "88 77 66 55 44 33 22 11  00  01  02 00 00 00  02 00 00 00"
          "05  05  02 00 00 00  02 00 00 00  02 00 00 00  75 00 00 00  00 01 01 00"
          "07 00 00 00 00 00 00 00  02 00  00 00 ff 00  ff 00 00 00"));
  CHECK(copy.base.clip.rects == std::vector{wire::display::Rect{0, 0, 1, 2}});
  REQUIRE(copy.src_bitmap.has_value());
  CHECK(copy.src_bitmap->id == 0x1122334455667788);
  CHECK(copy.src_bitmap->flags == wire::display::cache_me);
  const auto& bitmap = std::get<wire::display::Bitmap>(copy.src_bitmap->payload);
  REQUIRE(bitmap.palette.has_value());
  CHECK(bitmap.palette->unique == 7);
  CHECK(bitmap.palette->entries == std::vector<std::uint32_t>{0xff0000, 0x0000ff});
  CHECK(bitmap.data == SharedBytes(hex("00 01 01 00")));
}

TEST_CASE("H.7: a monochrome cursor", "[core][wire]") {
  const auto set = read<wire::cursor::Set>(
      hex("64 00 fb ff  01  02 00  ef cd ab 00 00 00 00 00  01  08 00  02 00  01 00  01 00"
          "ff 81 00 7e"));
  CHECK(set.position.x == 100);
  CHECK(set.position.y == -5);
  REQUIRE(set.cursor.header.has_value());
  CHECK(*set.cursor.header == wire::cursor::CursorHeader{0xabcdef, 1, 8, 2, 1, 1});
  CHECK(set.cursor.data == SharedBytes(hex("ff 81 00 7e")));
}

TEST_CASE("H.8: the beginning of a seamless migration", "[core][wire]") {
  const auto begin = read<wire::main_channel::MigrateBeginSeamless>(
      hex("0c 17  0d 17  09 00 00 00  18 00 00 00  00 00 00 00  00 00 00 00  01 00 00 00"
          "31 30 2e 30 2e 30 2e 32 00"));
  CHECK(begin.destination.port == 5900);
  CHECK(begin.destination.sport == 5901);
  REQUIRE(begin.destination.host.has_value());
  CHECK(as_text(*begin.destination.host) == std::string_view("10.0.0.2\0", 9));
  CHECK_FALSE(begin.destination.cert_subject.has_value());
  CHECK(begin.src_mig_version == 1);
}

TEST_CASE("palettes stand behind the images of all fields, as spice-server writes them",
          "[core][wire]") {
  using namespace wire::display;
  DrawCopy copy{.base = {}, .src_bitmap = Image{}, .src_area = {0, 0, 1, 1}, .mask = {}};
  copy.src_bitmap->width = copy.src_bitmap->height = 1;
  copy.src_bitmap->payload = Bitmap{.format = format_8bit,
                                    .x = 1,
                                    .y = 1,
                                    .stride = 1,
                                    .palette = Palette{1, {0xffffff}},
                                    .data = hex("00")};
  copy.mask.bitmap = Image{.type = 103, .width = 1, .height = 1, .payload = {}};
  Bytes body;
  wire::encode(copy, body);
  const std::size_t image = 57, bitmap = image + 18;
  CHECK(load_little_endian(&body[21], 4) == image);
  CHECK(load_little_endian(&body[53], 4) == bitmap + 19);  // the mask: right behind it
  CHECK(load_little_endian(&body[bitmap + 14], 4) == bitmap + 19 + 18);  // the palette: last
}
