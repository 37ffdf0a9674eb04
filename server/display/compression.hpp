// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <optional>

#include "core/image/bitmap_view.hpp"
#include "core/image/glz_dictionary.hpp"
#include "core/wire/display_channel.hpp"

namespace spicebench::server {

// What decides how a bitmap is sent, beside its pixels.
struct CompressionSetting {
  wire::display::ImageCompression wanted = wire::display::ImageCompression::off;
  bool lz4 = false;       // the client can read it
  bool wrap_glz = false;  // GLZ in zlib, where that is smaller
  // Pads of 32-bit pixels that differ may go as an alpha channel, which is the same to this
  // command; else they keep a bitmap as it is.
  bool pads_as_alpha = false;
  bool jpeg = false;                           // what would go as QUIC may lose quality
  image::GlzDictionary* dictionary = nullptr;  // null: no GLZ, as for pictures of surfaces
};

// The codec that a bitmap is sent with; nothing: as it is (display-pipeline.md §14.1).
//
// DIFFERS: alpha masks of 8 bits never go as QUIC, which clients refuse. Pads of pixels are
// kept, since later commands can read them; the reference drops them with most codecs.
std::optional<wire::display::ImageType> codec_for(const wire::display::Bitmap& bitmap,
                                                  const CompressionSetting& setting);

// The image with its bitmap coded, if that is wanted and makes it smaller. GLZ is used in any case:
// the picture is in the dictionary by then.
//   precondition  the payload is a Bitmap whose data is stride * y bytes
void compress(wire::display::Image& image, const CompressionSetting& setting);

// Whether the pixels are not those that were coded.
bool lost_quality(const wire::display::Image& image);

// The pixels of a bitmap for an encoder. Valid as long as the bitmap.
image::BitmapView view_of(const wire::display::Bitmap& bitmap);

}  // namespace spicebench::server
