// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <vector>

#include "core/base/hash.hpp"
#include "core/image/pixmap.hpp"

namespace spicebench::draw {

// The bits of a 32-bit word of pixels that a screen can show: all but the pad of xRGB and 555.
constexpr std::uint32_t visible_bits(image::Format format) {
  if (format == wire::display::surface_32_xrgb) return 0x00ff'ffffu;
  return format == wire::display::surface_16_555 ? 0x7fff'7fffu : 0xffff'ffffu;
}

// A hash of what a picture shows: format, size and the bits that a screen can show. It is the hash
// of the hashes of tiles, so that after a small change only the tiles in it are read again.
class PictureHash {
 public:
  static constexpr std::uint32_t tile = 64;  // pixels, both sides

  // All of a picture.
  explicit PictureHash(const image::PixelView& picture);
  // The same picture after `area` of it (clipped to it) may have changed.
  // Precondition: format and size are those of the constructor's.
  void update(const image::PixelView& picture, const wire::display::Rect& area);
  Hash128 value() const;

 private:
  void hash_tiles(const image::PixelView& picture, std::uint32_t left, std::uint32_t top,
                  std::uint32_t right, std::uint32_t bottom);  // counted in tiles

  std::uint32_t width_, height_, columns_;
  image::Format format_;
  std::vector<Hash128> tiles_;
};

Hash128 picture_hash(const image::PixelView& picture);

}  // namespace spicebench::draw
