// SPDX-License-Identifier: LGPL-2.1-or-later
#include "recorder/import/qxl_recording.hpp"

#include <rapidcheck.h>
#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>
#include <map>

#include "tests/recorder/support.hpp"

using namespace spicebench;
using namespace spicebench::recorder;
using namespace spicebench::test;
using namespace spicebench::wire::display;
using wire::device::DrawType;
namespace device = wire::device;
namespace cursor = wire::cursor;

namespace {

SharedBytes text(std::string_view content) {
  return SharedBytes::copy_of(content);
}
Result<QxlRecording> read(std::string_view content) {
  return read_qxl_recording(text(content));
}
std::string refused(std::string_view events) {
  const auto recording = read("SPICE_REPLAY 1\n" + std::string(events));
  return recording ? "accepted" : recording.error().text();
}

std::string run(std::string_view name, const std::string& bytes) {
  return "binary 0 " + std::string(name) + " " + std::to_string(bytes.size()) + ":" + bytes + "\n";
}
std::string chunk(std::string_view name, const std::string& bytes) {
  return "data_chunks 0 " + std::to_string(bytes.size()) + "\n" + run(name, bytes);
}
// A drawable up to its body.
std::string drawable(DrawType type, const std::string& clip = "type 0\n") {
  std::string out = "drawable\nrect bbox 1 -2 3 4\n" + clip +
                    "effect 1\nmm_time -1\nself_bitmap 0\nrect self_bitmap_area 0 0 0 0\n"
                    "surface_id 7\n";
  for (int i = 0; i < 3; ++i) out += "surfaces_dest -1\nrect surfaces_rects 0 0 0 0\n";
  return out + "type " + std::to_string(static_cast<int>(type)) + "\n";
}

const std::string no_mask = "flags 1\npoint 5 6\nimage 0\n";
const std::string mask =
    "flags 1\npoint 5 6\nimage 1\ndescriptor.id 18446744073709551615\ndescriptor.type 0\n"
    "descriptor.flags 3\ndescriptor.width 8\ndescriptor.height 2\nbitmap.format 2\n"
    "bitmap.flags 1\nbitmap.x 8\nbitmap.y 2\nbitmap.stride 1\nhas_palette 0\n"
    "binary 0 image_data_flat 2:A\n\n";
const std::string picture =
    "image 1\ndescriptor.id 3\ndescriptor.type 0\ndescriptor.flags 1\ndescriptor.width 2\n"
    "descriptor.height 2\nbitmap.format 5\nbitmap.flags 6\nbitmap.x 2\nbitmap.y 2\n"
    "bitmap.stride 2\nhas_palette 1\nqp.num_ents 2\nunique 9\nents 255\nents -1\n"
    "data_chunks 1 4\nbinary 0 bitmap.data 3:A\nC\nbinary 0 bitmap.data 1:D\n";
const std::string surface_image =
    "image 1\ndescriptor.id 4\ndescriptor.type 104\ndescriptor.flags 0\ndescriptor.width 2\n"
    "descriptor.height 2\nsurface_image.surface_id 5\n";
const std::string source = surface_image + "rect src_area 0 0 1 1\n";
const std::string solid = "type 1\nu.color -1\n";
const std::string copy_tail = "rop_descriptor 8\nscale_mode 1\n" + no_mask;
const std::string one_glyph("\1\0\0\0\2\0\0\0\0\0\0\0\0\0\0\0\1\0\2\0xy", 22);
const std::string one_segment("\3\0\0\0\1\0\0\0\20\0\0\0\40\0\0\0", 16);

const Bitmap mask_bitmap{
    .format = format_1bit_be, .flags = 0, .x = 8, .y = 2, .stride = 1, .data = text("A\n")};
const QMask read_mask{1, {5, 6}, Image{UINT64_MAX, 0, cache_me | high_bits_set, 8, 2, mask_bitmap}};
// It may change, so that nobody may keep it.
const Image read_picture{3,
                         0,
                         0,
                         2,
                         2,
                         Bitmap{.format = format_8bit,
                                .flags = top_down,
                                .x = 2,
                                .y = 2,
                                .stride = 2,
                                .palette = Palette{9, {255, UINT32_MAX}},
                                .data = text("A\nCD")}};
const Image read_surface{4, 104, 0, 2, 2, SurfaceReference{5}};
const Brush read_solid{1, SolidBrush{UINT32_MAX}};

// The commands of a recording and what they are read as.
struct Sample {
  std::string file = "SPICE_REPLAY 1\n";
  std::vector<device::GuestAction> actions;
  int events = 0;

