// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cstdlib>

#include "core/image/decode.hpp"
#include "core/image/lz.hpp"
#include "core/image/quic.hpp"
#include "core/video/video_decoder.hpp"
#include "tests/fuzz/targets.hpp"

namespace spicebench::fuzz {

using namespace wire::display;

namespace {

struct Header {
  std::uint32_t width, height;
  std::uint8_t flags;
};
Header header_of(Input& input) {
  const auto width = static_cast<std::uint32_t>(input.number(1) + 1),
             height = static_cast<std::uint32_t>(input.number(1) + 1);
  return {width, height, static_cast<std::uint8_t>(input.number(1))};
}

// A picture is as large as it was said to be, and all its bytes are there.
void check(const Result<image::Pixmap>& picture, const Header& header) {
  if (!picture) return;
  const bool sound = picture->width == header.width && picture->height == header.height &&
                     picture->stride >= image::row_bytes(picture->format, picture->width) &&
                     picture->pixels.size() >= std::size_t{picture->stride} * picture->height;
  if (!sound) std::abort();
}

template <class Payload>
void decode(const Header& header, ImageType type, Payload payload,
            const image::DecodeContext& context = {}) {
  Image image;
  image.type = static_cast<std::uint8_t>(type);
  image.width = header.width;
  image.height = header.height;
  image.flags = (header.flags & 0x40) != 0 ? std::uint8_t{high_bits_set} : std::uint8_t{0};
  image.payload = std::move(payload);
  check(image::decode(image, context), header);
}
void sized(BytesView bytes, ImageType type) {
  Input input(bytes);
  const Header header = header_of(input);
  decode(header, type, SizedData{SharedBytes::copy_of(input.rest())});
}
Palette palette_of(Input& input, std::uint8_t flags) {
  Palette palette;
  palette.entries.resize((flags >> 3 & 7u) * 36u);
  for (std::uint32_t& entry : palette.entries) entry = static_cast<std::uint32_t>(input.number(1));
  return palette;
}

}  // namespace

void quic(BytesView bytes) {
  Input input(bytes);
  const Header header = header_of(input);
  check(image::decode_quic(input.rest(), header.width, header.height, image::QuicGray::accepted),
        header);
}

void lz(BytesView bytes) {
  Input input(bytes);
  const Header header = header_of(input);
  const image::Format surface = (header.flags & 4) != 0 ? surface_16_555 : surface_32_xrgb;
  switch (header.flags % 3) {
    case 0:
      return decode(header, ImageType::lz_rgb, SizedData{SharedBytes::copy_of(input.rest())});
    case 1: {
      LzPaletteData data{
          .flags = 0, .palette_id = 0, .palette = palette_of(input, header.flags), .data = {}};
      data.data = SharedBytes::copy_of(input.rest());
      return decode(header, ImageType::lz_plt, std::move(data), {surface, nullptr, nullptr});
    }
    default: {
      Bytes pixels(std::size_t{header.width} * header.height * 4);
      (void)image::decode_lz_alpha(input.rest(), header.width, header.height,
                                   (header.flags & 0x80) != 0, pixels);
    }
  }
}

void lz4(BytesView input) {
  sized(input, ImageType::lz4);
}
void jpeg(BytesView input) {
  sized(input, ImageType::jpeg);
}

void jpeg_alpha(BytesView bytes) {
  Input input(bytes);
  const Header header = header_of(input);
  const auto jpeg_size = static_cast<std::uint32_t>(input.number(2));
  decode(header, ImageType::jpeg_alpha,
         JpegAlphaData{header.flags, jpeg_size, SharedBytes::copy_of(input.rest())});
}

void bitmap(BytesView bytes) {
  Input input(bytes);
  const Header header = header_of(input);
  Bitmap bitmap;
  bitmap.format = header.flags % 12;
  bitmap.flags = static_cast<std::uint8_t>(input.number(1));
  bitmap.x = header.width;
  bitmap.y = header.height;
  bitmap.stride = static_cast<std::uint32_t>(input.number(2));
  if ((header.flags & 0x80) != 0) bitmap.palette = palette_of(input, header.flags);
  bitmap.data = SharedBytes::copy_of(input.rest());
  image::PaletteCache palettes;
  decode(header, ImageType::bitmap, bitmap, {surface_32_xrgb, &palettes, nullptr});
  decode(header, ImageType::bitmap, bitmap, {surface_16_555, &palettes, nullptr});
  Image mask;
  mask.width = header.width;
  mask.height = header.height;
  mask.payload = std::move(bitmap);
  check(image::decode_mask(mask), header);
}

void glz(BytesView bytes) {
  Input input(bytes);
  image::GlzWindow window(std::uint64_t{1} << 20);
  while (!input.empty()) {
    const Header header = header_of(input);
    const std::size_t size = input.number(2);
    const auto data = SharedBytes::copy_of(input.take(size));
    const image::DecodeContext context{surface_32_xrgb, nullptr, &window};
    if (header.flags % 2 == 0)
      decode(header, ImageType::glz_rgb, SizedData{data}, context);
    else
      decode(header, ImageType::zlib_glz_rgb,
             ZlibGlzData{header.width * header.height * 4 + header.flags, data}, context);
  }
}

void video(BytesView bytes) {
  Input input(bytes);
  const std::uint64_t first = input.number(1);
  const auto width = static_cast<std::uint32_t>(input.number(2) % 1024 + 1),
             height = static_cast<std::uint32_t>(input.number(2) % 1024 + 1);
  auto decoder = video::make_video_decoder(
      static_cast<std::uint8_t>(first % 8),
      first < 128 ? image::RowOrder::top_down : image::RowOrder::bottom_up);
  if (!decoder) return;
  while (!input.empty()) {
    const std::size_t size = input.number(2);
    const auto picture = (*decoder)->decode(input.take(size), width, height);
    if (picture && *picture) check(**picture, {width, height, 0});
  }
}

}  // namespace spicebench::fuzz
