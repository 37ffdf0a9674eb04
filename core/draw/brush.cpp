// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/draw/brush.hpp"

#include <fmt/format.h>

#include <cstring>

namespace spicebench::draw {

using namespace wire::display;

Result<Paint> Paint::of(const Brush& brush, const std::optional<PixelView>& pattern,
                        const Surface& surface, std::string_view field) {
  Paint paint;
  switch (static_cast<BrushType>(brush.type)) {
    case BrushType::none:
      return paint;
    case BrushType::solid:
      if (const auto* solid = std::get_if<SolidBrush>(&brush.body)) paint.word_ = solid->color;
      return paint;
    case BrushType::pattern: {
      const auto* body = std::get_if<PatternBrush>(&brush.body);
      if (!body || !pattern)
        return fail(ErrorCode::malformed, "a pattern brush without its image", 0,
                    fmt::format("{}.pattern", field));
      CHECKED(check_raw_source(*pattern, surface.format()));
      paint.tile_.emplace(*pattern, surface);
      paint.position_ = body->position;
      return paint;
    }
  }
  return fail(ErrorCode::malformed, fmt::format("brush type {}, known: 0 to 2", brush.type), 0,
              fmt::format("{}.type", field));
}

std::optional<std::uint32_t> Paint::plain() const {
  if (tile_) return std::nullopt;
  return word_;
}

void Paint::apply(Surface& surface, std::int32_t y, std::int32_t from, std::int32_t to,
                  Rop rop) const {
  const std::size_t bytes = word_bytes(surface.format());
  std::byte* run = pixels_at(surface, y, from, bytes);
  const auto count = static_cast<std::size_t>(to - from);
  if (!tile_) return combine_solid(run, word_, count, bytes, rop);
  const PixelView& tile = tile_->view();
  const std::byte* row = tile.row(modulo(std::int64_t{y} - position_.y, tile.height));
  for_each_tile_piece(std::int64_t{from} - position_.x, tile.width, count,
                      [&](std::size_t column, std::size_t offset, std::size_t piece) {
                        combine(run + offset * bytes, row + column * bytes, piece, bytes, rop);
                      });
}

void Paint::words(std::byte* out, std::int32_t y, std::int32_t from, std::size_t count,
                  std::size_t word_bytes) const {
  if (!tile_) return combine_solid(out, word_, count, word_bytes, rop_copy);
  const PixelView& tile = tile_->view();
  const std::byte* row = tile.row(modulo(std::int64_t{y} - position_.y, tile.height));
  for_each_tile_piece(std::int64_t{from} - position_.x, tile.width, count,
                      [&](std::size_t column, std::size_t offset, std::size_t piece) {
                        std::memcpy(out + offset * word_bytes, row + column * word_bytes,
                                    piece * word_bytes);
                      });
}

}  // namespace spicebench::draw