  void event(int what, int type, const std::string& payload) {
    const int time = 1000 + 10 * events;
    file += "event " + std::to_string(events++) + " " + std::to_string(what) + " " +
            std::to_string(type) + " " + std::to_string(time) + "\n" + payload;
  }
  void expect(decltype(device::GuestAction::what) what) {
    // The first one of all makes the beginning.
    const int now = events - 1, first = 2;
    actions.push_back({Duration{10 * (now - first)}, std::move(what)});
  }
  template <class Draw>
  void draws(DrawType type, const std::string& body, Draw value,
             const std::string& clip = "type 0\n") {
    event(0, 1, drawable(type, clip) + body);
    value.base.surface_id = 7;
    value.base.box = {1, -2, 3, 4};
    device::Drawable out{.effect = 1, .mm_time = UINT32_MAX};
    out.type = static_cast<std::uint8_t>(type);
    out.body = std::move(value);
    expect(std::move(out));
  }
  void moves(int type, const std::string& body, device::CursorCommand value) {
    event(0, 3, "cursor_cmd\ntype " + std::to_string(type) + "\n" + body);
    value.action = static_cast<std::uint8_t>(type);
    expect(std::move(value));
  }

  Sample() {
    event(1, 22, "");
    event(1, 20, "");  // refused by the worker
    event(1, 29, "2 1 -8 32\n0 1 1 0\n" + run("data", "event 3\n"));
    expect(device::GuestSurface{{0, 2, 1, -8, surface_32_xrgb, 0, 1, {}}, text("event 3\n")});
    event(1, 2, "");
    draws_everything();
    moves(
        0,
        "point16 -3 4\nu.set.visible 1\nheader.unique 8\nheader.type 1\nheader.width 8\n"
        "header.height 1\nheader.hot_spot_x 2\nheader.hot_spot_y 3\ndata_size 2\n" +
            chunk("cursor", "abc"),
        {.body = cursor::Set{{-3, 4}, 1, {0, cursor::CursorHeader{8, 1, 8, 1, 2, 3}, text("ab")}}});
    moves(1, "point16 5 -6\n", {.body = cursor::Move{{5, -6}}});
    moves(2, "", {.body = cursor::Hide{}});
    moves(3, "u.trail.length 2\nu.trail.frequency 3\n", {.body = cursor::Trail{2, 3}});
    event(0, 2, "update\nrect area 0 0 1 1\nupdate_id 1\nsurface_id 0\n");
    event(0, 4, run("message", "hello"));
    const auto surface = [&](int flags) {
      return "surface_cmd\nsurface_id 3\ntype 0\nflags " + std::to_string(flags) +
             "\nu.surface_create.format 96\nu.surface_create.width 1\n"
             "u.surface_create.height 2\nu.surface_create.stride 4\n";
    };
    event(0, 5, surface(0));
    expect(device::GuestSurface{{3, 1, 2, 4, surface_32_argb, 0, 0, {}}, {}});
    event(0, 5, "surface_cmd\nsurface_id 3\ntype 1\nflags 0\n");
    expect(device::SurfaceDestroy{3});
    event(0, 5, surface(1) + run("data", "12345678"));
    expect(device::GuestSurface{{3, 1, 2, 4, surface_32_argb, 0, 0, {}}, text("12345678")});
    event(1, 28, "");
    expect(device::DestroyAllSurfaces{});
    event(1, 21, "");
    expect(device::SurfaceDestroy{0});
  }

