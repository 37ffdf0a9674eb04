// SPDX-License-Identifier: LGPL-2.1-or-later
#include <rapidcheck.h>
#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>

#include "core/base/random.hpp"
#include "core/draw/draw.hpp"
#include "core/draw/region.hpp"
#include "core/draw/rop.hpp"
#include "core/image/pixel.hpp"

namespace spicebench::draw {
namespace {

using namespace wire::display;

constexpr std::uint32_t width = 24, height = 18;
// A surface with memory of its own and random pixels, or a copy of another.
struct Canvas {
  Bytes pixels;
  Surface surface;
  explicit Canvas(std::uint64_t seed) : pixels(Random(seed).bytes(width * height * 4)) { place(); }
  Canvas(const Canvas& other) : pixels(other.pixels) { place(); }
  Canvas& operator=(const Canvas&) = delete;
  void place() { surface = Surface::over(pixels, width, height, width * 4, 32).value(); }
  std::uint32_t at(std::int32_t x, std::int32_t y) const {
    return image::word_at(surface_32_xrgb, surface.row(static_cast<std::uint32_t>(y)),
                          static_cast<std::uint64_t>(x));
  }
};

rc::Gen<Rect> rects() {
  const auto edge = rc::gen::inRange<std::int32_t>(-6, 30);
  return rc::gen::map(rc::gen::tuple(edge, edge, edge, edge), [](const auto& edges) {
    const auto [a, b, c, d] = edges;
    return Rect{a, b, c, d};
  });
}
rc::Gen<Clip> clips() {
  return rc::gen::map(rc::gen::container<std::vector<Rect>>(rects()), [](std::vector<Rect> list) {
    Clip clip;
    clip.type = clip_rects;
    clip.rects = std::move(list);
    return clip;
  });
}
bool inside(const Rect& rect, std::int32_t x, std::int32_t y) {
  return x >= rect.left && x < rect.right && y >= rect.top && y < rect.bottom;
}
bool inside(const Clip& clip, std::int32_t x, std::int32_t y) {
  if (clip.type == clip_none) return true;
  return std::ranges::any_of(clip.rects, [&](const Rect& rect) { return inside(rect, x, y); });
}

}  // namespace

TEST_CASE("a region has every pixel of box, bounds and clip exactly once", "[core][draw]") {
  rc::prop("for any box and clip", [] {
    const auto box = *rects();
    const auto clip = *clips();
    const Region region = region_of(box, {0, 0, height, width}, clip).value();
    for (std::int32_t y = -8; y < 32; ++y)
      for (std::int32_t x = -8; x < 32; ++x) {
        const auto times =
            std::ranges::count_if(region, [&](const Rect& rect) { return inside(rect, x, y); });
        const bool wanted = x >= 0 && y >= 0 && x < static_cast<std::int32_t>(width) &&
                            y < static_cast<std::int32_t>(height) && inside(box, x, y) &&
                            inside(clip, x, y);
        RC_ASSERT(times == (wanted ? 1 : 0));
      }
  });
}

TEST_CASE("copy_bits moves as if through a temporary, in any direction", "[core][draw]") {
  rc::prop("for any box, source and clip", [] {
    const CopyBits command{{0, *rects(), *clips()},
                           {*rc::gen::inRange(-8, 30), *rc::gen::inRange(-8, 30)}};
    const Canvas before(1);
    Canvas after(before);
    RC_ASSERT(copy_bits(after.surface, command).has_value());
    const Rect& box = command.base.box;
    for (std::int32_t y = 0; y < static_cast<std::int32_t>(height); ++y)
      for (std::int32_t x = 0; x < static_cast<std::int32_t>(width); ++x) {
        const std::int32_t sx = x - box.left + command.src_pos.x,
                           sy = y - box.top + command.src_pos.y;
        const bool moved = inside(box, x, y) && inside(command.base.clip, x, y) &&
                           inside(Rect{0, 0, height, width}, sx, sy);
        RC_ASSERT(after.at(x, y) == (moved ? before.at(sx, sy) : before.at(x, y)));
      }
  });
}

TEST_CASE("a copy of a surface onto itself reads the old content", "[core][draw]") {
  rc::prop("as copy_bits does", [] {
    const auto box = *rects();
    const std::int32_t x = *rc::gen::inRange(-8, 30), y = *rc::gen::inRange(-8, 30);
    Canvas moved(2), copied(2);
    DrawCopy command;
    command.base.box = box;
    command.src_area = {y, x, y + box.bottom - box.top, x + box.right - box.left};
    RC_ASSERT(copy(copied.surface, command, {copied.surface.view(), {}, {}}).has_value());
    RC_ASSERT(copy_bits(moved.surface, {{0, box, {}}, {x, y}}).has_value());
    RC_ASSERT(copied.pixels == moved.pixels);
  });
}

TEST_CASE("drawing with a clip is drawing without and taking over the clip", "[core][draw]") {
  rc::prop("for fills with any raster operation", [] {
    DrawFill command;
    command.base.box = *rects();
    command.rop_descriptor = *rc::gen::inRange<std::uint16_t>(0, 2048);
    command.brush = {1, SolidBrush{*rc::gen::arbitrary<std::uint32_t>()}};
    const Canvas before(3);
    Canvas whole(before), clipped(before);
    RC_ASSERT(fill(whole.surface, command).has_value());
    command.base.clip = *clips();
    RC_ASSERT(fill(clipped.surface, command).has_value());
    for (std::int32_t y = 0; y < static_cast<std::int32_t>(height); ++y)
      for (std::int32_t x = 0; x < static_cast<std::int32_t>(width); ++x)
        RC_ASSERT(clipped.at(x, y) == (inside(command.base.clip, x, y) ? whole : before).at(x, y));
  });
}

TEST_CASE("raster operations agree with their definition bit by bit", "[core][draw]") {
  // canvas.md §5.2, once more and literally.
  const auto defined = [](std::uint16_t d, std::uint32_t first, std::uint32_t second) {
    const std::uint32_t a = (d & ropd_invers_brush) != 0 ? ~first : first;
    const std::uint32_t b = (d & ropd_invers_dest) != 0 ? ~second : second;
    const auto finished = [d](std::uint32_t r) { return (d & ropd_invers_res) != 0 ? ~r : r; };
    if ((d & ropd_put) != 0) return finished(a);
    if ((d & ropd_or) != 0) return finished(a | b);
    if ((d & ropd_and) != 0) return finished(a & b);
    if ((d & ropd_xor) != 0) return finished(a ^ b);
    if ((d & ropd_blackness) != 0) return std::uint32_t{0};
    if ((d & ropd_whiteness) != 0) return ~std::uint32_t{0};
    if ((d & ropd_invers) != 0) return ~second;
    return first;
  };
  for (unsigned d = 0; d < 2048; ++d) {
    const auto descriptor = static_cast<std::uint16_t>(d);
    const std::uint32_t first = 0x00123456, second = 0xffabcdef;
    Bytes word(4), source(4);
    image::store_word(word.data(), second);
    const Rop rop = rop_of(descriptor, ropd_invers_brush, ropd_invers_dest);
    combine_solid(word.data(), first, 1, 4, rop);
    if (image::load_word<std::uint32_t>(word.data()) != defined(descriptor, first, second))
      FAIL("descriptor " << d);
    image::store_word(word.data(), second);
    image::store_word(source.data(), first);
    combine(word.data(), source.data(), 1, 4, rop);
    if (image::load_word<std::uint32_t>(word.data()) != defined(descriptor, first, second))
      FAIL("descriptor " << d);
  }
}

TEST_CASE("a surface may lie in memory with its bottom row first", "[core][draw]") {
  Bytes pixels(4 * 3 * 4);
  Surface upside_down = Surface::over(pixels, 4, 3, -16, surface_32_xrgb).value();
  DrawFill command;
  command.base.box = {0, 0, 1, 4};
  command.brush = {1, SolidBrush{0x01020304}};
  REQUIRE(fill(upside_down, command).has_value());
  CHECK(image::load_word<std::uint32_t>(pixels.data() + 32) == 0x01020304);
  CHECK(image::load_word<std::uint32_t>(pixels.data()) == 0);
  CHECK(same_picture(upside_down.view(), upside_down.view()));
}

TEST_CASE("surfaces that do not fit their memory are refused", "[core][draw]") {
  Bytes pixels(64);
  CHECK(Surface::over(pixels, 4, 4, 16, 32).has_value());
  CHECK_FALSE(Surface::over(pixels, 4, 4, 12, 32).has_value());
  CHECK_FALSE(Surface::over(pixels, 4, 5, 16, 32).has_value());
  CHECK_FALSE(Surface::over(pixels, 4, 5, -16, 32).has_value());
  CHECK_FALSE(Surface::over(pixels, 0, 4, 16, 32).has_value());
  CHECK_FALSE(Surface::over(pixels, 4, 4, 16, 31).has_value());
  CHECK_FALSE(Surface::over(pixels, 4, 4, INT64_MIN + 1, 32).has_value());
}

TEST_CASE("commands that mean nothing are errors and draw nothing", "[core][draw]") {
  Canvas canvas(4);
  const Bytes before = canvas.pixels;
  DrawFill fill_command;
  fill_command.base.box = {0, 0, 5, 5};
  fill_command.brush.type = 7;
  CHECK(fill(canvas.surface, fill_command).error().code == ErrorCode::malformed);
  fill_command.brush = {1, SolidBrush{1}};
  fill_command.base.clip.type = 2;
  CHECK(fill(canvas.surface, fill_command).error().code == ErrorCode::malformed);
  fill_command.base.clip.type = clip_none;
  fill_command.base.box.right = (1 << 20) + 1;
  CHECK(fill(canvas.surface, fill_command).error().code == ErrorCode::out_of_range);
  fill_command.base = {};
  fill_command.base.clip.type = clip_rects;
  fill_command.base.clip.rects.resize(most_clip_rects + 1);
  CHECK(fill(canvas.surface, fill_command).error().code == ErrorCode::out_of_range);

  DrawCopy copy_command;
  copy_command.base.box = {0, 0, 2, 2};
  copy_command.src_area = {0, 0, 2, 2};
  CHECK(copy(canvas.surface, copy_command, {}).error().code == ErrorCode::malformed);
  const PixelView narrow{2, 2, surface_16_555, before.data(), 4};
  CHECK(copy(canvas.surface, copy_command, {narrow, {}, {}}).error().code ==
        ErrorCode::unsupported);
  copy_command.scale_mode = 2;
  CHECK(copy(canvas.surface, copy_command, {canvas.surface.view(), {}, {}}).error().code ==
        ErrorCode::malformed);
  CHECK(canvas.pixels == before);
}

TEST_CASE("empty and inverted rectangles draw nothing", "[core][draw]") {
  Canvas canvas(5);
  const Bytes before = canvas.pixels;
  for (const Rect& box : {Rect{5, 5, 5, 9}, Rect{9, 9, 2, 2}, Rect{0, 0, 0, 0}}) {
    DrawFill command;
    command.base.box = box;
    command.brush = {1, SolidBrush{0}};
    CHECK(fill(canvas.surface, command).has_value());
    DrawCopy copying;
    copying.base.box = box;
    copying.src_area = {0, 0, 3, 3};
    CHECK(copy(canvas.surface, copying, {canvas.surface.view(), {}, {}}).has_value());
    CHECK(copy_bits(canvas.surface, {{0, box, {}}, {1, 1}}).has_value());
  }
  CHECK(canvas.pixels == before);
}

}  // namespace spicebench::draw
