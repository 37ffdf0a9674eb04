// SPDX-License-Identifier: LGPL-2.1-or-later
#include <rapidcheck.h>
#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>

#include "core/wire/display_drawing.hpp"
#include "core/wire/guest_shapes.hpp"
#include "tests/core/wire_support.hpp"

using namespace spicebench;
using namespace spicebench::wire;
using namespace spicebench::wire::display;

namespace {

template <class Message>
Message made(const std::vector<std::uint64_t>& numbers) {
  ListedChoices choices(numbers);
  return *generate(info_of<Message>(), choices).template as<Message>();
}
std::string refused(const auto& result) {
  return result ? "accepted" : result.error().text();
}

}  // namespace

TEST_CASE("paths and strings are read as a guest lays them out", "[core][wire]") {
  const auto path = device::read_guest_path(
      hex("03000000 02000000  10000000 20000000  f0ffffff 00000000  0a000000 00000000 ff"));
  REQUIRE(path.has_value());
  CHECK(*path == Path{{{3, {{16, 32}, {-16, 0}}}, {10, {}}}});
  const auto string = device::read_guest_string(
      SharedBytes(hex("05000000 06000000 ffffffff fcffffff 0900 0200 aabb ccdd")), 1, 9);
  REQUIRE(string.has_value());
  CHECK(*string == String{9, {{{5, 6}, {-1, -4}, 9, 2, SharedBytes(hex("aabbccdd"))}}});
}

TEST_CASE("what is no path and no string is refused with its place", "[core][wire][bounds]") {
  CHECK(refused(device::read_guest_path(hex("03000000 02000000 10000000 20000000 f0"))) ==
        "path: malformed at byte 8: 2 points in 9 bytes");
  CHECK(refused(device::read_guest_path(hex("00010000 00000000 00"))) ==
        "path: malformed at byte 0: flags 0x100 of a segment");
  const SharedBytes glyph(hex("00000000 00000000 00000000 00000000 0100 0100 80"));
  const auto read = [&](std::uint16_t length, std::uint16_t flags) {
    return refused(device::read_guest_string(glyph, length, flags));
  };
  CHECK(read(1, string_a1) == "accepted");
  CHECK(read(2, string_a1) == "str.glyphs: malformed at byte 21: 21 bytes end in glyph 1");
  CHECK(read(0, string_a1) == "str.glyphs: malformed at byte 0: 21 bytes behind 0 glyphs");
  CHECK(read(1, string_top_down) == "str.flags: malformed at byte 0: flags 0x8: no raster");
  CHECK(read(1, 0x101) == "str.flags: malformed at byte 0: flags 0x101: no raster");
  CHECK(refused(device::read_guest_string(glyph.slice(0, 20), 1, string_a8)) ==
        "str.glyphs: malformed at byte 20: 20 bytes end in glyph 0");
}

TEST_CASE("any path and any string come back out of guest memory", "[core][wire]") {
  rc::prop("read(append(shape)) == shape", [](const std::vector<std::uint64_t>& numbers) {
    Path path = made<DrawStroke>(numbers).path;
    Bytes bytes;
    device::append_guest_path(bytes, path);
    const auto path_read = device::read_guest_path(bytes);
    RC_ASSERT(path_read.has_value());
    // A segment without points at the very end is not seen.
    if (!path.segments.empty() && path.segments.back().points.empty()) path.segments.pop_back();
    RC_ASSERT(*path_read == path);

    const String string = made<DrawText>(numbers).str;
    bytes.clear();
    device::append_guest_string(bytes, string);
    const auto string_read = device::read_guest_string(
        SharedBytes(bytes), static_cast<std::uint16_t>(string.glyphs.size()), string.flags);
    RC_ASSERT(string_read.has_value());
    RC_ASSERT(*string_read == string);
  });
}