  void draws_everything() {
    event(0, 1, drawable(DrawType::nop));
    device::Drawable nop{.effect = 1, .mm_time = UINT32_MAX};
    expect(nop);
    draws(DrawType::fill, solid + "rop_descriptor 8\n" + no_mask,
          DrawFill{.base = {.clip = {clip_rects, {{1, 2, 3, 4}}}}, .brush = read_solid},
          "type 1\nnum_rects 1\n" +
              chunk("clip_rects", std::string("\1\0\0\0\2\0\0\0\3\0\0\0\4\0\0\0", 16)));
    draws(DrawType::fill, "type 2\n" + picture + "point 1 2\nrop_descriptor 64\n" + mask,
          DrawFill{.brush = {2, PatternBrush{read_picture, {1, 2}}},
                   .rop_descriptor = ropd_xor,
                   .mask = read_mask});
    draws(DrawType::opaque, source + "type 0\n" + copy_tail,
          DrawOpaque{.src_bitmap = read_surface, .src_area = {0, 0, 1, 1}, .scale_mode = 1});
    draws(DrawType::copy, source + copy_tail,
          DrawCopy{.src_bitmap = read_surface, .src_area = {0, 0, 1, 1}, .scale_mode = 1});
    draws(DrawType::blend, "image 0\nrect src_area 0 0 1 1\n" + copy_tail,
          DrawBlend{.src_area = {0, 0, 1, 1}, .scale_mode = 1});
    draws(DrawType::copy_bits, "point -1 9\n", CopyBits{.src_pos = {-1, 9}});
    draws(DrawType::blackness, no_mask, DrawBlackness{});
    draws(DrawType::whiteness, mask, DrawWhiteness{.mask = read_mask});
    draws(DrawType::invers, no_mask, DrawInvers{});
    draws(DrawType::rop3, source + solid + "rop3 240\nscale_mode 1\n" + no_mask,
          DrawRop3{.src_bitmap = read_surface,
                   .src_area = {0, 0, 1, 1},
                   .brush = read_solid,
                   .rop3 = 240,
                   .scale_mode = 1});
    draws(
        DrawType::stroke,
        chunk("path", one_segment) + "attr.flags 8\nattr.style_nseg 1\n" +
            run("style", std::string("\20\0\0\0", 4)) + solid + "fore_mode 8\nback_mode 8\n",
        DrawStroke{.path = {{{3, {{16, 32}}}}}, .attr = {line_styled, {16}}, .brush = read_solid});
    draws(DrawType::text,
          "data_size 22\nlength 1\nflags 9\n" + chunk("string", one_glyph) +
              "rect back_area 1 2 3 4\n" + solid + "type 0\nfore_mode 8\nback_mode 64\n",
          DrawText{.str = {9, {{{1, 2}, {}, 1, 2, text("xy")}}},
                   .back_area = {1, 2, 3, 4},
                   .fore_brush = read_solid,
                   .back_mode = ropd_xor});
    draws(DrawType::transparent, source + "src_color 1\ntrue_color -2\n",
          DrawTransparent{.src_bitmap = read_surface,
                          .src_area = {0, 0, 1, 1},
                          .src_color = 1,
                          .true_color = UINT32_MAX - 1});
    draws(DrawType::alpha_blend, "alpha_flags 2\nalpha 200\n" + source,
          DrawAlphaBlend{.alpha_flags = alpha_src_surface_has_alpha,
                         .alpha = 200,
                         .src_bitmap = read_surface,
                         .src_area = {0, 0, 1, 1}});
    draws(DrawType::composite,
          "flags 3\n" + surface_image + "src_transform 1\n" +
              run("transform", std::string(24, '\0')) + "mask 1\n" + surface_image +
              "mask_transform 0\nsrc_origin 1 -1\nmask_origin 0 0\n",
          DrawComposite{.flags = 3 | composite_has_mask | composite_has_source_transform,
                        .src_bitmap = read_surface,
                        .mask_bitmap = read_surface,
                        .src_transform = Transform{0, 0, 0, 0, 0, 0},
                        .src_origin = {1, -1}});
  }
};

}  // namespace

