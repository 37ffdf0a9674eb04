// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>

#include "core/wire/cursor_channel.hpp"
#include "core/wire/display_channel.hpp"
#include "core/wire/inputs_channel.hpp"
#include "core/wire/link.hpp"
#include "core/wire/main_channel.hpp"
#include "core/wire/tables.hpp"
#include "core/wire/validate.hpp"
#include "tests/core/wire_support.hpp"

// The limits of protocol.md §10, one by one: what decode refuses, where, and why; then what only
// validate reports, since it is for the consumer of the value to decide.
using namespace spicebench;
using namespace spicebench::wire;

namespace {

template <wire::Message T>
std::string refusal(const Bytes& body) {
  const auto decoded = decode<T>(SharedBytes(body));
  return decoded ? "accepted" : decoded.error().text();
}
template <wire::Message T>
std::string refusal(const T& message) {
  Bytes body;
  encode(message, body);
  return refusal<T>(body);
}
template <wire::Message T>
std::vector<std::string> findings(const T& message) {
  std::vector<std::string> texts;
  for (const Error& error : validate(AnyMessage::of(message)))
    texts.push_back(error.path + ": " + error.detail);
  return texts;
}
using Findings = std::vector<std::string>;

display::DrawCopy copy_of(display::Image image) {
  image.width = std::max(image.width, 1u), image.height = std::max(image.height, 1u);
  return {.base = {}, .src_bitmap = std::move(image), .src_area = {0, 0, 1, 1}, .mask = {}};
}
display::Image bitmap_of(display::Bitmap bitmap) {
  display::Image image;
  image.width = bitmap.x, image.height = bitmap.y;
  image.payload = std::move(bitmap);
  return image;
}

}  // namespace

TEST_CASE("a channels list has at most 256 entries", "[core][wire][bounds]") {
  main_channel::ChannelsList list;
  list.channels.resize(256);
  CHECK(refusal(list) == "accepted");
  list.channels.resize(257);
  CHECK(refusal(list) == "num_of_channels: out of range at byte 0: 257, allowed 0 to 256");
}

TEST_CASE("a count beyond the body is refused before anything is allocated",
          "[core][wire][bounds]") {
  CHECK(refusal<main_channel::ChannelsList>(hex("04000000 0102 03")) ==
        "channels: truncated at byte 4: 4 items of at least 2 bytes, 3 bytes left");
  CHECK(refusal<display::InvalList>(hex("ffff 01")) ==
        "resources: truncated at byte 2: 65535 items of at least 9 bytes, 1 bytes left");
  CHECK(refusal<common::Notify>(hex("0000000000000000 00000000 00000000 00000000 ffffffff")) ==
        "message: truncated at byte 24: 4294967295 bytes needed, 0 left");
  CHECK(refusal<display::CopyBits>(hex("00000000 00000000 00000000 00000000 00000000"
                                       "01 ffffffff")) ==
        "base.clip.rects: truncated at byte 25: 4294967295 items of at least 16 bytes, 0 bytes "
        "left");
}

TEST_CASE("a migration's host is given and ends in NUL", "[core][wire][bounds]") {
  const Bytes null_host = hex("0c17 0d17 00000000 00000000 00000000 00000000");
  CHECK(refusal<main_channel::MigrateBegin>(null_host) ==
        "destination.host_data: malformed at byte 8: a null pointer that must not be null");
  CHECK(refusal<main_channel::MigrateSwitchHost>(null_host) == "accepted");
  CHECK(refusal<main_channel::MigrateBegin>(
            hex("0c17 0d17 00000000 14000000 00000000 00000000 00")) ==
        "destination.host_data: out of range at byte 20: size 0, allowed 1 to 4096");
  CHECK(refusal<main_channel::MigrateBegin>(
            hex("0c17 0d17 01100000 14000000 00000000 00000000 00")) ==
        "destination.host_size: out of range at byte 4: 4097, allowed 0 to 4096");
  CHECK(refusal<main_channel::MigrateBegin>(
            hex("0c17 0d17 01000000 15000000 00000000 00000000 00")) ==
        "destination.host_data: out of range at byte 8: offset 21, the body has 21 bytes");

  main_channel::MigrateBegin begin{{.host = SharedBytes::copy_of("ab"), .cert_subject = {}}};
  CHECK(findings(begin) == Findings{"destination: port and sport are both 0"});
  begin.destination.port = 5900;
  CHECK(findings(begin) == Findings{"destination: host_data does not end in NUL"});
}

