// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include "core/image/jpeg.hpp"

namespace spicebench::image {

// The picture of a JPEG_ALPHA image (image-codecs.md §9.2): a JPEG file of jpeg_size bytes, then an
// LZ stream of type XXXA. flags: wire::display::JpegAlphaFlags; bit 0 must agree with the direction
// in the LZ header.
//   returns   surface_32_argb, colour as decoded (it was premultiplied before), top row first
//   errors    those of decode_jpeg and of the LZ stream, out_of_range (jpeg_size, sizes),
//             malformed (type or direction of the alpha part); offset counts bytes of data
Result<Pixmap> decode_jpeg_alpha(BytesView data, std::uint32_t jpeg_size, std::uint8_t flags,
                                 std::uint32_t width, std::uint32_t height);

struct JpegAlpha {
  Bytes data;
  std::uint32_t jpeg_size = 0;
  std::uint8_t flags = 0;
};
// Colour and alpha of a picture of format_rgba, alpha coded from the top row down.
// Errors: those of encode_jpeg, unsupported (another format).
Result<JpegAlpha> encode_jpeg_alpha(const BitmapView& picture, int quality = default_jpeg_quality);

}  // namespace spicebench::image
