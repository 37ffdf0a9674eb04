// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>

#include "core/image/cursor.hpp"
#include "core/image/decode.hpp"
#include "core/image/pixel.hpp"
#include "core/image/png.hpp"

namespace spicebench::image {
namespace {

using namespace wire::display;

Image image_of(std::uint8_t format, std::uint32_t width, std::uint32_t height, std::uint32_t stride,
               Bytes data, std::uint8_t bitmap_flags = top_down) {
  Bitmap bitmap;
  bitmap.format = format;
  bitmap.flags = bitmap_flags;
  bitmap.x = width;
  bitmap.y = height;
  bitmap.stride = stride;
  bitmap.data = std::move(data);
  Image image;
  image.width = width;
  image.height = height;
  image.payload = std::move(bitmap);
  return image;
}
Bytes bytes(std::initializer_list<unsigned> values) {
  Bytes result;
  for (const unsigned value : values) result.push_back(static_cast<std::byte>(value));
  return result;
}
std::uint32_t pixel(const Pixmap& pixmap, std::uint32_t x, std::uint32_t y) {
  return word_at(pixmap.format, pixmap.view().row(y), x);
}

}  // namespace

TEST_CASE("a 32-bit picture with its top row first is not copied", "[core][image]") {
  const Image image = image_of(format_32bit, 1, 2, 8, Bytes(16, std::byte{7}));
  const auto pixmap = decode(image);
  REQUIRE(pixmap.has_value());
  CHECK(pixmap->pixels.data() == std::get<Bitmap>(image.payload).data.data());
  CHECK(pixmap->stride == 8);
}

TEST_CASE("without top_down the first row of the data is the lowest", "[core][image]") {
  const auto pixmap =
      decode(image_of(format_32bit, 1, 2, 4, bytes({1, 0, 0, 0, 2, 0, 0, 0}), 0)).value();
  CHECK(pixel(pixmap, 0, 0) == 2);
  CHECK(pixel(pixmap, 0, 1) == 1);
}

TEST_CASE("24-bit pixels get a pad of 0, high_bits_set one of ff", "[core][image]") {
  Image image = image_of(format_24bit, 1, 1, 4, bytes({1, 2, 3, 99}));
  CHECK(pixel(decode(image).value(), 0, 0) == 0x00030201);
  image.flags = high_bits_set;
  CHECK(pixel(decode(image).value(), 0, 0) == 0xff030201);
}

TEST_CASE("indices go through the palette, most significant bits first", "[core][image]") {
  Image one = image_of(format_1bit_be, 3, 1, 1, bytes({0b10100000}));
  std::get<Bitmap>(one.payload).palette = Palette{1, {10, 20}};
  const auto bits = decode(one).value();
  CHECK(pixel(bits, 0, 0) == 20);
  CHECK(pixel(bits, 1, 0) == 10);
  CHECK(pixel(bits, 2, 0) == 20);
  Image four = image_of(format_4bit_be, 2, 1, 1, bytes({0x21}));
  std::get<Bitmap>(four.payload).palette = Palette{1, {0, 0x11, 0x22}};
  CHECK(pixel(decode(four).value(), 0, 0) == 0x22);
  const auto narrow = decode(four, {surface_16_555, nullptr}).value();
  CHECK(narrow.format == surface_16_555);
  CHECK(pixel(narrow, 1, 0) == 0x11);
  CHECK(decode(four, {surface_16_565, nullptr}).error().code == ErrorCode::unsupported);
}

TEST_CASE("an index beyond its palette is an error, even in the last pixel", "[core][image]") {
  Image image = image_of(format_8bit, 2, 1, 2, bytes({0, 2}));
  std::get<Bitmap>(image.payload).palette = Palette{1, {5, 6}};
  CHECK(decode(image).error().code == ErrorCode::out_of_range);
  std::get<Bitmap>(image.payload).palette->entries.push_back(7);
  CHECK(decode(image).has_value());
}

TEST_CASE("palettes are kept on demand and found again until erased", "[core][image]") {
  PaletteCache cache;
  const DecodeContext context{surface_32_xrgb, &cache};
  Image image = image_of(format_8bit, 1, 1, 1, bytes({0}), top_down | pal_cache_me);
  std::get<Bitmap>(image.payload).palette = Palette{9, {0x42}};
  REQUIRE(decode(image, context).has_value());
  Image again = image_of(format_8bit, 1, 1, 1, bytes({0}), top_down | pal_from_cache);
  std::get<Bitmap>(again.payload).palette_id = 9;
  CHECK(pixel(decode(again, context).value(), 0, 0) == 0x42);
  CHECK(decode(again).error().code == ErrorCode::not_found);
  cache.erase(9);
  CHECK(decode(again, context).error().code == ErrorCode::not_found);
}

TEST_CASE("sizes that do not agree are errors before a pixel is read", "[core][image]") {
  struct Wrong {
    const char* what;
    Image image;
    ErrorCode code;
  };
  Image sides = image_of(format_32bit, 2, 1, 8, Bytes(8));
  sides.width = 3;
  Image none = image_of(format_8bit, 1, 1, 1, Bytes(1));
  for (const Wrong& wrong :
       {Wrong{"no width", image_of(format_32bit, 0, 1, 0, {}), ErrorCode::out_of_range},
        Wrong{"wide", image_of(format_32bit, 32769, 1, 200000, {}), ErrorCode::out_of_range},
        Wrong{"large", image_of(format_8bit_a, 32768, 16384, 32768, {}), ErrorCode::out_of_range},
        Wrong{"stride", image_of(format_32bit, 2, 1, 7, Bytes(8)), ErrorCode::out_of_range},
        Wrong{"1-bit stride", image_of(format_1bit_be, 9, 1, 1, Bytes(8)), ErrorCode::out_of_range},
        Wrong{"data", image_of(format_32bit, 2, 2, 8, Bytes(15)), ErrorCode::truncated},
        Wrong{"data times stride", image_of(format_32bit, 1, 2, 0xfffffffc, Bytes(64)),
              ErrorCode::truncated},
        Wrong{"sides", sides, ErrorCode::out_of_range},
        Wrong{"format 0", image_of(0, 1, 1, 4, Bytes(4)), ErrorCode::malformed},
        Wrong{"format 11", image_of(11, 1, 1, 4, Bytes(4)), ErrorCode::malformed},
        Wrong{"palette", none, ErrorCode::malformed},
        Wrong{"1bit_le colours", image_of(format_1bit_le, 1, 1, 1, Bytes(1)),
              ErrorCode::unsupported}}) {
    INFO(wrong.what);
    const auto result = decode(wrong.image);
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().code == wrong.code);
  }
}

