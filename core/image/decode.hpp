// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include "core/base/result.hpp"
#include "core/image/glz_window.hpp"
#include "core/image/palette.hpp"
#include "core/image/pixmap.hpp"
#include "core/wire/display_types.hpp"

namespace spicebench::image {

struct DecodeContext {
  // Palette entries are raw words of the surface that is drawn to (canvas.md §2.1).
  Format surface = wire::display::surface_32_xrgb;
  PaletteCache* palettes = nullptr;  // none: an image that wants a cached palette is an error
  GlzWindow* glz = nullptr;          // none: an image of the global dictionary is an error
};

// The pixels of an image of any type in its native format (canvas.md §2), flag HIGH_BITS_SET
// applied.
//   returns  top row first; shares the message's bytes where their rows need no change
//   errors   out_of_range (sizes, stride, palette index), malformed, truncated, not_found (a cached
//            palette; an image of the dictionary that has not arrived: nothing has changed, try
//            again when it has), unsupported (a palette on a surface that has none); images that
//            are references (from_cache, surface) are malformed here, since whoever keeps caches
//            and surfaces resolves them first. Offsets count bytes of the image's data.
Result<Pixmap> decode(const wire::display::Image& image, const DecodeContext& context = {});

// The bitmap of a mask: 1BIT_LE and 1BIT_BE without palette become surface_1_a.
Result<Pixmap> decode_mask(const wire::display::Image& image);

// The format a drawing command sees on a surface (canvas.md §2.3, canvas_image).
Format canvas_format(Format native, Format surface);
// The same picture in another format (canvas.md §1.1).
//   pad  of the pixels of an xRGB result
Pixmap convert(const PixelView& picture, Format wanted, std::uint8_t pad = 0xff);

}  // namespace spicebench::image
