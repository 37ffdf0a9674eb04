// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/display/compression.hpp"

#include <rapidcheck.h>
#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>

#include "core/base/random.hpp"
#include "core/image/decode.hpp"
#include "server/display/graduality.hpp"

// What each bitmap is sent with (display-pipeline.md §14), and that nothing of it is lost.
namespace spicebench::server {

using namespace wire::display;
using enum ImageCompression;

namespace {

Bitmap bitmap_of(std::uint8_t format, std::uint32_t width, std::uint32_t height,
                 std::uint32_t extra = 0) {
  Bitmap out{.format = format, .x = width, .y = height};
  out.stride = (width * bitmap_bits(format) + 7) / 8 + extra;
  out.data = SharedBytes(Bytes(std::size_t{out.stride} * height));
  if (format <= format_8bit) out.palette = Palette{.unique = 7, .entries = {1, 2, 3}};
  return out;
}
// A photograph, to the eye of the automatic modes.
Bitmap smooth(std::uint8_t format = format_32bit) {
  Bitmap out = bitmap_of(format, 64, 64);
  Bytes data;
  for (std::uint32_t y = 0; y < 64; ++y)
    for (std::uint32_t x = 0; x < 64; ++x)
      append_little_endian(data, (2 * x) << 16 | (3 * y) << 8 | (x + y), bitmap_bits(format) / 8);
  out.data = SharedBytes(std::move(data));
  return out;
}

std::string codec_of(const Bitmap& bitmap, ImageCompression wanted, bool lz4 = true,
                     bool of_command = true) {
  image::GlzDictionary dictionary(1 << 20);
  const auto codec = codec_for(
      bitmap, {.wanted = wanted, .lz4 = lz4, .dictionary = of_command ? &dictionary : nullptr});
  return codec ? std::string(image_type_name(static_cast<std::uint8_t>(*codec))) : "none";
}

}  // namespace

TEST_CASE("the codec of a bitmap follows from the mode and its format", "[server][compression]") {
  struct Row {
    ImageCompression wanted;
    const char *rgb, *photograph, *palette, *alpha, *padded, *small;
  };
  const Row rows[] = {
      {off, "none", "none", "none", "none", "none", "none"},
      {quic, "quic", "quic", "none", "none", "quic", "none"},
      {lz, "lz_rgb", "lz_rgb", "lz_plt", "lz_rgb", "none", "none"},
      {glz, "glz_rgb", "glz_rgb", "lz_plt", "lz_rgb", "none", "none"},
      {lz4, "lz4", "lz4", "lz_plt", "lz_rgb", "none", "none"},
      {auto_lz, "lz_rgb", "quic", "lz_plt", "lz_rgb", "quic", "none"},
      {auto_glz, "glz_rgb", "quic", "lz_plt", "lz_rgb", "quic", "none"},
  };
  for (const Row& row : rows) {
    INFO(image_compression_name(static_cast<std::uint8_t>(row.wanted)));
    CHECK(codec_of(bitmap_of(format_32bit, 40, 40), row.wanted) == row.rgb);
    CHECK(codec_of(smooth(), row.wanted) == row.photograph);
    CHECK(codec_of(bitmap_of(format_8bit, 40, 40), row.wanted) == row.palette);
    CHECK(codec_of(bitmap_of(format_8bit_a, 40, 40), row.wanted) == row.alpha);
    CHECK(codec_of(bitmap_of(format_24bit, 41, 40, 1), row.wanted) == row.padded);
    CHECK(codec_of(bitmap_of(format_32bit, 13, 1), row.wanted) == row.small);  // 52 bytes
  }
}

TEST_CASE("what a client or a place cannot have is replaced", "[server][compression]") {
  const Bitmap rgb = bitmap_of(format_32bit, 40, 40);
  CHECK(codec_of(rgb, lz4, false) == "lz_rgb");        // the client cannot read it
  CHECK(codec_of(rgb, glz, true, false) == "lz_rgb");  // no part of the dictionary
  CHECK(codec_of(bitmap_of(format_32bit, 1024, 1024), glz) == "lz_rgb");  // as large as the window
  CHECK(codec_of(bitmap_of(format_32bit, 2, 40), quic) == "none");
  CHECK(codec_of(bitmap_of(format_32bit, 2, 40), auto_lz) == "lz_rgb");
}

TEST_CASE("graduality tells photographs from pictures of programs", "[server][compression]") {
  CHECK(graduality_of(view_of(smooth())) == Graduality::high);
  CHECK(graduality_of(view_of(smooth(format_16bit))) == Graduality::low);  // steps of 8 and more
  const Bitmap plain = bitmap_of(format_32bit, 64, 64);
  CHECK(graduality_of(view_of(plain)) == Graduality::medium);  // nothing at all counts
  CHECK(graduality_of(view_of(bitmap_of(format_32bit, 64, 1))) == Graduality::low);
  Bitmap letters = bitmap_of(format_32bit, 64, 64);
  Bytes data(letters.data.size());
  for (std::size_t i = 0; i < data.size(); i += 12) data[i] = std::byte{0xff};
  letters.data = SharedBytes(std::move(data));
  CHECK(graduality_of(view_of(letters)) == Graduality::low);
}

TEST_CASE("no codec loses anything of an image", "[server][compression]") {
  rc::prop("pixels and pads are those of the bitmap", [] {
    const auto format = static_cast<std::uint8_t>(*rc::gen::inRange<int>(format_1bit_be, 11));
    RC_PRE(format != format_4bit_le);
    const auto wanted = static_cast<ImageCompression>(*rc::gen::inRange(1, 8));
    const auto width = static_cast<std::uint32_t>(*rc::gen::inRange(1, 50));
    const auto height = static_cast<std::uint32_t>(*rc::gen::inRange(1, 50));
    Bitmap bitmap = bitmap_of(format, width, height, *rc::gen::element(0u, 0u, 4u));
    if (bitmap.palette) {
      bitmap.palette->entries.clear();
      for (std::uint32_t i = 0; i < 256; ++i) bitmap.palette->entries.push_back(i * 0x010305);
    }
    bitmap.flags = *rc::gen::element<std::uint8_t>(0, top_down);
    // Noise, or few values, which codecs make something of.
    Random random(*rc::gen::arbitrary<std::uint32_t>());
    const std::uint64_t values = *rc::gen::element(2u, 256u);
    Bytes data(bitmap.data.size());
    for (auto& byte : data) byte = static_cast<std::byte>(random.below(values));
    bitmap.data = SharedBytes(std::move(data));

    image::GlzDictionary dictionary(1 << 20);
    image::GlzWindow window;
    Image image{.id = 1, .type = 0, .width = width, .height = height, .payload = bitmap};
    const Image plain = image;
    compress(image, {.wanted = wanted,
                     .lz4 = true,
                     .wrap_glz = *rc::gen::arbitrary<bool>(),
                     .pads_as_alpha = *rc::gen::arbitrary<bool>(),
                     .dictionary = &dictionary});
    const auto expected = image::decode(plain);
    const auto found = image::decode(image, {.glz = &window});
    RC_ASSERT(expected.has_value());
    RC_ASSERT(found.has_value());
    // As a surface of 32 bits gets them.
    const auto widened = [](const image::Pixmap& pixmap) {
      return image::convert(pixmap.view(), surface_32_xrgb);
    };
    const auto words = [](const image::Pixmap& pixmap) {
      Bytes out;
      const image::PixelView view = pixmap.view();
      for (std::uint32_t y = 0; y < view.height; ++y)
        append(out, BytesView(view.row(y), image::row_bytes(view.format, view.width)));
      return out;
    };
    if (format == format_16bit)
      RC_ASSERT(words(widened(*expected)) == words(widened(*found)));
    else
      RC_ASSERT(words(*expected) == words(*found));
  });
}

}  // namespace spicebench::server
