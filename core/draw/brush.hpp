// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/base/result.hpp"
#include "core/draw/command.hpp"
#include "core/draw/old_content.hpp"
#include "core/draw/rop.hpp"
#include "core/draw/surface.hpp"
#include "core/wire/display_types.hpp"

namespace spicebench::draw {

// A brush as words of the surface that it paints (canvas.md §4).
class Paint {
 public:
  // `pattern`: the tile of a pattern brush; `field`: the brush's name, for errors.
  // Errors: malformed (brush type, no tile), unsupported (a tile of another depth).
  static Result<Paint> of(const wire::display::Brush& brush,
                          const std::optional<PixelView>& pattern, const Surface& surface,
                          std::string_view field);
  // D = rop(brush, D) for a run of pixels. Precondition: not of a 1_A surface.
  void apply(Surface& surface, std::int32_t y, std::int32_t from, std::int32_t to, Rop rop) const;
  // The words of the run, as an operand. Precondition: room for them.
  void words(std::byte* out, std::int32_t y, std::int32_t from, std::size_t count,
             std::size_t word_bytes) const;
  // The one word of a brush that has no tile.
  std::optional<std::uint32_t> plain() const;

 private:
  std::uint32_t word_ = 0;
  std::optional<OldContent> tile_;
  wire::display::Point position_;
};

// Calls body(column, offset, count) for the pieces in which a run of `count` pixels crosses tiles
// of the given width; the run begins `distance` pixels right of a tile's left edge.
template <class Body>
void for_each_tile_piece(std::int64_t distance, std::uint32_t width, std::size_t count, Body body) {
  std::size_t column = modulo(distance, width);
  for (std::size_t offset = 0; offset < count; column = 0) {
    const std::size_t piece = std::min(count - offset, width - column);
    body(column, offset, piece);
    offset += piece;
  }
}

}  // namespace spicebench::draw
