// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/wire/tables.hpp"
#include "tests/core/wire_shape.hpp"

// The awkward drawing commands of the protocol, described here with the same tables (see
// wire_awkward_test.cpp).
using namespace spicebench;
using namespace spicebench::wire;

namespace {

// draw_stroke: variable-size items in a list behind a pointer; a list behind a second pointer whose
// u8 count is there only with a flag
struct Segment {
  std::uint8_t flags = 0;
  std::vector<display::Point> points;  // fixed point 28.4
};
struct Path {
  std::vector<Segment> segments;
};
struct LineAttr {
  std::uint8_t flags = 0;
  std::vector<std::int32_t> style;
};
struct DrawStroke {
  display::DisplayBase base;
  Path path;
  LineAttr attr;
  display::Brush brush;
  std::uint16_t fore_mode = 0, back_mode = 0;
};
constexpr Field segment_fields[] = {
    scalar(MEMBER(Segment, flags)),
    count("count", 4, 0),
    list(MEMBER(Segment, points), display::point_layout).counted(0),
};
constexpr Layout segment_layout = describes<Segment>("segment", segment_fields);
constexpr Field path_fields[] = {
    count("num_segments", 4, 0),
    list(MEMBER(Path, segments), segment_layout).counted(0),
};
constexpr Layout path_layout = describes<Path>("path", path_fields);
constexpr Condition styled = has_bits(MEMBER(LineAttr, flags), 8);
constexpr Field line_attr_fields[] = {
    scalar(MEMBER(LineAttr, flags)),
    count("style_nseg", 1, 0).when(styled).limited(1, 255),
    list(MEMBER(LineAttr, style)).counted(0).by_pointer().when(styled),
};
constexpr Layout line_attr_layout = describes<LineAttr>("line_attr", line_attr_fields);
constexpr Field draw_stroke_fields[] = {
    structure(MEMBER(DrawStroke, base), display::base_layout),
    structure(MEMBER(DrawStroke, path), path_layout).by_pointer(Place::required_pointer),
    structure(MEMBER(DrawStroke, attr), line_attr_layout),
    structure(MEMBER(DrawStroke, brush), display::brush_layout),
    scalar(MEMBER(DrawStroke, fore_mode)),
    scalar(MEMBER(DrawStroke, back_mode)),
};
constexpr Layout draw_stroke_layout = describes<DrawStroke>("draw_stroke", draw_stroke_fields);

// draw_text: the size of a glyph's data depends on its own fields and on the flags of the string
// around it
struct Glyph {
  display::Point render_pos, glyph_origin;
  std::uint16_t width = 0, height = 0;
  SharedBytes data;
};
struct String {
  std::uint8_t flags = 0;
  std::vector<Glyph> glyphs;
};
struct DrawText {
  display::DisplayBase base;
  String str;
  display::Rect back_area;
  display::Brush fore_brush, back_brush;
  std::uint16_t fore_mode = 0, back_mode = 0;
};
std::uint64_t glyph_bytes(const Scope& scope) {
  const auto& glyph = scope.as<Glyph>();
  const std::uint8_t flags = scope.outer->as<String>().flags;
  const std::uint64_t w = glyph.width, h = glyph.height;
  if (flags & 1) return (w + 7) / 8 * h;
  if (flags & 2) return (4 * w + 7) / 8 * h;
  return flags & 4 ? w * h : 0;
}
constexpr Field glyph_fields[] = {
    structure(MEMBER(Glyph, render_pos), display::point_layout),
    structure(MEMBER(Glyph, glyph_origin), display::point_layout),
    scalar(MEMBER(Glyph, width)).usually(0, 9),
    scalar(MEMBER(Glyph, height)).usually(0, 5),
    bytes(MEMBER(Glyph, data)).sized(glyph_bytes),
};
constexpr Layout glyph_layout = describes<Glyph>("glyph", glyph_fields);
constexpr Name string_flag_entries[] = {{1, "a1"}, {2, "a4"}, {4, "a8"}, {8, "top_down"}};
constexpr Names string_flag_names{true, string_flag_entries};
constexpr Field string_fields[] = {
    count("length", 2, 0),
    scalar(MEMBER(String, flags)).named(string_flag_names),
    list(MEMBER(String, glyphs), glyph_layout).counted(0),
};
constexpr Layout string_layout = describes<String>("string", string_fields);
constexpr Field draw_text_fields[] = {
    structure(MEMBER(DrawText, base), display::base_layout),
    structure(MEMBER(DrawText, str), string_layout).by_pointer(Place::required_pointer),
    structure(MEMBER(DrawText, back_area), display::rect_layout),
    structure(MEMBER(DrawText, fore_brush), display::brush_layout),
    structure(MEMBER(DrawText, back_brush), display::brush_layout),
    scalar(MEMBER(DrawText, fore_mode)),
    scalar(MEMBER(DrawText, back_mode)),
};
constexpr Layout draw_text_layout = describes<DrawText>("draw_text", draw_text_fields);

// draw_composite: fields that are there by bits of an earlier field, a pointer among them
struct Transform {
  std::array<std::int32_t, 6> t{};
};
struct DrawComposite {
  display::DisplayBase base;
  std::uint32_t flags = 0;
  std::optional<display::Image> src_bitmap, mask_bitmap;
  std::optional<Transform> src_transform, mask_transform;
  display::Point16 src_origin, mask_origin;
};
constexpr Field transform_fields[] = {array(MEMBER(Transform, t))};
constexpr Layout transform_layout = describes<Transform>("transform", transform_fields);
constexpr auto composite_flags = MEMBER(DrawComposite, flags);
constexpr Field draw_composite_fields[] = {
    structure(MEMBER(DrawComposite, base), display::base_layout),
    scalar(composite_flags),
    structure(MEMBER(DrawComposite, src_bitmap), display::image_layout).by_pointer().required(),
    structure(MEMBER(DrawComposite, mask_bitmap), display::image_layout)
        .by_pointer()
        .when(has_bits(composite_flags, 1 << 19)),
    structure(MEMBER(DrawComposite, src_transform), transform_layout)
        .when(has_bits(composite_flags, 1 << 20)),
    structure(MEMBER(DrawComposite, mask_transform), transform_layout)
        .when(has_bits(composite_flags, 1 << 21)),
    structure(MEMBER(DrawComposite, src_origin), display::point16_layout),
    structure(MEMBER(DrawComposite, mask_origin), display::point16_layout),
};
constexpr Layout draw_composite_layout =
    describes<DrawComposite>("draw_composite", draw_composite_fields);

}  // namespace