TEST_CASE("an image of the dictionary needs one, and a reserved type has no pixels",
          "[core][image]") {
  Image glz;
  glz.type = static_cast<std::uint8_t>(ImageType::glz_rgb);
  glz.width = glz.height = 1;
  glz.payload = SizedData{};
  CHECK(decode(glz).error().code == ErrorCode::unsupported);
  Image reserved;
  reserved.type = 2;
  reserved.width = reserved.height = 1;
  CHECK(decode(reserved).error().code == ErrorCode::malformed);
}

TEST_CASE("masks of both bit orders give the same bits", "[core][image]") {
  const auto le = decode_mask(image_of(format_1bit_le, 8, 1, 1, bytes({0b00010011}))).value();
  const auto be = decode_mask(image_of(format_1bit_be, 8, 1, 1, bytes({0b11001000}))).value();
  CHECK(le.pixels == be.pixels);
  CHECK(decode_mask(image_of(format_32bit, 1, 1, 4, Bytes(4))).error().code ==
        ErrorCode::malformed);
}

TEST_CASE("components expand by replication and shrink by truncation", "[core][image]") {
  CHECK(argb_of_word(surface_16_555, 0x2a9f) == 0xff52a5ff);
  CHECK(word_of_argb(surface_16_555, 0xff498762) == (9u << 10 | 16u << 5 | 12u));
  CHECK(argb_of_word(surface_16_565, 0xffff) == 0xffffffff);
  for (std::uint32_t word = 0; word < 0x8000; ++word)
    if (word_of_argb(surface_16_555, argb_of_word(surface_16_555, word)) != word) FAIL(word);
  for (std::uint32_t word = 0; word < 0x10000; ++word)
    if (word_of_argb(surface_16_565, argb_of_word(surface_16_565, word)) != word) FAIL(word);
}

