// SPDX-License-Identifier: LGPL-2.1-or-later
// JPEG, JPEG_ALPHA and MJPEG against the files of real encoders and what real decoders made of them
// (tests/vectors), and against themselves.
#include <rapidcheck.h>
#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>
#include <cstring>

#include "core/image/jpeg.hpp"
#include "core/image/jpeg_alpha.hpp"
#include "core/image/jpeg_library.hpp"
#include "tests/core/image_vectors.hpp"

namespace {
using namespace spicebench;
using namespace spicebench::image;
using namespace spicebench::image_vectors;
namespace display = wire::display;

Result<Pixmap> decoded(const json& entry, BytesView data, std::uint32_t width,
                       std::uint32_t height) {
  if (entry.at("codec") == "jpeg") return decode_jpeg(data, width, height);
  return decode_jpeg_alpha(data, entry.at("jpeg_size"), entry.at("flags"), width, height);
}
// The largest difference of two colour bytes; the fourth byte of a pixel must be equal.
int difference(const Pixmap& picture, BytesView expected) {
  REQUIRE(picture.pixels.size() == expected.size());
  int largest = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const int found =
        std::abs(std::to_integer<int>(picture.pixels[i]) - std::to_integer<int>(expected[i]));
    if (i % 4 == 3) REQUIRE(found == 0);
    largest = std::max(largest, found);
  }
  return largest;
}

// Smooth enough for JPEG to be good at it, different at every place.
Bytes picture_of(std::uint32_t width, std::uint32_t height) {
  Bytes pixels;
  for (std::uint32_t y = 0; y < height; ++y)
    for (std::uint32_t x = 0; x < width; ++x)
      for (const std::uint32_t value : {2 * x + y, x + 2 * y, 200 - x, 3 * x + 40})
        pixels.push_back(static_cast<std::byte>(value));
  return pixels;
}

TEST_CASE("every JPEG vector decodes to the pixels of the real client", "[core][image][jpeg]") {
  for (const std::string codec : {"jpeg", "jpeg_alpha"})
    for (const auto& entry : entries("vectors", codec)) {
      INFO(entry.at("id"));
      const auto picture = decoded(entry, file(entry.at("encoded")), entry.at("w"), entry.at("h"));
      REQUIRE(picture);
      CHECK(difference(*picture, file(entry.at("decoded"))) == 0);
    }
}

TEST_CASE("JPEG files are written byte for byte as the real server does", "[core][image][jpeg]") {
  for (const auto& entry : entries("vectors", "jpeg")) {
    INFO(entry.at("id"));
    const Bytes raw = file(entry.at("raw"));
    const auto encoded = encode_jpeg(view_of(entry, raw), entry.at("quality"));
    REQUIRE(encoded);
    CHECK(*encoded == file(entry.at("encoded")));
  }
}

TEST_CASE("JPEG with alpha keeps the alpha and the real server's colour", "[core][image][jpeg]") {
  for (const auto& entry : entries("vectors", "jpeg_alpha")) {
    INFO(entry.at("id"));
    const Bytes raw = file(entry.at("raw"));
    const auto encoded = encode_jpeg_alpha(view_of(entry, raw), entry.at("quality"));
    REQUIRE(encoded);
    CHECK(encoded->jpeg_size == entry.at("jpeg_size"));
    CHECK(encoded->data.size() <= file(entry.at("encoded")).size() * 102 / 100);
    const auto picture = decode_jpeg_alpha(encoded->data, encoded->jpeg_size, encoded->flags,
                                           entry.at("w"), entry.at("h"));
    REQUIRE(picture);
    CHECK(difference(*picture, file(entry.at("decoded"))) == 0);
  }
}

TEST_CASE("a broken JPEG image is an error or a picture as its vector says",
          "[core][image][jpeg]") {
  for (const std::string codec : {"jpeg", "jpeg_alpha"})
    for (const auto& entry : entries("corrupt", codec)) {
      INFO(entry.at("id") << ": " << entry.at("change"));
      const auto picture = decoded(entry, file(entry.at("file")), entry.at("descriptor_w"),
                                   entry.at("descriptor_h"));
      if (entry.at("expected") == "must_reject") CHECK_FALSE(picture);
      if (entry.at("expected") == "accept_or_reject" && picture) {
        for (const auto& base : entries("vectors", codec))
          if (base.at("id") == entry.at("base"))
            CHECK(difference(*picture, file(base.at("decoded"))) == 0);
      }
    }
}

TEST_CASE("a stream of JPEG files keeps its tables and presets the standard ones",
          "[core][image][jpeg]") {
  JpegReader whole(JpegStyle::stream), late(JpegStyle::stream);
  bool first = true;
  for (const auto& entry : manifest().at("mjpeg")) {
    INFO(entry.at("id"));
    const Bytes data = file(entry.at("encoded")), expected = file(entry.at("decoded"));
    for (JpegReader* reader : {&whole, &late}) {
      if (reader == &late && first) continue;  // its first frame was dropped on the way
      auto pixels = reader->read(data, entry.at("w"), entry.at("h"));
      REQUIRE(pixels);
      CHECK(std::memcmp(pixels->data(), expected.data(), expected.size()) == 0);
    }
    first = false;
  }
}

