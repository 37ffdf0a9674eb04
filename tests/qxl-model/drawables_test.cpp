// SPDX-License-Identifier: LGPL-2.1-or-later
#include <rapidcheck.h>
#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>

#include "device_bench.hpp"
#include "qxl-model/guest/command_block.hpp"

// Drawables of every operation, from a value to guest memory and back, and what is refused in them.
namespace spicebench::qxl::test {

namespace device = wire::device;
using namespace wire::display;
using device::Drawable;
using device::DrawType;

namespace {

constexpr std::uint64_t pool = DeviceBench::pool;
constexpr std::size_t body = 123;
constexpr std::uint32_t other_surface = 5;

struct DrawBench : DeviceBench {
  DrawBench() {
    come_up();
    device::SurfaceCreate made{.surface_id = other_surface, .width = 40, .height = 30};
    made.stride = 160;
    made.format = surface_32_argb;
    push_block(CommandBlock::create_surface(made, slot1(0x0200'0000), false), CommandType::surface);
    fetch();
    messages.clear();
  }
  void push_block(CommandBlock block, CommandType type = CommandType::draw) {
    const std::uint64_t offset = pool + next++ * 65536;
    poke(offset, block.place(slot1(offset), next));
    push(slot1(offset), type);
  }
  template <class Change>
  void push_changed(CommandBlock block, Change change) {
    const std::uint64_t offset = pool + next++ * 65536;
    Bytes bytes(block.size());
    std::ranges::copy(block.place(slot1(offset), next), bytes.begin());
    change(bytes, offset);
    poke(offset, bytes);
    push(slot1(offset));
  }
  // The id at the head of the open chain of releases.
  std::uint64_t open_release() { return get64(ram::release_ring + 20); }
  std::uint64_t next = 0;
};

// Values within the rules

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
struct Operation {
  const char* name;
  DrawType type;
  Drawable (*any)(DrawType);
};
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

// As the device hands it over, but for what the value in the guest does not say.
Drawable as_handed_over(Drawable drawable, const Drawable& found) {
  drawable.release_id = found.release_id;
  drawable.mm_time = found.mm_time;
  return drawable;
}

template <class Draw>
Drawable made(DrawType type, Draw draw) {
  return {.type = static_cast<std::uint8_t>(type), .body = std::move(draw)};
}
Image plain_image() {
  return {.width = 2,
          .height = 2,
          .payload = Bitmap{.x = 2, .y = 2, .stride = 8, .data = SharedBytes(Bytes(16))}};
}
const DisplayBase small{.box = {0, 0, 2, 2}};

}  // namespace

TEST_CASE("every operation arrives as the guest meant it", "[qxl][drawables]") {
  for (const Operation& operation : operations) {
    rc::prop(std::string("a ") + operation.name + " of any kind", [&operation] {
      DrawBench bench;
      const Drawable drawable = operation.any(operation.type);
      bench.push_block(CommandBlock::of(drawable));
      const auto* draw = bench.fetch();
      RC_LOG() << (bench.findings.empty() ? std::string() : bench.findings[0].text());
      RC_ASSERT(draw != nullptr);
      RC_ASSERT((draw->drawable == as_handed_over(drawable, draw->drawable)));
      RC_ASSERT(bench.findings.empty());
    });
  }
}

TEST_CASE("mangled drawables of every operation do no harm", "[qxl][drawables][hostile]") {
  rc::prop("handed over or refused, and the device goes on", [] {
    DrawBench bench;
    const Operation& operation = operations[number<std::size_t>(0, std::size(operations) - 1)];
    const auto block = CommandBlock::of(operation.any(operation.type));
    const auto flips =
        *rc::gen::container<std::vector<std::pair<std::size_t, std::uint8_t>>>(rc::gen::pair(
            rc::gen::inRange<std::size_t>(8, block.size()), rc::gen::arbitrary<std::uint8_t>()));
    bench.push_changed(block, [&flips](Bytes& bytes, std::uint64_t) {
      for (const auto& [at, value] : flips) bytes[at] ^= static_cast<std::byte>(value);
    });
    bench.fetch();
    bench.run(100'000'000);  // lists may have become very long
    const bool handed_over = bench.last<device::DrawCommand>() != nullptr;
    RC_ASSERT(handed_over != (bench.open_release() == bench.next));
    bench.come_up();
    bench.push_block(CommandBlock::fill({0, 0, 5, 5}, {}, 0x10, ropd_put));
    RC_ASSERT(bench.fetch() != nullptr);
  });
}

TEST_CASE("drawables beyond the rules are given back, and say why", "[qxl][drawables][hostile]") {
  struct Row {
    const char* path;
    bool latches;
    Drawable drawable;
    std::size_t at;  // changed in guest memory: `width` bytes
    std::uint64_t value;
    std::size_t width;
  };
  DrawStroke styled{.base = small};
  styled.path.segments = {{path_begin, {{0, 0}, {16, 16}}}};
  styled.attr = {line_styled, {16}};
  auto text = made(DrawType::text, DrawText{.base = small, .str = {.flags = string_a1}});
  const auto with_source = [](auto draw) {
    draw.base = small;
    draw.src_bitmap = plain_image();
    if constexpr (requires { draw.src_area; }) draw.src_area = {0, 0, 2, 2};
    return draw;
  };
  const auto opaque = made(DrawType::opaque, with_source(DrawOpaque{}));
  const auto stroke = made(DrawType::stroke, styled);
  const auto alpha = made(DrawType::alpha_blend, with_source(DrawAlphaBlend{}));
  const auto composite = made(DrawType::composite, with_source(DrawComposite{}));
  const auto rop3 = made(DrawType::rop3, with_source(DrawRop3{}));
  auto no_surface = with_source(DrawCopy{});
  // It does not say that it reads one.
  no_surface.src_bitmap =
      Image{.type = static_cast<std::uint8_t>(ImageType::surface), .payload = SurfaceReference{77}};
  const std::size_t image = 191, path = 191;  // what the body points to first
  const Row rows[] = {
      {"drawable.surface_id", false, opaque, 8, 77, 4},
      {"surfaces_dest[1]", false, opaque, 67, 77, 4},
      {"self_bitmap", false, opaque, 14, 1, 1},
      {"opaque.src", true, opaque, body, 0, 8},
      {"opaque.src_area", false, opaque, body + 16, 3, 4},
      {"opaque.src.type", false, opaque, image + 8, 101, 1},
      {"scale", false, rop3, body + 45, 2, 1},
      {"brush.type", false, rop3, body + 24, 3, 4},
      {"brush.pattern", true, rop3, body + 24, 2, 4},
      {"mask.bitmap", true, rop3, body + 46 + 9, 1, 8},
      {"copy.src.surface_id", false, made(DrawType::copy, no_surface), 63, UINT32_MAX, 4},
      {"path", true, stroke, body, 0, 8},
      {"path", true, stroke, path + 4 + 20 + 4, 3, 4},
      {"path", true, stroke, path + 4 + 20 + 4, UINT32_MAX, 4},
      {"attr.style", true, stroke, body + 20, 0, 8},
      {"attr.style", false, stroke, body + 11, 0, 1},
      {"str.glyphs", true, text, path + 4, 1, 2},
      {"str.glyphs", true, text, path, 1, 4},
      {"str.flags", true, text, path + 6, 8, 2},
      {"alpha_blend.flags", false, alpha, body, 256, 2},
      {"composite.src", true, composite, body + 4, 0, 8},
      {"composite.src_transform", true, composite, body + 12, 1, 8},
      {"composite.mask", true, composite, body + 20, 1, 8},
  };
  for (const Row& row : rows) {
    INFO(row.path << " at " << row.at);
    DrawBench bench;
    bench.push_changed(CommandBlock::of(row.drawable), [&row](Bytes& bytes, std::uint64_t) {
      store_little_endian(&bytes[row.at], row.value, row.width);
    });
    CHECK(bench.fetch() == nullptr);
    CHECK(bench.open_release() == bench.next);
    REQUIRE(bench.findings.size() == 1);
    const std::string said = bench.findings[0].path;
    CHECK((said == row.path || "drawable." + said == row.path));
    CHECK(bench.device.bug_latched() == row.latches);
  }
}

TEST_CASE("updates and messages are given back, malformed ones noted", "[qxl][drawables]") {
  struct Row {
    const char* what;
    CommandType type;
    std::uint32_t right;  // of an update's area
    bool ends, harms, latches;
  };
  constexpr Row rows[] = {
      {"an update", CommandType::update, 5, true, false, false},
      {"an empty update", CommandType::update, 0, true, true, true},
      {"a message", CommandType::message, 0, true, false, false},
      {"a message without end", CommandType::message, 0, false, true, false},
  };
  for (const Row& row : rows) {
    INFO(row.what);
    DrawBench bench;
    Bytes bytes(110'000, row.ends ? std::byte{0} : std::byte{'x'});
    store_little_endian(bytes.data(), 99, 8);
    if (row.type == CommandType::update) {
      store_little_endian(&bytes[16], 5, 4);
      store_little_endian(&bytes[20], row.right, 4);
    }
    bench.poke(pool + 0x10'0000, bytes);
    bench.push(DeviceBench::slot1(pool + 0x10'0000), row.type);
    // Neither is for the server; what is in the command ring is pushed there.
    CHECK(bench.fetch() == nullptr);
    CHECK(bench.open_release() == 99);
    CHECK(bench.findings.size() == (row.harms ? 1 : 0));
    CHECK(bench.device.bug_latched() == row.latches);
  }
}

}  // namespace spicebench::qxl::test