TEST_CASE("H.6: a styled stroke", "[core][wire][shape]") {
  const Bytes body =
      hex("00 00 00 00  00 00 00 00  00 00 00 00  32 00 00 00  32 00 00 00  00"
          "28 00 00 00  08  02  41 00 00 00  01  ff ff ff 00  08 00  08 00"
          "01 00 00 00  03  02 00 00 00  10 00 00 00  10 00 00 00  80 02 00 00  10 00 00 00"
          "30 00 00 00  20 00 00 00");
  const auto stroke = through<DrawStroke>(draw_stroke_layout, body);
  REQUIRE(stroke.path.segments.size() == 1);
  CHECK(stroke.path.segments[0].points ==
        std::vector{display::Point{16, 16}, display::Point{640, 16}});
  CHECK(stroke.attr.style == std::vector<std::int32_t>{48, 32});
  check_round_trips(draw_stroke_layout);

  Bytes lie = body;
  lie[45] = std::byte{0xff};  // the segment's count of points
  const Error error = refusal(draw_stroke_layout, lie);
  CHECK(error.path == "path.segments[0].points");
  CHECK(error.offset == 49);
}

TEST_CASE("glyph data is sized by the string around it", "[core][wire][shape]") {
  const std::string base = "00000000 00000000 00000000 00000000 00000000 00 ";
  const std::string fixed = base + "2f000000" + std::string(32, '0') + "00 00 0800 0800";
  const std::string glyphs = "01000000 02000000 03000000 04000000 0300 0200";  // 3 × 2
  for (const auto& [flag, data] : {std::pair{"01", "e0a0"},                    // A1: 1 byte a row
                                   std::pair{"02", "12301230"},                // A4: 2 bytes a row
                                   std::pair{"04", "010203040506"}}) {         // A8: 3 bytes a row
    const auto text =
        through<DrawText>(draw_text_layout, hex(fixed + "0100" + flag + glyphs + data));
    REQUIRE(text.str.glyphs.size() == 1);
    CHECK(text.str.glyphs[0].data == SharedBytes(hex(data)));
  }
  check_round_trips(draw_text_layout);
}

TEST_CASE("composite's optional parts follow its flags", "[core][wire][shape]") {
  for (const std::uint32_t parts : {0u, 1u, 2u, 4u, 7u}) {
    DrawComposite composite;
    composite.flags = parts << 19;
    composite.src_bitmap = display::Image{.type = 103, .width = 1, .height = 1, .payload = {}};
    if (parts & 1) composite.mask_bitmap = composite.src_bitmap;
    if (parts & 2) composite.src_transform = Transform{{1, 2, 3, 4, 5, 6}};
    if (parts & 4) composite.mask_transform = Transform{{-1, -2, -3, -4, -5, -6}};
    const Bytes body = encoded(draw_composite_layout, &composite);
    CHECK(body.size() ==
          21u + 16 + 18 + (parts & 1 ? 4 + 18 : 0) + (parts & 2 ? 24 : 0) + (parts & 4 ? 24 : 0));
    const auto again = through<DrawComposite>(draw_composite_layout, body);
    CHECK(diff(draw_composite_layout, &composite, &again).empty());
  }
  check_round_trips(draw_composite_layout);
}
