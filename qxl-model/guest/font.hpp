// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/base/random.hpp"
#include "core/wire/display_drawing.hpp"

namespace spicebench::qxl {

// Glyphs of one size, made from a random stream, for the text operation.
class Font {
 public:
  //   raster         string_a1 or string_a4: bits of a pixel
  //   width, height  of every glyph, pixels; they stand one beside the other
  Font(std::uint8_t raster, std::uint16_t width, std::uint16_t height, Random random);

  std::int32_t width() const { return width_; }
  std::int32_t height() const { return height_; }
  static constexpr std::size_t letters = 64;

  // A line with its top left corner at `at`, drawn inside of `within` alone.
  //   text   letters, modulo their number
  //   ink    0x00RRGGBB
  //   paper  of the whole box, first; none: what is there stays
  // Its box is empty where nothing of it is within.
  wire::display::DrawText line(wire::display::Point at, std::span<const std::uint8_t> text,
                               wire::display::Rect within, std::uint32_t ink,
                               std::optional<std::uint32_t> paper) const;

 private:
  std::uint8_t raster_;
  std::uint16_t width_, height_;
  std::vector<SharedBytes> glyphs_;
};

}  // namespace spicebench::qxl
