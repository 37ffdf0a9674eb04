// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>

#include "core/base/result.hpp"
#include "core/base/shared_bytes.hpp"
#include "core/image/bitmap_view.hpp"
#include "core/image/pixmap.hpp"

namespace spicebench::image {

// An LZ4 image (image-codecs.md §8): two bytes of header, then blocks of one LZ4 stream, each
// with its big-endian size before it.
//   returns  surface_16_555, surface_32_xrgb (24BIT with pad 0, 32BIT with the pad bytes of the
//            stream), surface_32_argb; top row first
//   errors   truncated, malformed (format byte, a block that is refused or empty, rows missing),
//            out_of_range (sizes); offset counts bytes of `data`
Result<Pixmap> decode_lz4(BytesView data, std::uint32_t width, std::uint32_t height);

// The formats that existing clients take: not 8BIT_A, though a server may be asked for it.
constexpr bool lz4_takes(wire::display::BitmapFormat format) {
  return format >= wire::display::format_16bit && format <= wire::display::format_rgba;
}
// The picture as one block, rows in the order of memory. Precondition: lz4_takes(format), both
// sides within 1 to 32768.
SharedBytes encode_lz4(const BitmapView& picture);

}  // namespace spicebench::image
