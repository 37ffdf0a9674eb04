// SPDX-License-Identifier: LGPL-2.1-or-later
// LZ against the streams of real encoders (tests/vectors), and against itself.
#include <rapidcheck.h>
#include <rapidcheck/catch.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "core/image/lz.hpp"
#include "core/image/lz_parse.hpp"
#include "core/image/pixel.hpp"
#include "tests/core/image_vectors.hpp"

namespace {
using namespace spicebench;
using namespace spicebench::image;
using namespace spicebench::image_vectors;
namespace display = wire::display;

Result<Pixmap> decoded(const json& entry, BytesView data, std::uint32_t width,
                       std::uint32_t height) {
  if (entry.contains("palette"))
    return decode_lz_palette(data, width, height, palette_of(entry), display::surface_32_xrgb);
  return decode_lz_rgb(data, width, height);
}
bool is_alpha_only(const json& entry) {
  return entry.at("format") == "xxxa";
}
const json& vector_named(const json& id) {
  for (const auto& entry : manifest().at("vectors"))
    if (entry.at("id") == id) return entry;
  FAIL("no vector " << id);
  return manifest();
}

TEST_CASE("every LZ vector decodes to the pixels of the real client", "[core][image][lz]") {
  for (const auto& entry : entries("vectors", "lz")) {
    INFO(entry.at("id"));
    const Bytes stream = file(entry.at("encoded"));
    if (is_alpha_only(entry)) {
      // The digest is of rows in the order of storage; these are all top-down.
      REQUIRE(entry.at("top_down").get<bool>());
      Bytes pixels(entry.at("w").get<std::size_t>() * entry.at("h").get<std::size_t>() * 4);
      REQUIRE(decode_lz_alpha(stream, entry.at("w"), entry.at("h"), true, pixels));
      CHECK(sha256(pixels) == entry.at("decoded_sha256").front().get<std::string>());
      continue;
    }
    const auto picture = decoded(entry, stream, entry.at("w"), entry.at("h"));
    REQUIRE(picture);
    CHECK(has_digests(*picture, entry));
  }
}

TEST_CASE("LZ streams of ours decode to the same pixels and are not longer than real ones",
          "[core][image][lz]") {
  std::size_t ours = 0, real = 0;
  for (const auto& entry : entries("vectors", "lz")) {
    INFO(entry.at("id"));
    const Bytes raw = file(entry.at("raw"));
    const BitmapView source = view_of(entry, raw);
    ours += is_alpha_only(entry) ? encode_lz_alpha(source).size() : encode_lz(source).size();
    real += entry.at("encoded_size").get<std::size_t>();
    if (is_alpha_only(entry)) {
      Bytes pixels(std::size_t{source.width} * source.height * 4);
      REQUIRE(decode_lz_alpha(encode_lz_alpha(source), source.width, source.height, true, pixels));
      CHECK(sha256(pixels) == entry.at("decoded_sha256").front().get<std::string>());
      continue;
    }
    const SharedBytes stream = encode_lz(source);
    const auto picture = decoded(entry, stream, source.width, source.height);
    REQUIRE(picture);
    CHECK(has_digests(*picture, entry));
    CHECK(stream.size() <= entry.at("encoded_size").get<std::size_t>() * 102 / 100 + 12);
  }
  CHECK(ours <= real);
}

TEST_CASE("a broken LZ image is an error or a picture as its vector says", "[core][image][lz]") {
  for (const std::string codec : {"lz", "lz_plt"})
    for (const auto& entry : entries("corrupt", codec)) {
      INFO(entry.at("id") << " " << entry.at("change"));
      const auto picture = decoded(entry, file(entry.at("file")), entry.at("descriptor_w"),
                                   entry.at("descriptor_h"));
      const std::string expected = entry.at("expected");
      if (expected == "must_reject") CHECK_FALSE(picture);
      if (expected == "decodes_same") CHECK(picture);
      if (picture && (expected == "decodes_same" || expected == "accept_or_reject"))
        CHECK(has_digests(*picture, vector_named(entry.at("base"))));
    }
}

TEST_CASE("an LZ stream belongs to one kind of image", "[core][image][lz]") {
  const Bytes pixels(64);
  const BitmapView colour{display::format_32bit, 4, 4, pixels.data(), 16};
  const BitmapView indices{display::format_8bit, 4, 4, pixels.data(), 4};
  const display::Palette palette{.entries = {1, 2}};
  CHECK(decode_lz_rgb(encode_lz(colour), 4, 4));
  CHECK(decode_lz_palette(encode_lz(indices), 4, 4, palette, display::surface_32_argb));
  CHECK_FALSE(decode_lz_rgb(encode_lz(indices), 4, 4));
  CHECK_FALSE(decode_lz_rgb(encode_lz_alpha(colour), 4, 4));
  CHECK_FALSE(decode_lz_palette(encode_lz(colour), 4, 4, palette, display::surface_32_xrgb));
  CHECK_FALSE(decode_lz_palette(encode_lz(indices), 4, 4, palette, display::surface_16_565));
  Bytes target(64);
  CHECK(decode_lz_alpha(encode_lz_alpha(colour), 4, 4, true, target));
  CHECK_FALSE(decode_lz_alpha(encode_lz_alpha(colour), 4, 4, false, target));
  CHECK_FALSE(decode_lz_alpha(encode_lz(colour), 4, 4, true, target));
}

TEST_CASE("palettes of 16-bit surfaces are widened", "[core][image][lz]") {
  const Bytes index(1);
  const SharedBytes stream = encode_lz({display::format_8bit, 1, 1, index.data(), 1});
  const display::Palette palette{.entries = {0x7c01}};
  const auto picture = decode_lz_palette(stream, 1, 1, palette, display::surface_16_555);
  REQUIRE(picture);
  CHECK(picture->format == display::surface_32_xrgb);
  CHECK(load_word<std::uint32_t>(picture->pixels.data()) == 0x00ff0008);
}

TEST_CASE("the size of an LZ picture is believed only if the stream can fill it",
          "[core][image][lz]") {
  Bytes stream(28);
  const Bytes pixel(4);
  const SharedBytes small = encode_lz({display::format_32bit, 1, 1, pixel.data(), 4});
  std::copy_n(small.data(), 28, stream.begin());
  store_big_endian(stream.data() + 12, 20000, 4);
  store_big_endian(stream.data() + 16, 20000, 4);
  store_big_endian(stream.data() + 20, 80000, 4);
  stream.resize(1000);
  const auto refused = decode_lz_rgb(stream, 20000, 20000);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::truncated);
}

