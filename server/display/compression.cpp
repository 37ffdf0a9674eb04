// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/display/compression.hpp"

#include "core/image/glz.hpp"
#include "core/image/jpeg_alpha.hpp"
#include "core/image/lz.hpp"
#include "core/image/lz4_image.hpp"
#include "core/image/quic.hpp"
#include "server/constants.hpp"
#include "server/display/graduality.hpp"

namespace spicebench::server {

using namespace wire::display;

namespace {

bool is_rgb(std::uint8_t format) {
  return format >= format_16bit && format <= format_rgba;
}

ImageType lz_type(std::uint8_t format) {
  return format <= format_8bit ? ImageType::lz_plt : ImageType::lz_rgb;
}

// What the automatic modes choose between.
bool is_photograph(const Bitmap& bitmap) {
  return is_rgb(bitmap.format) && graduality_of(view_of(bitmap)) == Graduality::high;
}

// Bytes in the pads of 32-bit pixels, if all are the same.
std::optional<std::byte> uniform_pad(const Bitmap& bitmap) {
  const image::BitmapView view = view_of(bitmap);
  const std::byte first = view.row(0)[3];
  for (std::uint32_t y = 0; y < view.height; ++y)
    for (std::size_t at = 3; at < view.row_bytes(); at += 4)
      if (view.row(y)[at] != first) return std::nullopt;
  return first;
}

// Sees to it that codecs, which drop the pads of xRGB, lose nothing: zeros come back by themselves,
// ones by a flag, and so do those that pixels of 16 bits get on a surface of 32. False: it cannot
// be done.
bool keep_pads(Image& image, const CompressionSetting& setting) {
  auto& bitmap = std::get<Bitmap>(image.payload);
  if (bitmap.format == format_16bit) image.flags |= high_bits_set;
  if (bitmap.format != format_32bit || (image.flags & high_bits_set) != 0) return true;
  const auto pad = uniform_pad(bitmap);
  if (pad == std::byte{0}) return true;
  if (pad == std::byte{0xff}) {
    image.flags |= high_bits_set;
  } else if (setting.pads_as_alpha) {
    bitmap.format = format_rgba;
  } else {
    return false;
  }
  return true;
}

// A smooth picture at less than full quality, if that is smaller. False: it stays as it is.
bool compress_with_loss(Image& image) {
  const Bitmap& bitmap = std::get<Bitmap>(image.payload);
  const image::BitmapView view = view_of(bitmap);
  const std::uint64_t raw = std::uint64_t{bitmap.stride} * bitmap.y;
  if (bitmap.format == format_rgba) {
    if (bitmap.stride != view.row_bytes()) return false;
    auto coded = image::encode_jpeg_alpha(view);
    if (!coded || coded->data.size() > raw) return false;
    image.type = static_cast<std::uint8_t>(ImageType::jpeg_alpha);
    image.payload =
        JpegAlphaData{coded->flags, coded->jpeg_size, SharedBytes(std::move(coded->data))};
    return true;
  }
  auto coded = image::encode_jpeg(view);
  if (!coded || coded->size() > raw) return false;
  image.type = static_cast<std::uint8_t>(ImageType::jpeg);
  image.payload = SizedData{SharedBytes(*std::move(coded))};
  return true;
}

}  // namespace

bool lost_quality(const Image& image) {
  return image.type == static_cast<std::uint8_t>(ImageType::jpeg) ||
         image.type == static_cast<std::uint8_t>(ImageType::jpeg_alpha);
}

image::BitmapView view_of(const Bitmap& bitmap) {
  const auto stride = static_cast<std::ptrdiff_t>(bitmap.stride);
  const bool from_top = (bitmap.flags & top_down) != 0;
  const std::byte* data = bitmap.data.data();
  return {.format = static_cast<BitmapFormat>(bitmap.format),
          .width = bitmap.x,
          .height = bitmap.y,
          .top = from_top ? data : data + stride * (std::ptrdiff_t{bitmap.y} - 1),
          .stride = from_top ? stride : -stride};
}

std::optional<ImageType> codec_for(const Bitmap& bitmap, const CompressionSetting& setting) {
  using enum ImageCompression;
  if (setting.wanted == off || std::uint64_t{bitmap.y} * bitmap.stride < least_compressed_bytes)
    return std::nullopt;
  const bool quic_ok = is_rgb(bitmap.format) && bitmap.x >= 3 && bitmap.y >= 3;
  const bool lz_ok = bitmap.stride == view_of(bitmap).row_bytes();
  ImageCompression mode = setting.wanted;
  if (mode == quic) return quic_ok ? std::optional(ImageType::quic) : std::nullopt;
  if (mode == auto_glz || mode == auto_lz) {
    if (quic_ok && (!lz_ok || is_photograph(bitmap))) return ImageType::quic;
    mode = mode == auto_glz ? glz : lz;
  }
  if (!lz_ok) return std::nullopt;
  if (mode == glz && setting.dictionary && setting.dictionary->takes(bitmap))
    return ImageType::glz_rgb;
  if (mode == lz4 && setting.lz4 && image::lz4_takes(static_cast<BitmapFormat>(bitmap.format)))
    return ImageType::lz4;
  return lz_type(bitmap.format);
}

void compress(Image& image, const CompressionSetting& setting) {
  const Bitmap& bitmap = std::get<Bitmap>(image.payload);
  const auto wanted = codec_for(bitmap, setting);
  if (!wanted) return;
  if (setting.jpeg && *wanted == ImageType::quic && compress_with_loss(image)) return;
  if (!keep_pads(image, setting)) return;
  const auto codec = codec_for(bitmap, setting);
  if (!codec) return;
  const image::BitmapView view = view_of(bitmap);
  SharedBytes coded;
  switch (*codec) {
    case ImageType::quic: {
      auto stream = image::encode_quic(view);
      if (!stream) return;
      coded = SharedBytes(*std::move(stream));
      break;
    }
    case ImageType::glz_rgb:
      coded = setting.dictionary->encode(bitmap);
      if (setting.wrap_glz) {
        if (SharedBytes wrapped = image::deflate_glz(coded); !wrapped.empty()) {
          const auto size = static_cast<std::uint32_t>(coded.size());
          image.type = static_cast<std::uint8_t>(ImageType::zlib_glz_rgb);
          image.payload = ZlibGlzData{size, std::move(wrapped)};
          return;
        }
      }
      break;
    case ImageType::lz4:
      coded = image::encode_lz4(view);
      break;
    default:
      coded = image::encode_lz(view);
  }
  const bool smaller = coded.size() <= std::uint64_t{bitmap.stride} * bitmap.y;
  if (!smaller && *codec != ImageType::glz_rgb) return;
  image.type = static_cast<std::uint8_t>(*codec);
  if (*codec == ImageType::lz_plt) {
    image.payload = LzPaletteData{.flags = bitmap.flags,
                                  .palette_id = bitmap.palette_id,
                                  .palette = bitmap.palette,
                                  .data = std::move(coded)};
  } else {
    image.payload = SizedData{std::move(coded)};
  }
}

}  // namespace spicebench::server
