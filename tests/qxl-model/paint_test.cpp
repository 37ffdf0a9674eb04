// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/guest/paint.hpp"

#include <catch2/catch.hpp>
#include <set>

#include "qxl-model/guest/paint_rules.hpp"

// What the workload `paint` pushes.
namespace spicebench::qxl::test {

using namespace wire::display;

namespace {

const std::vector<Canvas> canvases{{0, 640, 480, surface_32_xrgb},
                                   {1, 300, 200, surface_32_argb},
                                   {2, 320, 180, surface_16_555},
                                   {3, 200, 150, surface_16_565}};

const Canvas& canvas(std::uint32_t id) {
  return canvases[id];
}

// What commands have in common, of a batch of them.
struct Seen {
  std::set<std::uint8_t> types, bitmap_formats, image_types, brushes, rop3s, operators;
  std::set<std::uint16_t> rops;
  std::set<std::uint32_t> surfaces;
  std::size_t masks = 0, clips = 0, stretched = 0, dashes = 0, curves = 0;

  void image(const std::optional<Image>& one) {
    if (!one) return;
    image_types.insert(one->type);
    if (const auto* bitmap = std::get_if<Bitmap>(&one->payload))
      bitmap_formats.insert(bitmap->format);
  }
  template <class Draw>
  void operator()(const Draw& draw) {
    surfaces.insert(draw.base.surface_id);
    clips += draw.base.clip.type == clip_rects;
    if constexpr (requires { draw.src_bitmap; }) image(draw.src_bitmap);
    if constexpr (requires { draw.brush; }) brushes.insert(draw.brush.type);
    if constexpr (requires { draw.rop_descriptor; }) rops.insert(draw.rop_descriptor);
    if constexpr (requires { draw.mask; }) {
      masks += draw.mask.bitmap.has_value();
      image(draw.mask.bitmap);
    }
    if constexpr (requires { draw.src_area; })
      stretched += width_of(draw.src_area) != width_of(draw.base.box);
    if constexpr (std::is_same_v<Draw, DrawRop3>) rop3s.insert(draw.rop3);
    if constexpr (std::is_same_v<Draw, DrawComposite>)
      operators.insert(composite_operator(draw.flags));
    if constexpr (std::is_same_v<Draw, DrawStroke>) {
      dashes += !draw.attr.style.empty();
      for (const PathSegment& segment : draw.path.segments)
        curves += (segment.flags & path_bezier) != 0;
    }
  }
  void operator()(std::monostate) { FAIL("an operation without a body"); }
};

Seen seen_in(std::uint64_t seed, std::size_t count) {
  Paint paint(Random(seed), canvases);
  Seen seen;
  for (std::size_t i = 0; i < count; ++i) {
    const auto drawable = paint.next();
    seen.types.insert(drawable.type);
    std::visit(seen, drawable.body);
  }
  return seen;
}

}  // namespace

TEST_CASE("paint has every operation with every kind of part", "[qxl][paint]") {
  const Seen seen = seen_in(1, 6000);
  CHECK(seen.types.size() == 14);
  CHECK(seen.surfaces.size() == canvases.size());
  CHECK(seen.bitmap_formats == std::set<std::uint8_t>{format_1bit_le, format_1bit_be,
                                                      format_4bit_be, format_8bit, format_16bit,
                                                      format_24bit, format_32bit, format_rgba,
                                                      format_8bit_a});
  CHECK(seen.image_types.size() == 3);
  CHECK(seen.brushes.size() == 3);
  CHECK(seen.rops.size() > 100);
  CHECK(seen.rop3s.size() > 150);
  CHECK(seen.operators.size() == rules::composite_operators().size());
  CHECK(seen.masks > 300);
  CHECK(seen.clips > 1000);
  CHECK(seen.stretched > 500);
  CHECK(seen.dashes > 50);
  CHECK(seen.curves > 50);
}

TEST_CASE("boxes and sources of paint are inside of what they are on", "[qxl][paint]") {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    Paint paint(Random(seed), canvases);
    for (int i = 0; i < 300; ++i) {
      const auto drawable = paint.next();
      INFO("seed " << seed << ", command " << i << " of type " << unsigned{drawable.type});
      std::visit(
          [](const auto& draw) {
            if constexpr (requires { draw.base; }) {
              const Canvas& target = canvas(draw.base.surface_id);
              const Rect& box = draw.base.box;
              CHECK_FALSE(is_empty(box));
              CHECK(box.left >= 0);
              CHECK(box.top >= 0);
              CHECK(box.right <= static_cast<std::int32_t>(target.width));
              CHECK(box.bottom <= static_cast<std::int32_t>(target.height));
            }
            if constexpr (requires { draw.src_area; }) {
              CHECK_FALSE(is_empty(draw.src_area));
              CHECK(draw.src_area.left >= 0);
              CHECK(draw.src_area.top >= 0);
              CHECK(draw.src_area.right <= static_cast<std::int32_t>(draw.src_bitmap->width));
              CHECK(draw.src_area.bottom <= static_cast<std::int32_t>(draw.src_bitmap->height));
            }
          },
          drawable.body);
    }
  }
}

TEST_CASE("what paint leaves out is listed with a reason, and is left out", "[qxl][paint]") {
  for (const auto& [what, why] : rules::left_out()) {
    CHECK_FALSE(what.empty());
    CHECK_FALSE(why.empty());
  }
  std::size_t ternary = 0;
  for (unsigned code = 0; code < 256; ++code)
    ternary += rules::has_rop3(static_cast<std::uint8_t>(code));
  CHECK(ternary == 218);
  CHECK_FALSE(rules::may_read(surface_32_xrgb, surface_32_argb));
  CHECK(rules::may_read(surface_32_argb, surface_32_xrgb));
}

}  // namespace spicebench::qxl::test