TEST_CASE("agent data has 1 to 2048 bytes, scancodes at most 2048", "[core][wire][bounds]") {
  CHECK(refusal(main_channel::AgentDataToServer{Bytes(2048)}) == "accepted");
  CHECK(refusal(main_channel::AgentDataToServer{Bytes(2049)}) ==
        "data: out of range at byte 0: size 2049, allowed 1 to 2048");
  CHECK(refusal(main_channel::AgentDataToClient{}) ==
        "data: out of range at byte 0: size 0, allowed 1 to 2048");
  CHECK(refusal(inputs::KeyScancode{Bytes(2049)}) ==
        "data: out of range at byte 0: size 2049, allowed 0 to 2048");
  CHECK(refusal(main_channel::Name{Bytes(4097)}) ==
        "name_len: out of range at byte 0: 4097, allowed 0 to 4096");
}

TEST_CASE("images have sides of 1 to 32768 pixels", "[core][wire][bounds]") {
  display::DrawCopy copy = copy_of({.type = 103, .payload = {}});
  CHECK(refusal(copy) == "accepted");
  copy.src_bitmap->width = 32769;
  CHECK(refusal(copy) == "src_bitmap.width: out of range at byte 67: 32769, allowed 1 to 32768");
  copy.src_bitmap->width = 0;
  CHECK(refusal(copy) == "src_bitmap.width: out of range at byte 67: 0, allowed 1 to 32768");
  copy.src_bitmap->width = copy.src_bitmap->height = 32768;
  CHECK(findings(copy) ==
        Findings{"src_bitmap: 32768×32768 pixels of 4 bytes are more than 2 GiB"});
}

TEST_CASE("a bitmap's stride times its height must be in the body", "[core][wire][bounds]") {
  display::DrawCopy copy =
      copy_of(bitmap_of({.x = 2, .y = 2, .stride = 8, .palette = {}, .data = Bytes(16)}));
  CHECK(refusal(copy) == "accepted");
  Bytes body;
  encode(copy, body);
  store_little_endian(&body[57 + 18 + 10], 0xffffffff, 4);  // stride
  store_little_endian(&body[57 + 18 + 6], 32768, 4);        // y
  CHECK(refusal<display::DrawCopy>(body) ==
        "src_bitmap.payload.data: truncated at byte 93: 140737488322560 bytes needed, 16 left");
}

TEST_CASE("palettes have 1 to 256 entries", "[core][wire][bounds]") {
  display::DrawCopy copy = copy_of(bitmap_of({.format = display::format_8bit,
                                              .x = 1,
                                              .y = 1,
                                              .stride = 1,
                                              .palette = display::Palette{0, {}},
                                              .data = Bytes(1)}));
  auto& entries = std::get<display::Bitmap>(copy.src_bitmap->payload).palette->entries;
  const auto text = [&](std::size_t size) {
    entries.resize(size);
    return refusal(copy);
  };
  CHECK(text(1) == "accepted");
  CHECK(text(256) == "accepted");
  CHECK(text(0) ==
        "src_bitmap.payload.palette.num_ents: out of range at byte 102: 0, allowed 1 to 256");
  CHECK(text(257) ==
        "src_bitmap.payload.palette.num_ents: out of range at byte 102: 257, allowed 1 to 256");
}

TEST_CASE("pointers lie inside the body", "[core][wire][bounds]") {
  Bytes body;
  encode(copy_of({.type = 103, .payload = {}}), body);
  store_little_endian(&body[21], body.size(), 4);
  CHECK(refusal<display::DrawCopy>(body) ==
        "src_bitmap: out of range at byte 21: offset 75, the body has 75 bytes");
  store_little_endian(&body[21], body.size() - 3, 4);
  CHECK(refusal<display::DrawCopy>(body) ==
        "src_bitmap.id: truncated at byte 72: 8 bytes needed, 3 left");
}

TEST_CASE("surfaces, monitors and caches keep to their limits", "[core][wire][bounds]") {
  CHECK(refusal(display::SurfaceCreate{1024, 1, 1, 32, 0}) ==
        "surface_id: out of range at byte 0: 1024, allowed 0 to 1023");
  CHECK(refusal(display::SurfaceCreate{0, 0, 1, 32, 0}) ==
        "width: out of range at byte 4: 0, allowed 1 to 32768");
  CHECK(findings(display::SurfaceCreate{0, 1, 1, 33, 0}) == Findings{"format: unknown value 33"});
  display::MonitorsConfig monitors;
  monitors.heads.resize(257);
  CHECK(refusal(monitors) == "count: out of range at byte 0: 257, allowed 0 to 256");
  CHECK(refusal(display::Init{1, 1, 1, -1}) ==
        "glz_dictionary_window_size: out of range at byte 10: -1, allowed 0 to 33554432");
  CHECK(findings(display::Init{1, 0, 1, 0}) ==
        Findings{"pixmap_cache_size: 0, allowed 1 to 1099511627776"});
}