TEST_CASE("a QXL recording is read as the values of its commands", "[recorder][qxl]") {
  const Sample sample;
  const auto recording = value(read(sample.file));
  CHECK(recording.refused.empty());
  CHECK_FALSE(recording.cut_off.has_value());
  REQUIRE(recording.actions.size() == sample.actions.size());
  for (std::size_t i = 0; i < sample.actions.size(); ++i) {
    INFO("action " << i);
    CHECK(recording.actions[i] == sample.actions[i]);
  }
}

TEST_CASE("a drawable of the oldest form is read too", "[recorder][qxl]") {
  const auto recording =
      value(read("SPICE_REPLAY 1\nevent 0 0 1 5\ndrawable\nrect bbox 1 2 3 4\n"
                 "type 0\neffect 1\nmm_time 0\nbitmap_offset 0\n"
                 "rect bitmap_area 0 0 0 0\ntype 13\nalpha 9\n" +
                 source));
  REQUIRE(recording.actions.size() == 1);
  const auto& drawn = std::get<device::Drawable>(recording.actions[0].what);
  const auto& blend = std::get<DrawAlphaBlend>(drawn.body);
  CHECK(blend.alpha == 9);
  CHECK(blend.base.surface_id == 0);
  CHECK(blend.base.box == Rect{1, 2, 3, 4});
}

TEST_CASE("runs of bytes may be packed", "[recorder][qxl]") {
  // What zlib.compress(bytes(8), 3) gives.
  const std::string packed("\x78\x5e\x63\x60\x80\x00\x00\x00\x08\x00\x01", 11);
  const auto with = [&](const std::string& size, const std::string& data) {
    return "SPICE_REPLAY 1\nevent 0 1 20 5\n2 1 8 32\n0 1 1 0\nbinary 1 data " + size + ":" +
           std::to_string(data.size()) + ":" + data + "\n";
  };
  const auto recording = value(read(with("8", packed)));
  REQUIRE(recording.actions.size() == 1);
  CHECK(std::get<device::GuestSurface>(recording.actions[0].what).content == SharedBytes(Bytes(8)));
  const auto refusal = [&](const std::string& size, const std::string& data) {
    return read(with(size, data)).error().text();
  };
  CHECK(refusal("9", packed) ==
        "event[0].data: malformed at byte 47: damaged zlib data, 9 bytes announced");
  CHECK(refusal("4000000000", packed) ==
        "event[0].data: out of range at byte 47: 4000000000 bytes to unpack, 2147483648 left to "
        "the file");
  CHECK(refusal("20000", packed) ==
        "event[0].data: malformed at byte 47: 11 bytes cannot unpack to 20000");
}

TEST_CASE("what no recorder writes is refused with its place", "[recorder][qxl][bounds]") {
  CHECK(read("SPICE_REPLAY 2\n").error().text() ==
        "SPICE_REPLAY 1: malformed at byte 0: found \"SPICE_REPLAY 2\"");
  CHECK(read("").error().text() == "truncated at byte 0: the file ends within a line");
  CHECK(refused("event 0 0 1\n") == "event: malformed at byte 15: found \"event 0 0 1\"");
  CHECK(refused("event 0 2 1 5\n") == "event[0].what: malformed at byte 15: 2, 0 or 1");
  CHECK(refused("event 0 0 1 5\ndrawable \n") ==
        "event[0].drawable: malformed at byte 29: found \"drawable \"");
  CHECK(refused("event 0 0 4 5\nbinary 0 massage 1:x\n") ==
        "event[0].binary message: malformed at byte 29: found \"binary 0 massage 1:x\"");
  const auto in_fill = [](const std::string& body) {
    return refused("event 0 0 1 5\n" + drawable(DrawType::fill) + body);
  };
  CHECK(in_fill("type -2147483649\n") ==
        "event[0].type: malformed at byte 283: found \"type -2147483649\"");
  CHECK(in_fill("type 1\nu.colour \1\n") ==
        "event[0].u.color: malformed at byte 290: found \"u.colour ?\"");
  CHECK(in_fill(solid + "rop_descriptor 65536\n") ==
        "event[0].rop_descriptor: out of range at byte 301: 65536");
  CHECK(in_fill(solid + "rop_descriptor 8\nflags 0\npoint 0 0\nimage 2\n") ==
        "event[0].image: malformed at byte 336: 2, 0 or 1");
  CHECK(in_fill(std::string(300, 'x')) ==
        "event[0]: malformed at byte 283: a line of more than 256 bytes");
  const auto in_primary = [](const std::string& data) {
    return refused("event 0 1 20 5\n2 1 8 32\n0 1 0 0\nbinary 0 data " + data);
  };
  CHECK(in_primary("7:1234567\n") ==
        "event[0].data: malformed at byte 47: 7 bytes of 1 rows, stride 8");
  CHECK(in_primary("7:12345678\n") ==
        "event[0].data: malformed at byte 70: no end of line behind 7 bytes");
  CHECK(in_primary("x:12345678\n") ==
        "event[0].data: malformed at byte 61: no size of a run of bytes");
}

