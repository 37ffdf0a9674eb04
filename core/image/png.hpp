// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include "core/base/bytes.hpp"
#include "core/base/result.hpp"
#include "core/image/pixmap.hpp"

namespace spicebench::image {

// A PNG file of the picture as a screen shows it: 8-bit RGB, pad and alpha ignored. Equal pixels
// give equal bytes. Errors: unsupported (formats without colour), out_of_range (an empty picture).
Result<Bytes> encode_png(const PixelView& picture);

// A PNG file as xRGB (pad 0); any colour type, alpha dropped. Errors: malformed, out_of_range
// (a side over 32768).
Result<Pixmap> decode_png(BytesView file);

}  // namespace spicebench::image
