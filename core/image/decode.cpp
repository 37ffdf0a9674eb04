// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/image/decode.hpp"

#include <fmt/format.h>

#include "core/image/bitmap.hpp"
#include "core/image/glz.hpp"
#include "core/image/jpeg.hpp"
#include "core/image/jpeg_alpha.hpp"
#include "core/image/lz.hpp"
#include "core/image/lz4_image.hpp"
#include "core/image/pixel.hpp"
#include "core/image/pixel_buffer.hpp"
#include "core/image/quic.hpp"

namespace spicebench::image {
namespace {

using namespace wire::display;

Result<GlzWindow*> window_of(const DecodeContext& context) {
  if (!context.glz)
    return fail(ErrorCode::unsupported, "there is no dictionary for GLZ images here", 0, "type");
  return context.glz;
}

// One overload for each kind of payload.
struct Decoder {
  const Image& image;
  const DecodeContext& context;

  Result<Pixmap> operator()(std::monostate) const { return no_pixels(); }
  Result<Pixmap> operator()(const SurfaceReference&) const { return no_pixels(); }
  Result<Pixmap> operator()(const Bitmap&) const {
    return decode_bitmap(image, context.surface, context.palettes);
  }
  Result<Pixmap> operator()(const SizedData& sized) const {
    switch (static_cast<ImageType>(image.type)) {
      case ImageType::quic:
        return decode_quic(sized.data, image.width, image.height);
      case ImageType::lz_rgb:
        return decode_lz_rgb(sized.data, image.width, image.height);
      case ImageType::glz_rgb:
        return decode_glz(sized.data, image.width, image.height, *TRY(window_of(context)));
      case ImageType::jpeg:
        return decode_jpeg(sized.data, image.width, image.height);
      case ImageType::lz4:
        return decode_lz4(sized.data, image.width, image.height);
      default:
        return no_pixels();
    }
  }
  Result<Pixmap> operator()(const LzPaletteData& lz) const {
    const Palette* palette = TRY(palette_of(
        {lz.flags, lz.palette_id, lz.palette ? &*lz.palette : nullptr}, context.palettes));
    return decode_lz_palette(lz.data, image.width, image.height, *palette, context.surface);
  }
  Result<Pixmap> operator()(const ZlibGlzData& glz) const {
    return decode_zlib_glz(glz.data, glz.glz_data_size, image.width, image.height,
                           *TRY(window_of(context)));
  }
  Result<Pixmap> operator()(const JpegAlphaData& jpeg) const {
    return decode_jpeg_alpha(jpeg.data, jpeg.jpeg_size, jpeg.flags, image.width, image.height);
  }
  Result<Pixmap> no_pixels() const {
    return fail(ErrorCode::malformed,
                fmt::format("image type {} ({}) has no pixels here", image.type,
                            image_type_name(image.type)),
                0, "type");
  }
};

}  // namespace

Result<Pixmap> decode(const Image& image, const DecodeContext& context) {
  CHECKED(check_image_size(image.width, image.height));
  Pixmap pixmap = TRY(std::visit(Decoder{image, context}, image.payload));
  if ((image.flags & high_bits_set) == 0 || pixmap.format != surface_32_xrgb) return pixmap;
  return convert(pixmap.view(), surface_32_xrgb);  // pad 0xff
}

Format canvas_format(Format native, Format surface) {
  if (surface != surface_32_xrgb && surface != surface_32_argb) return surface;
  return native == surface_32_argb ? surface_32_argb : surface_32_xrgb;
}

Pixmap convert(const PixelView& picture, Format wanted, std::uint8_t pad_byte) {
  const std::size_t stride = row_bytes(wanted, picture.width);
  const std::uint32_t pad = wanted == surface_32_xrgb ? std::uint32_t{pad_byte} << 24 : 0;
  Bytes pixels(stride * picture.height);
  for (std::uint32_t y = 0; y < picture.height; ++y) {
    const std::byte* from = picture.row(y);
    std::byte* to = pixels.data() + stride * y;
    for (std::uint32_t x = 0; x < picture.width; ++x) {
      const Argb argb = argb_of_word(picture.format, word_at(picture.format, from, x));
      put_word_at(wanted, to, x, word_of_argb(wanted, argb) | pad);
    }
  }
  return {picture.width, picture.height, wanted, static_cast<std::uint32_t>(stride),
          std::move(pixels)};
}

}  // namespace spicebench::image