TEST_CASE("a command that no value can hold is left out and told", "[recorder][qxl]") {
  const auto told = [](const std::string& event) {
    const auto recording = value(read("SPICE_REPLAY 1\n" + event + "event 5 1 21 7\n"));
    REQUIRE(recording.refused.size() == 1);
    CHECK(recording.actions.size() == 1);
    return recording.refused[0].text();
  };
  const std::string bad_clip = "type 1\nnum_rects 2\n" + chunk("clip_rects", "abc");
  CHECK(told("event 4 0 1 5\n" + drawable(DrawType::copy_bits, bad_clip) + "point 1 1\n") ==
        "event[4].clip_rects: malformed at byte 29: 2 rectangles in 3 bytes");
  CHECK(told("event 4 0 1 5\n" + drawable(static_cast<DrawType>(15))) ==
        "event[4].type: out of range at byte 29: operation 15");
  CHECK(told("event 4 0 1 5\n" + drawable(DrawType::text) + "data_size 3\nlength 1\nflags 1\n" +
             chunk("string", "abc") + "rect back_area 0 0 0 0\ntype 0\ntype 0\nfore_mode 8\n" +
             "back_mode 8\n") ==
        "event[4].str.glyphs: malformed at byte 29: 3 bytes end in glyph 0");
  CHECK(told("event 4 0 9 5\n") == "event[4].type: out of range at byte 29: 9");
  CHECK(told("event 4 0 3 5\ncursor_cmd\ntype 4\n") == "event[4].type: out of range at byte 29: 4");
  CHECK(told("event 4 0 5 5\nsurface_cmd\nsurface_id 0\ntype 1\nflags 0\n") ==
        "event[4].surface_id: out of range at byte 29: 0");
}

TEST_CASE("a recording that is cut off is read up to there", "[recorder][qxl][bounds]") {
  const Sample sample;
  std::size_t most = 0;
  for (std::size_t size = 0; size < sample.file.size(); ++size) {
    const auto recording = read(std::string_view(sample.file).substr(0, size));
    if (size < 15) {
      CHECK_FALSE(recording.has_value());
      continue;
    }
    REQUIRE(recording.has_value());
    REQUIRE(recording->actions.size() >= most);
    REQUIRE(recording->actions.size() <= sample.actions.size());
    most = recording->actions.size();
    if (!std::ranges::equal(recording->actions, std::span(sample.actions).first(most)))
      FAIL("cut off at " << size);
  }
  CHECK(most + 1 >= sample.actions.size());
}

TEST_CASE("any damage of a recording is an error with a place, or other values",
          "[recorder][qxl][bounds]") {
  const Sample sample;
  rc::prop("bytes written over a recording", [&](std::map<std::uint16_t, char> damage) {
    std::string file = sample.file;
    for (const auto& [at, byte] : damage) file[at % file.size()] = byte;
    const auto recording = read(file);
    if (recording) {
      RC_ASSERT(recording->actions.size() <= file.size());
    } else {
      RC_ASSERT(recording.error().offset <= file.size());
      RC_ASSERT(recording.error().code != ErrorCode::internal);
    }
  });
}