TEST_CASE("a file of a stream decodes bottom-up to the same rows in reverse",
          "[core][image][jpeg]") {
  const auto& entry = manifest().at("mjpeg").at(0);
  const Bytes data = file(entry.at("encoded")), expected = file(entry.at("decoded"));
  const std::uint32_t width = entry.at("w"), height = entry.at("h");
  JpegReader reader(JpegStyle::stream);
  auto pixels = reader.read(data, width, height, RowOrder::bottom_up);
  REQUIRE(pixels);
  for (std::uint32_t y = 0; y < height; ++y)
    REQUIRE(std::memcmp(pixels->data() + std::size_t{y} * 4 * width,
                        expected.data() + std::size_t{height - 1 - y} * 4 * width, 4 * width) == 0);
}

TEST_CASE("a JPEG file that claims more than its image descriptor takes no memory",
          "[core][image][jpeg]") {
  const auto entry = entries("vectors", "jpeg").front();
  Bytes data = file(entry.at("encoded"));
  std::size_t frame = 0;  // the SOF0 segment: ff c0, length, precision, height, width
  while (data[frame] != std::byte{0xff} || data[frame + 1] != std::byte{0xc0}) ++frame;
  const auto claim = [&](std::uint32_t width, std::uint32_t height) {
    for (int i = 0; i < 2; ++i) {
      data[frame + 5 + i] = static_cast<std::byte>(height >> (8 - 8 * i));
      data[frame + 7 + i] = static_cast<std::byte>(width >> (8 - 8 * i));
    }
  };
  claim(65500, 65500);
  auto picture = decode_jpeg(data, 75, 60);
  REQUIRE_FALSE(picture);
  CHECK(picture.error().code == ErrorCode::out_of_range);
  // The descriptor tells the same lie: 1,500 bytes cannot hold a gigabyte of pixels.
  claim(16384, 16384);
  picture = decode_jpeg(data, 16384, 16384);
  REQUIRE_FALSE(picture);
  CHECK(picture.error().code == ErrorCode::truncated);
  picture = decode_jpeg(data, 65500, 65500);
  REQUIRE_FALSE(picture);
  CHECK(picture.error().code == ErrorCode::out_of_range);
}

TEST_CASE("what JPEG cannot encode is refused", "[core][image][jpeg]") {
  const Bytes pixels(64);
  const auto refused = [&](BitmapView view, int quality) {
    const auto encoded = encode_jpeg(view, quality);
    REQUIRE_FALSE(encoded);
    return encoded.error().code;
  };
  CHECK(refused({display::format_8bit, 4, 4, pixels.data(), 4}, 85) == ErrorCode::unsupported);
  CHECK(refused({display::format_32bit, 0, 4, pixels.data(), 0}, 85) == ErrorCode::out_of_range);
  CHECK(refused({display::format_32bit, 4, 4, pixels.data(), 16}, 0) == ErrorCode::out_of_range);
  CHECK(refused({display::format_32bit, 65501, 1, pixels.data(), 0}, 9) == ErrorCode::out_of_range);
  const auto alpha = encode_jpeg_alpha({display::format_32bit, 4, 4, pixels.data(), 16});
  REQUIRE_FALSE(alpha);
  CHECK(alpha.error().code == ErrorCode::unsupported);
}

TEST_CASE("JPEG files of any size survive their journey, whole or damaged", "[core][image][jpeg]") {
  rc::prop("a picture comes back in its size, close to what it was", [] {
    const auto width = *rc::gen::inRange(1u, 70u), height = *rc::gen::inRange(1u, 40u);
    const Bytes pixels = picture_of(width, height);
    const auto encoded = encode_jpeg(
        {display::format_32bit, width, height, pixels.data(), std::ptrdiff_t{4} * width}, 100);
    RC_ASSERT(encoded.has_value());
    const auto picture = decode_jpeg(*encoded, width, height);
    RC_ASSERT(picture.has_value());
    RC_ASSERT(picture->width == width && picture->height == height);
  });
  rc::prop("the first bytes of a file are an error that names a place in them", [] {
    const Bytes whole = file("jpeg/rgb32-gradient-33x17-q50.jpg");
    const auto length = *rc::gen::inRange<std::size_t>(0, whole.size() - 40);
    const auto picture = decode_jpeg(BytesView(whole).first(length), 33, 17);
    RC_ASSERT(!picture.has_value());
    RC_ASSERT(picture.error().offset <= length);
  });
  rc::prop("flipped bits give an error or a picture of the announced size", [] {
    const bool alpha = *rc::gen::arbitrary<bool>();
    Bytes data =
        file(alpha ? "jpeg/alpha-rgba-photo-75x60-q85.bin" : "jpeg/rgb32-photo-75x60-q85.jpg");
    const auto flips = *rc::gen::inRange(1, 6);
    for (int i = 0; i < flips; ++i)
      data[*rc::gen::inRange<std::size_t>(0, data.size())] ^=
          static_cast<std::byte>(1u << *rc::gen::inRange(0, 8));
    const auto picture =
        alpha ? decode_jpeg_alpha(data, 1457, 1, 75, 60) : decode_jpeg(data, 75, 60);
    if (picture) RC_ASSERT(picture->pixels.size() == 75u * 60u * 4u);
  });
}

}  // namespace
