// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/image/png.hpp"

#include <fmt/format.h>
#include <png.h>

#include "core/image/pixel.hpp"

namespace spicebench::image {

using namespace wire::display;

Result<Bytes> encode_png(const PixelView& picture) {
  if (picture.format == surface_8_a || picture.format == surface_1_a)
    return fail(ErrorCode::unsupported, "a picture without colours as PNG");
  if (picture.width == 0 || picture.height == 0)
    return fail(ErrorCode::out_of_range, "an empty picture as PNG");
  Bytes rgb(std::size_t{picture.width} * picture.height * 3);
  std::byte* to = rgb.data();
  for (std::uint32_t y = 0; y < picture.height; ++y)
    for (std::uint32_t x = 0; x < picture.width; ++x) {
      const Argb argb = argb_of_word(picture.format, word_at(picture.format, picture.row(y), x));
      *to++ = static_cast<std::byte>(argb >> 16);
      *to++ = static_cast<std::byte>(argb >> 8);
      *to++ = static_cast<std::byte>(argb);
    }
  png_image png{};
  png.version = PNG_IMAGE_VERSION;
  png.width = picture.width;
  png.height = picture.height;
  png.format = PNG_FORMAT_RGB;
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(png);
  Bytes file(size);
  if (png_image_write_to_memory(&png, file.data(), &size, 0, rgb.data(), 0, nullptr) == 0)
    return fail(ErrorCode::internal, fmt::format("libpng: {}", png.message));
  file.resize(size);
  return file;
}

Result<Pixmap> decode_png(BytesView file) {
  png_image png{};
  png.version = PNG_IMAGE_VERSION;
  if (png_image_begin_read_from_memory(&png, file.data(), file.size()) == 0)
    return fail(ErrorCode::malformed, fmt::format("not a PNG file: {}", png.message));
  if (png.width > 32768 || png.height > 32768 ||
      std::uint64_t{png.width} * png.height > (1u << 29)) {
    png_image_free(&png);
    return fail(ErrorCode::out_of_range, fmt::format("a PNG of {} x {}", png.width, png.height));
  }
  png.format = PNG_FORMAT_BGRA;
  const std::size_t stride = std::size_t{png.width} * 4;
  Bytes pixels(stride * png.height);
  if (png_image_finish_read(&png, nullptr, pixels.data(), 0, nullptr) == 0)
    return fail(ErrorCode::malformed, fmt::format("a damaged PNG file: {}", png.message));
  for (std::size_t i = 3; i < pixels.size(); i += 4) pixels[i] = std::byte{0};
  return Pixmap{png.width, png.height, surface_32_xrgb, static_cast<std::uint32_t>(stride),
                std::move(pixels)};
}

}  // namespace spicebench::image
