// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/image/jpeg_alpha.hpp"

#include <fmt/format.h>

#include "core/image/jpeg_library.hpp"
#include "core/image/lz.hpp"
#include "core/image/pixel_buffer.hpp"

namespace spicebench::image {

constexpr std::uint8_t top_down_flag = 1;

Result<Pixmap> decode_jpeg_alpha(BytesView data, std::uint32_t jpeg_size, std::uint8_t flags,
                                 std::uint32_t width, std::uint32_t height) {
  if (jpeg_size > data.size())
    return fail(ErrorCode::out_of_range,
                fmt::format("jpeg_size {} of {} bytes", jpeg_size, data.size()), 0, "jpeg_size");
  PixelBuffer pixels = TRY(JpegReader(JpegStyle::image).read(data.first(jpeg_size), width, height));
  auto alpha = decode_lz_alpha(data.subspan(jpeg_size), width, height, (flags & top_down_flag) != 0,
                               {pixels.data(), pixels.size()});
  if (!alpha) {
    alpha.error().offset += jpeg_size;
    return std::unexpected(std::move(alpha.error()));
  }
  return Pixmap{width, height, wire::display::surface_32_argb, width * 4, std::move(pixels).take()};
}

Result<JpegAlpha> encode_jpeg_alpha(const BitmapView& picture, int quality) {
  if (picture.format != wire::display::format_rgba)
    return fail(ErrorCode::unsupported,
                fmt::format("JPEG with alpha from {}, which has none",
                            wire::display::bitmap_format_name(picture.format)));
  CHECKED(check_image_size(picture.width, picture.height));
  JpegAlpha out{.data = TRY(encode_jpeg(picture, quality)), .flags = top_down_flag};
  out.jpeg_size = static_cast<std::uint32_t>(out.data.size());
  append(out.data, encode_lz_alpha(picture));
  return out;
}

}  // namespace spicebench::image
