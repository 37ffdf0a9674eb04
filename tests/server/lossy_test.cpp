// SPDX-License-Identifier: LGPL-2.1-or-later
// Which pixels a client may hold with lost quality, and which commands need exact ones
// (display-pipeline.md §16, row by row; test idea 7 of §31).
#include "server/display/lossy.hpp"

#include "tests/server/display_setup.hpp"

namespace spicebench::server {
namespace {

using namespace wire::display;
using spicebench::draw::Region;
namespace device = wire::device;

const Rect where{0, 0, 10, 10};

DrawItem drawing(device::Drawable drawable, bool covers = true, std::uint32_t surface = 0) {
  drawable.effect =
      static_cast<std::uint8_t>(covers ? device::DrawEffect::opaque : device::DrawEffect::blend);
  Rect box{};
  std::visit(
      [&](auto& body) {
        if constexpr (requires { body.base; }) {
          body.base.surface_id = surface;
          box = body.base.box;
        }
      },
      drawable.body);
  return drawing_of(wire::AnyMessage::of(device::DrawCommand{1, std::move(drawable)}), nullptr,
                    {box}, instant(0));
}
template <class Command>
device::Drawable of(Command command, Rect box = where) {
  command.base.box = box;
  device::Drawable drawable;
  drawable.body = std::move(command);
  return drawable;
}
std::optional<Image> surface_image(std::uint32_t id) {
  return Image{.type = static_cast<std::uint8_t>(ImageType::surface),
               .payload = SurfaceReference{id}};
}

// Surface 0 has lost quality in `where`, surface 1 everywhere that is drawn to.
LossyRegions lossy() {
  LossyRegions regions;
  regions.drawn(*drawing(draw::image(1, 0, 0, 0, 10, 0)), true);
  regions.drawn(*drawing(draw::image(2, 0, 0, 0, 10, 0), true, 1), true);
  return regions;
}
std::size_t needs(const device::Drawable& drawable) {
  LossyRegions regions = lossy();
  return regions.make_exact(*drawing(drawable, false)).size();
}
bool stays_lossy(const device::Drawable& drawable, bool loses = false, bool covers = true) {
  LossyRegions regions = lossy();
  const DrawItem item = drawing(drawable, covers);
  regions.make_exact(*item);
  regions.drawn(*item, loses);
  return !regions.of(0).empty();
}

}  // namespace

TEST_CASE("what was coded with loss is lossy until something exact covers it",
          "[server][display][lossy]") {
  LossyRegions regions = lossy();
  CHECK(regions.of(0) == Region{where});
  regions.drawn(*drawing(draw::fill(3, {0, 0, 5, 10}, 0)), false);
  CHECK(regions.of(0) == Region{{5, 0, 10, 10}});
  regions.exact(0, where);
  CHECK(regions.of(0).empty());
  CHECK_FALSE(regions.of(1).empty());
  regions.forget(1);
  CHECK(regions.of(1).empty());
}

TEST_CASE("fill: needs the old content with OR, AND and XOR, and is exact then",
          "[server][display][lossy]") {
  DrawFill fill{.brush = {static_cast<std::uint8_t>(BrushType::solid), SolidBrush{1}}};
  CHECK(needs(of(fill)) == 0);
  CHECK_FALSE(stays_lossy(of(fill)));
  for (const std::uint16_t rop : {ropd_or, ropd_and, ropd_xor}) {
    fill.rop_descriptor = rop;
    CHECK(needs(of(fill)) == 1);
  }
  fill.rop_descriptor = ropd_put;
  fill.brush = {static_cast<std::uint8_t>(BrushType::pattern),
                PatternBrush{.pattern = *surface_image(1)}};
  CHECK(needs(of(fill)) == 1);  // the pattern's surface
  fill.mask.bitmap = Image{};
  CHECK(stays_lossy(of(fill)));  // what the mask keeps
}

TEST_CASE("copy: needs nothing, and is as its source", "[server][display][lossy]") {
  DrawCopy copy{.src_bitmap = surface_image(1), .src_area = where};
  CHECK(needs(of(copy)) == 0);
  CHECK(stays_lossy(of(copy)));
  copy.src_bitmap = surface_image(7);  // exact
  CHECK_FALSE(stays_lossy(of(copy)));
  copy.src_bitmap = Image{.payload = Bitmap{}};
  CHECK(stays_lossy(of(copy), true));
  CHECK_FALSE(stays_lossy(of(copy), false));
}

TEST_CASE("copy_bits carries lost quality along", "[server][display][lossy]") {
  LossyRegions regions = lossy();
  regions.drawn(*drawing(draw::copy_bits(3, {20, 0, 30, 10}, {5, 5})), false);
  CHECK(regions.of(0).size() == 2);
  regions.drawn(*drawing(draw::copy_bits(4, {20, 0, 30, 10}, {50, 50})), false);
  CHECK(regions.of(0) == Region{where});
}

TEST_CASE("blend, transparent, rop3 and composite need exact sources", "[server][display][lossy]") {
  CHECK(needs(of(DrawBlend{.src_bitmap = surface_image(1)})) == 2);  // and the destination
  CHECK(needs(of(DrawTransparent{.src_bitmap = surface_image(1)})) == 1);
  DrawRop3 rop3;
  rop3.src_bitmap = surface_image(1);
  CHECK(needs(of(rop3)) == 2);
  CHECK_FALSE(stays_lossy(of(rop3)));
  DrawComposite composite;
  composite.src_bitmap = surface_image(1);
  CHECK(needs(of(composite)) == 2);
}

TEST_CASE("alpha_blend may lose quality; blackness is exact; invers changes nothing",
          "[server][display][lossy]") {
  DrawAlphaBlend blend;
  blend.src_bitmap = Image{.payload = Bitmap{}};
  CHECK(may_lose(of(blend)));
  CHECK(lossy_source(of(blend)) != nullptr);
  CHECK(needs(of(blend)) == 0);
  CHECK_FALSE(stays_lossy(of(DrawBlackness{})));
  CHECK_FALSE(stays_lossy(of(DrawWhiteness{})));
  CHECK(stays_lossy(of(DrawInvers{})));
  CHECK(needs(of(DrawInvers{})) == 0);
}

TEST_CASE("strokes and text need the old content with pattern brushes and OR, AND, XOR",
          "[server][display][lossy]") {
  DrawStroke stroke;
  stroke.brush = {static_cast<std::uint8_t>(BrushType::pattern),
                  PatternBrush{.pattern = *surface_image(1)}};
  CHECK(needs(of(stroke)) == 1);
  stroke.fore_mode = ropd_xor;
  CHECK(needs(of(stroke)) == 2);
  DrawText text;
  text.fore_brush = {static_cast<std::uint8_t>(BrushType::solid), SolidBrush{1}};
  text.fore_mode = ropd_xor;
  CHECK(needs(of(text)) == 0);
}

}  // namespace spicebench::server
