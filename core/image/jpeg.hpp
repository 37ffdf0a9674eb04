// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include "core/base/bytes.hpp"
#include "core/base/result.hpp"
#include "core/image/bitmap_view.hpp"
#include "core/image/pixmap.hpp"

namespace spicebench::image {

constexpr int default_jpeg_quality = 85;  // what servers use for images

// The picture of a JPEG image (image-codecs.md §9.1), one file from SOI to EOI.
//   width, height  of the image descriptor: the file must say the same, and nothing is allocated
//                  before it does
//   returns   surface_32_xrgb, pad 0, top row first
//   errors    malformed (the library's word for it), truncated (the file ends early), out_of_range
//             (size), unsupported (progressive, arithmetic, several scans: they cost memory and
//             time that the size does not bound); offset: where the library stood in the file
// Damaged coefficients are not errors: like a real client we show what the library makes of them.
Result<Pixmap> decode_jpeg(BytesView file, std::uint32_t width, std::uint32_t height);

// A baseline JFIF file, YCbCr 4:2:0, standard Huffman tables: byte for byte what a server with the
// same library writes. quality 1..100. The fourth byte of 32-bit pixels is dropped.
// Errors: out_of_range (a side of 0 or over 65500, quality), unsupported (formats without colour).
Result<Bytes> encode_jpeg(const BitmapView& picture, int quality = default_jpeg_quality);

}  // namespace spicebench::image
