// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/guest/font.hpp"

#include <algorithm>

namespace spicebench::qxl {

using namespace wire::display;

// Letters are upright and crossing strokes; letter 0 is the space.
Font::Font(std::uint8_t raster, std::uint16_t width, std::uint16_t height, Random random)
    : raster_(raster), width_(width), height_(height) {
  const unsigned bits = glyph_bits(raster), most = (1u << bits) - 1;
  const std::size_t row_bytes = (width * bits + 7) / 8;
  glyphs_.emplace_back(Bytes(row_bytes * height));
  while (glyphs_.size() < letters) {
    Bytes rows(row_bytes * height);
    const auto ink = [&](std::uint32_t x, std::uint32_t y, unsigned coverage) {
      const unsigned shift = 8 - bits - x * bits % 8;  // the leftmost pixel in the highest bits
      rows[y * row_bytes + x * bits / 8] |= static_cast<std::byte>(coverage << shift);
    };
    const std::uint64_t upright = random.below(width - 1u);
    const std::uint64_t across = random.next();
    for (std::uint32_t y = 2; y < height; ++y) {
      ink(static_cast<std::uint32_t>(upright), y, most);
      if ((across >> y % 64 & 3) != 0) continue;
      for (std::uint32_t x = 0; x + 1u < width; ++x)
        if (x != upright) ink(x, y, (most + 1) / 2 + x % ((most + 1) / 2));
    }
    glyphs_.emplace_back(std::move(rows));
  }
}

DrawText Font::line(Point at, std::span<const std::uint8_t> text, Rect within, std::uint32_t ink,
                    std::optional<std::uint32_t> paper) const {
  constexpr auto solid = static_cast<std::uint8_t>(BrushType::solid);
  DrawText out;
  const auto end = at.x + width_ * static_cast<std::int32_t>(text.size());
  out.base.box = {std::max(at.y, within.top), std::max(at.x, within.left),
                  std::min(at.y + height_, within.bottom), std::min(end, within.right)};
  out.str.flags = raster_;
  std::int32_t x = at.x;
  for (const std::uint8_t letter : text) {
    out.str.glyphs.push_back({.render_pos = {x, at.y + height_},
                              .glyph_origin = {0, -height_},
                              .width = width_,
                              .height = height_,
                              .data = glyphs_[letter % letters]});
    x += width_;
  }
  out.fore_brush = {solid, SolidBrush{ink}};
  if (paper) {
    out.back_area = out.base.box;
    out.back_brush = {solid, SolidBrush{*paper}};
  }
  return out;
}

}  // namespace spicebench::qxl
