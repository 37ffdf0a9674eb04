// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>

#include "core/base/result.hpp"
#include "core/base/shared_bytes.hpp"
#include "core/image/glz_window.hpp"
#include "core/image/pixmap.hpp"

namespace spicebench::image {

// A GLZ image (image-codecs.md §6), which may copy pixels of earlier images, and is kept in
// `window` for later ones. Every GLZ image that arrives must be decoded, drawn or not.
//   returns  surface_32_xrgb with pad 0 (RGB16 widened), surface_32_argb; top row first
//   errors   not_found: an image that it refers to is not in the window yet; nothing was changed,
//            try again when the window has stored another image (GlzWindow::stored())
//            out_of_range: sizes, references that can never be satisfied, an id that is there
//            already, more pixels than the window may hold; malformed; truncated
//            offset counts bytes of `data`. After any error the window is as before.
Result<Pixmap> decode_glz(BytesView data, std::uint32_t width, std::uint32_t height,
                          GlzWindow& window);

// The same stream inside zlib (§7). Inflation must give exactly `glz_data_size` bytes, and these
// are not more than a picture of that size can need; offsets of errors inside the GLZ stream count
// inflated bytes.
Result<Pixmap> decode_zlib_glz(BytesView data, std::uint32_t glz_data_size, std::uint32_t width,
                               std::uint32_t height, GlzWindow& window);

// A GLZ stream deflated as the reference server does. Empty when it is not worth it: streams below
// 100 bytes, and those that would not become smaller, are sent as they are.
SharedBytes deflate_glz(BytesView stream);

}  // namespace spicebench::image
