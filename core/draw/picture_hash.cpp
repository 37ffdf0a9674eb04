// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/draw/picture_hash.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace spicebench::draw {

using namespace wire::display;

namespace {

constexpr std::uint32_t tiles_for(std::uint32_t pixels) {
  return (pixels + PictureHash::tile - 1) / PictureHash::tile;
}

}  // namespace

PictureHash::PictureHash(const image::PixelView& picture)
    : width_(picture.width),
      height_(picture.height),
      columns_(tiles_for(picture.width)),
      format_(picture.format),
      tiles_(std::size_t{columns_} * tiles_for(picture.height)) {
  hash_tiles(picture, 0, 0, columns_, tiles_for(height_));
}

void PictureHash::update(const image::PixelView& picture, const Rect& area) {
  const auto within = [](std::int32_t value, std::uint32_t end) {
    return static_cast<std::uint32_t>(std::clamp<std::int64_t>(value, 0, end));
  };
  const std::uint32_t left = within(area.left, width_), right = within(area.right, width_),
                      top = within(area.top, height_), bottom = within(area.bottom, height_);
  if (left < right && top < bottom)
    hash_tiles(picture, left / tile, top / tile, tiles_for(right), tiles_for(bottom));
}

void PictureHash::hash_tiles(const image::PixelView& picture, std::uint32_t left, std::uint32_t top,
                             std::uint32_t right, std::uint32_t bottom) {
  const std::uint32_t bits = image::bits_per_pixel(format_), visible = visible_bits(format_);
  std::array<std::byte, std::size_t{tile} * tile * 4> pixels{};
  for (std::uint32_t row = top; row < bottom; ++row)
    for (std::uint32_t column = left; column < right; ++column) {
      const std::uint32_t wide = std::min(tile, width_ - column * tile),
                          high = std::min(tile, height_ - row * tile);
      const std::size_t bytes = image::row_bytes(format_, wide);
      // Whole words, so that masking needs no tail; what is beyond the row is hashed as zero.
      const std::size_t stride = (bytes + 3) / 4 * 4;
      for (std::uint32_t y = 0; y < high; ++y) {
        std::byte* to = pixels.data() + y * stride;
        std::memset(to + stride - 4, 0, 4);
        std::memcpy(to, picture.row(row * tile + y) + std::size_t{column} * tile * bits / 8, bytes);
        for (std::size_t i = 0; i < stride; i += 4) {
          std::uint32_t word;
          std::memcpy(&word, to + i, 4);
          word &= visible;
          std::memcpy(to + i, &word, 4);
        }
      }
      tiles_[std::size_t{row} * columns_ + column] =
          hash128(BytesView(pixels).first(stride * high));
    }
}

Hash128 PictureHash::value() const {
  Hasher hasher;
  hasher.add(static_cast<std::uint64_t>(format_));
  hasher.add(width_);
  hasher.add(height_);
  for (const Hash128& one : tiles_) hasher.add(one.bytes());
  return hasher.value();
}

Hash128 picture_hash(const image::PixelView& picture) {
  return PictureHash(picture).value();
}

}  // namespace spicebench::draw
