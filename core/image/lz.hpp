// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <span>

#include "core/base/result.hpp"
#include "core/base/shared_bytes.hpp"
#include "core/image/bitmap_view.hpp"
#include "core/image/pixmap.hpp"

// LZ images (image-codecs.md §5): a byte-oriented LZ77 over pixels. Three kinds of image carry
// such a stream, each its own types; any other pairing is an error.
//
// Errors of all decoders: truncated, out_of_range (sizes that differ from the descriptor's, units
// or references beyond the picture, palette index), malformed (magic, version, type, stride);
// `offset` counts bytes of `data`. Memory: the picture, and only if the stream is long enough to
// fill it. Bytes behind the last unit are ignored.
namespace spicebench::image {

// LZ_RGB (RGB16, RGB24, RGB32, RGBA, A8).
//   returns  surface_16_555 for RGB16, surface_32_xrgb with pad 0 for RGB24 and RGB32,
//            surface_32_argb, surface_8_a; top row first
Result<Pixmap> decode_lz_rgb(BytesView data, std::uint32_t width, std::uint32_t height);

// LZ_PLT (PLT1, PLT4, PLT8; either bit order): always colours, surface_32_xrgb with pad 0.
//   surface  surface_16_555: entries are 16-bit words, widened (canvas.md §2.2); surface_16_565,
//            surface_8_a and surface_1_a are errors (unsupported)
//   errors   4-bit indices count modulo the number of entries; any other index beyond the palette
//            and a palette without entries are out_of_range
Result<Pixmap> decode_lz_palette(BytesView data, std::uint32_t width, std::uint32_t height,
                                 const wire::display::Palette& palette, Format surface);

// The alpha part of JPEG_ALPHA (XXXA): byte 3 of every pixel of `pixels` is overwritten, the others
// stay.
//   pixels    width * height words of B, G, R, A without row padding, top row first
//   top_down  the flag of the image's descriptor; the stream must agree (malformed)
// On error the alpha of `pixels` is as before.
Result<void> decode_lz_alpha(BytesView data, std::uint32_t width, std::uint32_t height,
                             bool top_down, std::span<std::byte> pixels);

// A stream for LZ_PLT (formats 1bit_* to 8bit) or LZ_RGB (the others), of any of the ten formats.
// Coded in the order of the rows in memory, pad bytes and bit 15 of 16-bit pixels count as 0.
// Precondition: a known format, both sides within 1 to 32768.
SharedBytes encode_lz(const BitmapView& picture);

// The alpha of a picture of format_rgba for JPEG_ALPHA (type XXXA), from the top row down: the
// image's descriptor must carry the flag top-down.
SharedBytes encode_lz_alpha(const BitmapView& picture);

}  // namespace spicebench::image