TEST_CASE("a screen survives PNG, and equal screens give equal files", "[core][image]") {
  Bytes pixels;
  for (unsigned i = 0; i < 5 * 3 * 4; ++i) pixels.push_back(static_cast<std::byte>(i * 7));
  const Pixmap screen{5, 3, surface_32_xrgb, 20, pixels};
  const Bytes file = encode_png(screen.view()).value();
  for (std::size_t i = 3; i < pixels.size(); i += 4) pixels[i] = std::byte{0};
  CHECK(encode_png(Pixmap{5, 3, surface_32_xrgb, 20, pixels}.view()).value() == file);
  const Pixmap back = decode_png(file).value();
  CHECK(back.width == 5);
  CHECK(back.height == 3);
  CHECK(back.pixels == SharedBytes(pixels));
}

TEST_CASE("what is no PNG or a damaged one is an error", "[core][image]") {
  CHECK_FALSE(decode_png(as_bytes("GIF89a")).has_value());
  CHECK_FALSE(decode_png({}).has_value());
  const Pixmap screen{64, 64, surface_32_xrgb, 256, Bytes(256 * 64, std::byte{3})};
  Bytes file = encode_png(screen.view()).value();
  file.resize(file.size() / 2);
  CHECK_FALSE(decode_png(file).has_value());
  CHECK_FALSE(encode_png(Pixmap{}.view()).has_value());
}

TEST_CASE("a mono shape of 5 x 3 that only inverts gets its outline", "[core][image][cursor]") {
  // canvas.md §15: AND all ones, XOR only the centre.
  const auto shape =
      decode_cursor({1, 1, 5, 3, 9, 1}, bytes({0xff, 0xff, 0xff, 0, 0b00100000, 0})).value();
  CHECK(shape.hot_spot_x == 5);  // clamped
  for (std::uint32_t y = 0; y < 3; ++y)
    for (std::uint32_t x = 0; x < 5; ++x) {
      const std::uint32_t expected = y != 1             ? 0
                                     : x == 2           ? 0xffffffff
                                     : x == 1 || x == 3 ? 0xff000000
                                                        : 0;
      CHECK(pixel(*shape.picture, x, y) == expected);
    }
}

TEST_CASE("a colour shape is opaque, transparent or a checkerboard by its mask",
          "[core][image][cursor]") {
  // 2 x 2: plain, masked colour, and two masked whites.
  Bytes data = bytes({1, 2, 3, 0, 4, 5, 6, 7, 255, 255, 255, 0, 255, 255, 255, 0, 0b01110000});
  const auto shape = decode_cursor({1, 6, 2, 2, 0, 0}, data).value();
  CHECK(pixel(*shape.picture, 0, 0) == 0xff030201);
  CHECK(pixel(*shape.picture, 1, 0) == 0x07060504);
  CHECK(pixel(*shape.picture, 0, 1) == 0xc0303030);
  CHECK(pixel(*shape.picture, 1, 1) == 0x30505050);
  data.pop_back();
  CHECK(decode_cursor({1, 6, 2, 2, 0, 0}, data).error().code == ErrorCode::truncated);
}

TEST_CASE("16-bit shapes expand without replication, 4-bit ones by palette",
          "[core][image][cursor]") {
  const auto sixteen = decode_cursor({1, 4, 1, 1, 0, 0}, bytes({0xff, 0x7f, 0})).value();
  CHECK(pixel(*sixteen.picture, 0, 0) == 0xfff8f8f8);
  Bytes data = bytes({0x12});
  for (unsigned i = 0; i < 16; ++i) append(data, bytes({i, 0, 0, 0}));
  data.push_back(std::byte{0});
  const auto four = decode_cursor({1, 2, 2, 1, 0, 0}, data).value();
  CHECK(pixel(*four.picture, 0, 0) == 0xff000001);
  CHECK(pixel(*four.picture, 1, 0) == 0xff000002);
}

TEST_CASE("shapes of unknown types are errors, of known ones without decoder are empty",
          "[core][image][cursor]") {
  CHECK(decode_cursor({1, 7, 1, 1, 0, 0}, Bytes(100)).error().code == ErrorCode::malformed);
  CHECK(decode_cursor({1, 0, 0, 1, 0, 0}, Bytes(100)).error().code == ErrorCode::out_of_range);
  CHECK(decode_cursor({1, 0, 1025, 1, 0, 0}, Bytes(9999)).error().code == ErrorCode::out_of_range);
  CHECK_FALSE(decode_cursor({1, 5, 1, 1, 0, 0}, Bytes(4)).value().picture.has_value());
}

}  // namespace spicebench::image
