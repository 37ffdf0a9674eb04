// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include "core/base/result.hpp"
#include "core/image/palette.hpp"
#include "core/image/pixmap.hpp"

// Images that are not compressed (canvas.md §2.1).
namespace spicebench::image {

// The pixels of a BITMAP image. Palette entries are raw words of the surface that is drawn to.
//   returns  top row first, native format; shares the message's bytes where their rows need no
//            change
//   errors   as of image::decode
Result<Pixmap> decode_bitmap(const wire::display::Image& image, Format surface,
                             PaletteCache* palettes);

}  // namespace spicebench::image