TEST_CASE("cursors have sides of 1 to 1024 and the data of their type", "[core][wire][bounds]") {
  cursor::Set set;
  set.cursor = {.flags = 0, .header = cursor::CursorHeader{1, 0, 1025, 1, 0, 0}, .data = {}};
  CHECK(refusal(set) == "cursor.header.width: out of range at byte 16: 1025, allowed 1 to 1024");
  set.cursor.header = cursor::CursorHeader{1, 0, 4, 4, 4, 0};
  CHECK(refusal(set) == "accepted");
  CHECK(findings(set) == Findings{"cursor: the hot spot is outside the shape"});
  set.cursor.header->hot_spot_x = 3;
  CHECK(findings(set) == Findings{"cursor: 0 bytes of data, at least 64"});
}

TEST_CASE("validate names what only the consumer of a value cares about", "[core][wire][bounds]") {
  display::DrawFill fill{.base = {}, .brush = {}, .mask = {}};
  CHECK(findings(fill).empty());
  fill.rop_descriptor = display::ropd_put | display::ropd_or;
  CHECK(findings(fill) == Findings{": rop_descriptor 0x18, exactly one operator allowed"});
  fill.rop_descriptor = display::ropd_put;
  fill.base.box = {5, 0, 4, 0};
  CHECK(findings(fill) == Findings{"base.box: right < left or bottom < top"});
  fill.base.box = {0, 0, (1 << 20) + 1, 0};
  CHECK(findings(fill) == Findings{"base.box.bottom: 1048577, allowed -1048576 to 1048576"});
  fill.base.box = {};
  fill.brush.type = 1;
  CHECK(findings(fill) == Findings{"brush.body: alternative 0 is set, the tag says 1"});

  display::DrawCopy copy = copy_of({.type = 103, .payload = {}});
  copy.src_area = {0, 0, 1, 2};
  CHECK(findings(copy) == Findings{": src_area [0, 2) × [0, 1) of an image of 1×1"});
  copy.src_bitmap.reset();
  CHECK(findings(copy) == Findings{"src_bitmap: absent, must be there", ": no source image"});

  display::Bitmap bitmap{.x = 3, .y = 1, .stride = 11, .palette = {}, .data = Bytes(11)};
  CHECK(findings(copy_of(bitmap_of(bitmap))) ==
        Findings{"src_bitmap.payload: stride 11, at least 12"});
  bitmap.stride = 12;
  CHECK(findings(copy_of(bitmap_of(bitmap))) ==
        Findings{"src_bitmap.payload.data: 11 bytes, the other fields say 12"});
  bitmap.format = display::format_4bit_be, bitmap.data = Bytes(12);
  CHECK(findings(copy_of(bitmap_of(bitmap))) == Findings{"src_bitmap.payload: no palette"});
}

TEST_CASE("masks are 1-bit images, JPEG and GLZ sizes fit", "[core][wire][bounds]") {
  display::DrawFill fill{.base = {}, .brush = {}, .mask = {}};
  fill.mask.bitmap = bitmap_of({.x = 1, .y = 1, .stride = 4, .palette = {}, .data = Bytes(4)});
  CHECK(findings(fill) == Findings{"mask: the mask is not a 1-bit image"});
  CHECK(findings(copy_of({.type = 108, .payload = display::JpegAlphaData{0, 3, Bytes(2)}})) ==
        Findings{"src_bitmap.payload: jpeg_size 3, data_size 2"});
  CHECK(findings(copy_of({.type = 107, .payload = display::ZlibGlzData{73, Bytes(2)}})) ==
        Findings{"src_bitmap.payload: glz_data_size 73, at most 72"});
}

TEST_CASE("capability words: at most 1024 each, where the offset says, inside the message",
          "[core][wire][bounds]") {
  const auto text = [](const char* counts_and_offset, std::size_t words) {
    Bytes body = hex("00000000 01 00");
    append(body, hex(counts_and_offset));
    body.resize(body.size() + 4 * words);
    link::LinkMess mess;
    const auto used = decode(link::mess_layout, &mess, SharedBytes(body), {});
    return used ? std::string("accepted") : used.error().text();
  };
  CHECK(text("01000000 01000000 12000000", 2) == "accepted");
  CHECK(text("01000000 01000000 16000000", 3) == "accepted");
  CHECK(text("00000000 00000000 00000000", 0) == "accepted");  // without words it says nothing
  CHECK(text("01000000 00000000 11000000", 2) ==
        "caps_offset: out of range at byte 14: offset 17, allowed 18 to 26");
  CHECK(text("01000000 01000000 12000000", 1) ==
        "channel_caps: truncated at byte 22: 1 items of at least 4 bytes, 0 bytes left");
  CHECK(text("01040000 00000000 12000000", 1) ==
        "num_common_caps: out of range at byte 6: 1025, allowed 0 to 1024");
}
