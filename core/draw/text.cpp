// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>

#include "core/draw/brush.hpp"
#include "core/draw/draw.hpp"
#include "core/draw/glyphs.hpp"
#include "core/draw/pixel_rows.hpp"

// A string of glyphs over a background (canvas.md §8).
namespace spicebench::draw {
namespace {

using namespace wire::display;

// The fore brush as colours, which it is nowhere else: 16-bit words mean 5-5-5 on any surface, and
// patterns begin at the string.
class Ink {
 public:
  static Result<Ink> of(const Brush& brush, const std::optional<PixelView>& pattern,
                        const Surface& surface) {
    Ink ink;
    // Says what is wrong with a brush; what it makes of the colour is not used.
    CHECKED(Paint::of(brush, pattern, surface, "fore_brush"));
    if (const auto* solid = std::get_if<SolidBrush>(&brush.body))
      ink.colour_ = image::bits_per_pixel(surface.format()) == 16
                        ? image::argb_of_word(surface_16_555, solid->color & 0xffff)
                        : solid->color | 0xff00'0000u;
    if (const auto* body = std::get_if<PatternBrush>(&brush.body)) {
      ink.tile_.emplace(*pattern, surface);
      ink.position_ = body->position;
    }
    ink.is_none_ = static_cast<BrushType>(brush.type) == BrushType::none;
    return ink;
  }
  bool is_none() const { return is_none_; }
  // The colour of all pixels, if they have the same and it is opaque.
  std::optional<Argb> plain() const {
    if (tile_) return std::nullopt;
    return colour_;
  }
  // Those of a pattern, at offsets from the corner of the string. Precondition: not plain.
  void row(std::int64_t dx, std::int64_t dy, Argb* out, std::size_t count) const {
    const PixelView& tile = tile_->view();
    const std::byte* row = tile.row(modulo(dy - position_.y, tile.height));
    for_each_tile_piece(dx - position_.x, tile.width, count,
                        [&](std::size_t column, std::size_t offset, std::size_t piece) {
                          load_row(out + offset, tile.format, row, column, piece);
                        });
  }

 private:
  Argb colour_ = 0;
  std::optional<OldContent> tile_;
  Point position_;
  bool is_none_ = false;
};

void draw_glyphs(Surface& surface, const Region& region, const Coverage& coverage, const Ink& ink) {
  Piece colours, under;
  const Rect& box = coverage.box();
  for (const Rect& rect : region) {
    const Rect part = intersection(rect, box);
    if (is_empty(part)) continue;
    for (std::int32_t y = part.top; y < part.bottom; ++y) {
      std::byte* row = surface.row(static_cast<std::uint32_t>(y));
      for_each_piece(part.left, part.right, [&](std::int32_t x, std::size_t count) {
        const auto at = static_cast<std::size_t>(x);
        load_row(under.data(), surface.format(), row, at, count);
        if (const auto plain = ink.plain()) {
          cover_row(under.data(), *plain, coverage.row(y, x), count);
        } else {
          ink.row(x - coverage.left(), y - coverage.top(), colours.data(), count);
          multiply_row(colours.data(), coverage.row(y, x), count);
          over_row(under.data(), colours.data(), count);
        }
        store_row(surface.format(), row, at, under.data(), count);
      });
    }
  }
}

}  // namespace

Result<void> text(Surface& surface, const DrawText& command, const Resolved& images) {
  CHECKED(check_coordinates(command.base.box, "base.box"));
  CHECKED(check_coordinates(command.back_area, "back_area"));
  const Region region = TRY(region_of(command.base.box, bounds_of(surface), command.base.clip));
  const Coverage coverage = TRY(Coverage::of(command.str, bounds_of(region)));
  const Ink ink = TRY(Ink::of(command.fore_brush, images.pattern, surface));
  const Paint back = TRY(Paint::of(command.back_brush, images.back_pattern, surface, "back_brush"));
  if (!is_empty(command.back_area)) {
    if (command.fore_mode != ropd_put) return {};  // canvas.md §8.1: nothing at all is drawn
    if (surface.format() == surface_1_a) return no_effect("a background", surface.format());
    for (const Rect& rect : region) {
      const Rect part = intersection(rect, command.back_area);
      for (std::int32_t y = part.top; y < part.bottom && part.left < part.right; ++y)
        back.apply(surface, y, part.left, part.right, rop_copy);
    }
  }
  if (!ink.is_none()) draw_glyphs(surface, region, coverage, ink);
  return {};
}

}  // namespace spicebench::draw