// Pictures with repetitions: few different bytes, and a piece that comes again.
Bytes repetitive(std::size_t size) {
  const auto few = *rc::gen::inRange(1, 256);
  Bytes bytes(size);
  for (auto& byte : bytes) byte = static_cast<std::byte>(*rc::gen::inRange(0, few));
  const auto copies = *rc::gen::inRange(0, 4);
  for (int i = 0; i < copies && size > 1; ++i) {
    const auto from = *rc::gen::inRange<std::size_t>(0, size);
    const auto to = *rc::gen::inRange<std::size_t>(0, size);
    const std::size_t count = std::min(size - from, size - to);
    for (std::size_t k = 0; k < count; ++k) bytes[to + k] = bytes[from + k];
  }
  return bytes;
}

TEST_CASE("LZ of any picture", "[core][image][lz]") {
  rc::prop("what was encoded decodes to the pixels that were given", [] {
    const auto format = static_cast<display::BitmapFormat>(*rc::gen::inRange(6, 11));
    const auto width = *rc::gen::inRange<std::uint32_t>(1, 40);
    const auto height = *rc::gen::inRange<std::uint32_t>(1, 12);
    const auto padding = *rc::gen::inRange<std::uint32_t>(0, 3);
    const bool bottom_up = *rc::gen::arbitrary<bool>();
    BitmapView source{format, width, height};
    const std::size_t row = source.row_bytes() + padding;
    const Bytes raw = repetitive(row * height);
    source.top = raw.data() + (bottom_up ? row * (height - 1) : 0);
    source.stride =
        bottom_up ? -static_cast<std::ptrdiff_t>(row) : static_cast<std::ptrdiff_t>(row);
    const auto picture = decode_lz_rgb(encode_lz(source), width, height);
    RC_ASSERT(picture.has_value());
    const std::size_t from_bytes = display::bitmap_bits(format) / 8;
    const std::size_t to_bytes = bits_per_pixel(picture->format) / 8;
    for (std::uint32_t y = 0; y < height; ++y)
      for (std::size_t x = 0; x < width; ++x) {
        std::uint32_t given = 0, got = 0;
        std::memcpy(&given, source.row(y) + x * from_bytes, from_bytes);
        std::memcpy(&got, picture->view().row(y) + x * to_bytes, to_bytes);
        if (format == display::format_16bit) given &= 0x7fff;
        if (format == display::format_32bit) given &= 0xff'ffff;
        RC_ASSERT(given == got);
      }
  });
  rc::prop("a damaged stream is an error or a picture", [] {
    const auto& list = manifest().at("vectors");
    const auto& entry =
        list.at(*rc::gen::suchThat(rc::gen::inRange<std::size_t>(0, list.size()),
                                   [&](std::size_t i) { return list.at(i).at("codec") == "lz"; }));
    Bytes stream = file(entry.at("encoded"));
    const auto at = *rc::gen::inRange<std::size_t>(0, stream.size());
    stream[at] ^= static_cast<std::byte>(*rc::gen::inRange(1, 256));
    stream.resize(*rc::gen::inRange<std::size_t>(at, stream.size() + 1));
    const auto picture = decoded(entry, stream, entry.at("w"), entry.at("h"));
    if (picture)
      RC_ASSERT(picture->pixels.size() == std::size_t{picture->stride} * picture->height);
    else
      RC_ASSERT(picture.error().offset <= stream.size());
  });
}

TEST_CASE("equal units are counted to the first that differs", "[core][image][lz]") {
  rc::prop("as one by one", [] {
    Bytes a = repetitive(*rc::gen::inRange<std::size_t>(0, 100));
    Bytes b = a;
    if (!b.empty())
      b[*rc::gen::inRange<std::size_t>(0, b.size())] ^=
          std::byte{*rc::gen::arbitrary<unsigned char>()};
    const auto agrees = [&]<class Unit>(Unit) {
      const auto most = static_cast<std::uint32_t>(a.size() / Unit::size);
      std::uint32_t count = 0;
      while (count < most &&
             same_unit<Unit>(a.data() + count * Unit::size, b.data() + count * Unit::size))
        ++count;
      return count == equal_units<Unit>(a.data(), b.data(), most);
    };
    RC_ASSERT(agrees(ByteInput{}));
    RC_ASSERT(agrees(WordInput{}));
    RC_ASSERT(agrees(TripleInput{}));
    RC_ASSERT(agrees(ColourInput{}));
    RC_ASSERT(agrees(AlphaInput{}));
  });
}

}  // namespace
