// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/image/decode.hpp"

#include <fmt/format.h>

#include "core/image/bitmap.hpp"
#include "core/image/pixel.hpp"

namespace spicebench::image {
namespace {

using namespace wire::display;

// One overload for each kind of payload.
struct Decoder {
  const Image& image;
  const DecodeContext& context;

  Result<Pixmap> operator()(std::monostate) const { return no_pixels(); }
  Result<Pixmap> operator()(const SurfaceReference&) const { return no_pixels(); }
  Result<Pixmap> operator()(const Bitmap&) const {
    return decode_bitmap(image, context.surface, context.palettes);
  }
  template <class Payload>
  Result<Pixmap> operator()(const Payload&) const {
    return fail(ErrorCode::unsupported,
                fmt::format("no codec for {} images in this build", image_type_name(image.type)), 0,
                "type");
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
  CHECKED(check_size(image));
  Pixmap pixmap = TRY(std::visit(Decoder{image, context}, image.payload));
  if ((image.flags & high_bits_set) == 0 || pixmap.format != surface_32_xrgb) return pixmap;
  return convert(pixmap.view(), surface_32_xrgb);  // pad 0xff
}

Format canvas_format(Format native, Format surface) {
  if (surface != surface_32_xrgb && surface != surface_32_argb) return surface;
  return native == surface_32_argb ? surface_32_argb : surface_32_xrgb;
}

Pixmap convert(const PixelView& picture, Format wanted) {
  const std::size_t stride = row_bytes(wanted, picture.width);
  const std::uint32_t pad = wanted == surface_32_xrgb ? 0xff00'0000u : 0;
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
