// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/image/jpeg.hpp"

#include "core/image/jpeg_library.hpp"

namespace spicebench::image {

Result<Pixmap> decode_jpeg(BytesView file, std::uint32_t width, std::uint32_t height) {
  PixelBuffer pixels = TRY(JpegReader(JpegStyle::image).read(file, width, height));
  return Pixmap{width, height, wire::display::surface_32_xrgb, width * 4, std::move(pixels).take()};
}

Result<Bytes> encode_jpeg(const BitmapView& picture, int quality) {
  return JpegWriter(JpegStyle::image).write(picture, quality);
}

}  // namespace spicebench::image
