// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/qxl-model/any_drawable.hpp"

#include <rapidcheck.h>

namespace spicebench::qxl::test {

using namespace wire::display;
using wire::device::Drawable;
using wire::device::DrawType;

namespace {

template <class T>
T number(T least, T most) {
  return *rc::gen::inRange<T>(least, static_cast<T>(most + 1));
}
bool coin() {
  return *rc::gen::arbitrary<bool>();
}
template <class T>
T any() {
  return *rc::gen::arbitrary<T>();
}
SharedBytes bytes_of(std::size_t size) {
  Bytes out(size);
  const auto seed = any<std::uint8_t>();
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<std::byte>(seed + 7 * i);
  return SharedBytes(std::move(out));
}

Image any_bitmap(std::uint8_t format) {
  const auto width = number<std::uint32_t>(1, 20), height = number<std::uint32_t>(1, 10);
  const std::uint32_t stride = (width * bitmap_bits(format) + 7) / 8 + number<std::uint32_t>(0, 3);
  Bitmap bitmap{.format = format, .x = width, .y = height, .stride = stride};
  bitmap.flags = coin() ? std::uint8_t{top_down} : std::uint8_t{0};
  bitmap.data = bytes_of(std::size_t{stride} * height);
  Image image{.id = any<std::uint64_t>(), .width = width, .height = height};
  image.flags = number<std::uint8_t>(0, cache_me | high_bits_set);
  image.payload = std::move(bitmap);
  return image;
}
Image any_image() {
  switch (number(0, 3)) {
    case 0:
      return {.id = any<std::uint64_t>(),
              .type = static_cast<std::uint8_t>(ImageType::surface),
              .width = 40,
              .height = 30,
              .payload = SurfaceReference{other_surface}};
    case 1:
      return {.id = any<std::uint64_t>(),
              .type = static_cast<std::uint8_t>(ImageType::quic),
              .width = number<std::uint32_t>(1, 99),
              .height = number<std::uint32_t>(1, 99),
              .payload = SizedData{bytes_of(number<std::size_t>(1, 99))}};
    default: {
      auto image = any_bitmap(number<std::uint8_t>(format_1bit_le, format_8bit_a));
      auto& bitmap = std::get<Bitmap>(image.payload);
      if (bitmap.format <= format_8bit) {
        bitmap.palette = Palette{.unique = any<std::uint64_t>()};
        bitmap.palette->entries.resize(number<std::size_t>(1, 256), any<std::uint32_t>());
      }
      return image;
    }
  }
}
QMask any_mask() {
  if (coin()) return {};
  return {.flags = number<std::uint8_t>(0, 1),
          .position = {any<std::int32_t>(), any<std::int32_t>()},
          .bitmap = any_bitmap(number<std::uint8_t>(format_1bit_le, format_1bit_be))};
}
Brush any_brush() {
  switch (number(0, 2)) {
    case 0:
      return {};
    case 1:
      return {1, SolidBrush{any<std::uint32_t>()}};
    default:
      return {2, PatternBrush{any_image(), {any<std::int32_t>(), any<std::int32_t>()}}};
  }
}
std::uint16_t any_rop() {
  const unsigned inversions = number<unsigned>(0, 7) | (coin() ? unsigned{ropd_invers_res} : 0u);
  return static_cast<std::uint16_t>(inversions | ropd_put << number<unsigned>(0, 6));
}
// A part of a picture or surface of this size.
Rect any_part(std::int32_t width, std::int32_t height) {
  const auto left = number<std::int32_t>(0, width - 1), top = number<std::int32_t>(0, height - 1);
  return {top, left, number<std::int32_t>(top + 1, height), number<std::int32_t>(left + 1, width)};
}
DisplayBase any_base() {
  DisplayBase base{.surface_id = coin() ? other_surface : 0, .box = any_part(40, 30)};
  if (coin()) {
    base.clip.type = clip_rects;
    base.clip.rects.assign(number<std::size_t>(1, 5), base.box);
  }
  return base;
}
template <class Draw>
void give_source(Draw& draw) {
  draw.src_bitmap = any_image();
  draw.src_area = any_part(static_cast<std::int32_t>(draw.src_bitmap->width),
                           static_cast<std::int32_t>(draw.src_bitmap->height));
}
Transform any_transform() {
  return {any<std::int32_t>(), any<std::int32_t>(), any<std::int32_t>(),
          any<std::int32_t>(), any<std::int32_t>(), any<std::int32_t>()};
}

// What several operations have.
template <class Draw>
void give_parts(Draw& draw) {
  if constexpr (requires { draw.base; }) draw.base = any_base();
  if constexpr (requires { draw.src_area; }) give_source(draw);
  if constexpr (requires { draw.brush; }) draw.brush = any_brush();
  if constexpr (requires { draw.rop_descriptor; }) draw.rop_descriptor = any_rop();
  if constexpr (requires { draw.scale_mode; }) draw.scale_mode = number<std::uint8_t>(0, 1);
  if constexpr (requires { draw.mask; }) draw.mask = any_mask();
  if constexpr (requires { draw.fore_mode; }) {
    draw.fore_mode = any<std::uint16_t>();
    draw.back_mode = any<std::uint16_t>();
  }
}
template <class Draw>
void give_own(Draw&) {}
void give_own(CopyBits& bits) {
  const Rect& box = bits.base.box;
  bits.src_pos = {number<std::int32_t>(0, 40 - static_cast<std::int32_t>(width_of(box))),
                  number<std::int32_t>(0, 30 - static_cast<std::int32_t>(height_of(box)))};
}
void give_own(DrawRop3& draw) {
  draw.rop3 = any<std::uint8_t>();
}
void give_own(DrawTransparent& draw) {
  draw.src_color = any<std::uint32_t>();
  draw.true_color = any<std::uint32_t>();
}
void give_own(DrawAlphaBlend& draw) {
  draw.alpha_flags = number<std::uint8_t>(0, 3);
  draw.alpha = any<std::uint8_t>();
}
void give_own(DrawStroke& draw) {
  draw.path.segments.resize(number<std::size_t>(0, 3));
  for (PathSegment& segment : draw.path.segments) {
    segment.flags = any<std::uint8_t>();
    segment.points.resize(number<std::size_t>(1, 6), {any<std::int32_t>(), any<std::int32_t>()});
  }
  if (coin()) {
    draw.attr.flags = line_styled;
    draw.attr.style.resize(number<std::size_t>(1, 9), any<std::int32_t>());
  }
}
void give_own(DrawText& draw) {
  constexpr std::uint8_t rasters[] = {string_a1, string_a4, string_a8};
  draw.str.flags = rasters[number(0, 2)];
  draw.str.glyphs.resize(number<std::size_t>(0, 4));
  for (RasterGlyph& glyph : draw.str.glyphs) {
    glyph = {.render_pos = {any<std::int32_t>(), 1}, .glyph_origin = {2, any<std::int32_t>()}};
    glyph.width = number<std::uint16_t>(0, 20);
    glyph.height = number<std::uint16_t>(0, 20);
    glyph.data = bytes_of((glyph.width * glyph_bits(draw.str.flags) + 7) / 8 * glyph.height);
  }
  draw.back_area = any_part(40, 30);
  draw.fore_brush = any_brush();
  draw.back_brush = any_brush();
}
void give_own(DrawComposite& draw) {
  draw.flags = any<std::uint32_t>() & 0x7ffff;
  draw.src_bitmap = any_image();
  if (coin()) draw.src_transform = any_transform();
  if (coin()) draw.mask_bitmap = any_image();
  if (draw.mask_bitmap && coin()) draw.mask_transform = any_transform();
  if (draw.mask_bitmap) draw.flags |= composite_has_mask;
  if (draw.src_transform) draw.flags |= composite_has_source_transform;
  if (draw.mask_transform) draw.flags |= composite_has_mask_transform;
  draw.src_origin = {any<std::int16_t>(), any<std::int16_t>()};
  draw.mask_origin = {any<std::int16_t>(), any<std::int16_t>()};
}

template <class Draw>
Drawable any_drawable(DrawType type) {
  Draw draw;
  give_parts(draw);
  give_own(draw);
  return {.effect = number<std::uint8_t>(0, 7),
          .type = static_cast<std::uint8_t>(type),
          .body = std::move(draw)};
}

constexpr Operation operations[] = {
    {"fill", DrawType::fill, any_drawable<DrawFill>},
    {"opaque", DrawType::opaque, any_drawable<DrawOpaque>},
    {"copy", DrawType::copy, any_drawable<DrawCopy>},
    {"copy_bits", DrawType::copy_bits, any_drawable<CopyBits>},
    {"blend", DrawType::blend, any_drawable<DrawBlend>},
    {"blackness", DrawType::blackness, any_drawable<DrawBlackness>},
    {"whiteness", DrawType::whiteness, any_drawable<DrawWhiteness>},
    {"invers", DrawType::invers, any_drawable<DrawInvers>},
    {"rop3", DrawType::rop3, any_drawable<DrawRop3>},
    {"stroke", DrawType::stroke, any_drawable<DrawStroke>},
    {"text", DrawType::text, any_drawable<DrawText>},
    {"transparent", DrawType::transparent, any_drawable<DrawTransparent>},
    {"alpha_blend", DrawType::alpha_blend, any_drawable<DrawAlphaBlend>},
    {"composite", DrawType::composite, any_drawable<DrawComposite>},
};

}  // namespace

std::span<const Operation> all_operations() {
  return operations;
}

}  // namespace spicebench::qxl::test
