// SPDX-License-Identifier: LGPL-2.1-or-later
// QUIC against the streams of real encoders (tests/vectors), the worked examples of its description
// and itself.
#include <rapidcheck.h>
#include <rapidcheck/catch.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "core/base/random.hpp"
#include "core/image/pixel.hpp"
#include "core/image/quic.hpp"
#include "tests/core/image_vectors.hpp"

namespace {
using namespace spicebench;
using namespace spicebench::image;
using namespace spicebench::image_vectors;
namespace display = wire::display;

Bytes bytes_of(std::initializer_list<unsigned> values) {
  Bytes bytes;
  for (const unsigned value : values) bytes.push_back(static_cast<std::byte>(value));
  return bytes;
}
Result<Pixmap> decode_any(BytesView stream, std::uint32_t width, std::uint32_t height) {
  return decode_quic(stream, width, height, QuicGray::accepted);
}
// Rows of `raw` without padding.
Bytes encoded(display::BitmapFormat format, std::uint32_t width, std::uint32_t height,
              const Bytes& raw) {
  BitmapView view{format, width, height, raw.data(), 0};
  view.stride = static_cast<std::ptrdiff_t>(view.row_bytes());
  return encode_quic(view).value();
}
const json& vector_named(const json& id) {
  const auto& vectors = manifest().at("vectors");
  return *std::ranges::find(vectors, id, [](const json& entry) { return entry.at("id"); });
}

TEST_CASE("every QUIC vector decodes to the pixels of the real client", "[core][image][quic]") {
  for (const auto& entry : entries("vectors", "quic")) {
    INFO(entry.at("id"));
    const Bytes stream = file(entry.at("encoded"));
    CHECK(static_cast<unsigned>(read_quic_header(stream).value().type) == entry.at("quic_type"));
    const auto picture = decode_any(stream, entry.at("w"), entry.at("h"));
    REQUIRE(picture);
    CHECK(has_digests(*picture, entry));
  }
}

TEST_CASE("QUIC streams of ours are those of the real encoder, byte for byte",
          "[core][image][quic]") {
  for (const auto& entry : entries("vectors", "quic")) {
    INFO(entry.at("id"));
    const Bytes raw = file(entry.at("raw"));
    CHECK(encode_quic(view_of(entry, raw)).value() == file(entry.at("encoded")));
  }
}

// Sooner or later than what the vectors ask for: we drop exactly what the real client drops.
TEST_CASE("a broken QUIC image is an error when the real client says so", "[core][image][quic]") {
  for (const auto& entry : entries("corrupt", "quic")) {
    INFO(entry.at("id"));
    const auto picture =
        decode_quic(file(entry.at("file")), entry.at("descriptor_w"), entry.at("descriptor_h"));
    const std::string real = entry.at("real_decoder").at("outcome");
    CHECK(picture.has_value() == real.ends_with("pixels"));
    if (picture && entry.at("expected") == "decodes_same")
      CHECK(has_digests(*picture, vector_named(entry.at("base"))));
  }
}

// image-codecs.md §4.10, §4.11.
TEST_CASE("QUIC codes the worked examples as they are worked", "[core][image][quic]") {
  CHECK(encoded(display::format_8bit_a, 4, 2, bytes_of({10, 12, 12, 12, 11, 13, 13, 13})) ==
        bytes_of({0x51, 0x55, 0x49, 0x43, 0,    0,    0,    0,    1, 0, 0,    0,    4, 0, 0, 0,
                  2,    0,    0,    0,    0x82, 0x80, 0x84, 0x94, 0, 0, 0x0c, 0xa1, 0, 0, 0, 0}));
  const auto four = bytes_of({0x60, 0x40, 0x20, 0}), other = bytes_of({0x5e, 0x40, 0x22, 0});
  Bytes raw;
  for (const Bytes& pixel : {four, four, other, other, four, four, four, four}) append(raw, pixel);
  CHECK(encoded(display::format_32bit, 4, 2, raw) ==
        bytes_of({0x51, 0x55, 0x49, 0x43, 0,    0,    0,    0,    4,    0,    0,
                  0,    4,    0,    0,    0,    2,    0,    0,    0,    0x80, 0x40,
                  0,    0xc0, 0x80, 0x84, 0x80, 0x80, 0x80, 0x80, 0x80, 0x83, 0x18,
                  0x01, 0x41, 0xf0, 0,    0,    0x40, 0x21, 0,    0,    0,    0}));
}

TEST_CASE("QUIC says what it will not take", "[core][image][quic]") {
  const Bytes gray = encoded(display::format_8bit_a, 2, 1, bytes_of({1, 2}));
  CHECK(decode_quic(gray, 2, 1).error().path == "type");
  CHECK(decode_any(gray, 1, 2).error().code == ErrorCode::out_of_range);
  const BitmapView indexed{display::format_8bit, 2, 1, gray.data(), 2};
  CHECK(encode_quic(indexed).error().code == ErrorCode::unsupported);
  const BitmapView empty{display::format_32bit, 0, 1, gray.data(), 0};
  CHECK(encode_quic(empty).error().code == ErrorCode::out_of_range);
  // 32768 x 16383 pixels in 28 bytes: refused before two gigabytes are asked for.
  Bytes vast = gray;
  store_little_endian(vast.data() + 8, 4, 4);
  store_little_endian(vast.data() + 12, 32768, 4);
  store_little_endian(vast.data() + 16, 16383, 4);
  CHECK(decode_quic(vast, 32768, 16383).error().code == ErrorCode::truncated);
}

TEST_CASE("no prefix of a QUIC stream is a picture, and what follows one is ignored",
          "[core][image][quic]") {
  for (const char* name : {"quic/rgb16-text-97x53.quic", "quic/rgba-runs-64x40.quic"}) {
    const Bytes stream = file(name);
    const auto header = read_quic_header(stream).value();
    for (std::size_t size = 0; size < stream.size(); ++size) {
      const Bytes prefix(stream.begin(), stream.begin() + static_cast<std::ptrdiff_t>(size));
      const auto picture = decode_quic(prefix, header.width, header.height);
      REQUIRE_FALSE(picture);
      CHECK(picture.error().code == ErrorCode::truncated);
      CHECK(picture.error().offset == size);
    }
    Bytes longer = stream;
    longer.resize(stream.size() + 7, std::byte{0xff});
    CHECK(decode_quic(longer, header.width, header.height)->pixels ==
          decode_quic(stream, header.width, header.height)->pixels);
  }
}

// A picture of every kind of texture at once: flat pieces, repeated rows, slopes and noise,
// changing at random places, so that runs begin and end everywhere.
struct Drawn {
  display::BitmapFormat format;
  std::uint32_t width, height;
  Bytes raw;  // rows without padding
};
Drawn drawn(std::uint64_t seed) {
  Random random(seed);
  constexpr display::BitmapFormat formats[] = {display::format_8bit_a, display::format_16bit,
                                               display::format_24bit, display::format_32bit,
                                               display::format_rgba};
  Drawn picture{.format = formats[random.below(std::size(formats))]};
  // Sides of 1 often, and rows that are longer than a level of the model's schedule.
  picture.width = static_cast<std::uint32_t>(random.chance(1, 5)   ? 1
                                             : random.chance(1, 8) ? random.between(2000, 7000)
                                                                   : random.between(1, 70));
  picture.height = static_cast<std::uint32_t>(
      random.chance(1, 5) || picture.width > 70 ? random.between(1, 3) : random.between(1, 70));
  const std::size_t pixel = display::bitmap_bits(picture.format) / 8, row = picture.width * pixel;
  picture.raw.resize(row * picture.height);
  std::uint64_t kind = 0;
  for (std::size_t i = 0; i < picture.raw.size(); i += pixel) {
    if (i % row == 0 || random.chance(1, 10)) kind = random.below(5);
    for (std::size_t c = i; c < i + pixel; ++c) {
      const auto left = i == 0 ? std::byte{} : picture.raw[c - pixel];
      const auto above = i < row ? std::byte{} : picture.raw[c - row];
      const auto slope = static_cast<std::byte>(std::to_integer<int>(left) + (kind == 2 ? 1 : -2));
      picture.raw[c] = kind == 0   ? left
                       : kind == 1 ? above
                       : kind == 4 ? static_cast<std::byte>(random.next())
                                   : slope;
    }
  }
  return picture;
}
// The bits that a stream keeps of a pixel of the format, as the decoder gives it.
std::uint32_t kept(const Drawn& drawn, std::size_t index) {
  const std::size_t pixel = display::bitmap_bits(drawn.format) / 8;
  const auto word =
      static_cast<std::uint32_t>(load_little_endian(drawn.raw.data() + index * pixel, pixel));
  return drawn.format == display::format_16bit   ? word & 0x7fff
         : drawn.format == display::format_32bit ? word & 0xff'ffff
                                                 : word;
}

TEST_CASE("QUIC gives back every picture, as long as rows are coded from the top",
          "[core][image][quic]") {
  rc::prop("decode(encode(picture)) == picture", [](std::uint64_t seed) {
    const Drawn source = drawn(seed);
    const Bytes stream = encoded(source.format, source.width, source.height, source.raw);
    const auto picture = decode_any(stream, source.width, source.height);
    RC_ASSERT(picture.has_value());
    const std::size_t word = bits_per_pixel(picture->format) / 8;
    for (std::size_t i = 0; i < picture->area(); ++i)
      RC_ASSERT(load_little_endian(picture->pixels.data() + i * word, word) == kept(source, i));
    // The same from the bottom up, with padded rows.
    const std::size_t bytes = source.raw.size() / source.height, stride = bytes + 5;
    Bytes turned(stride * source.height, std::byte{0xaa});
    for (std::size_t y = 0; y < source.height; ++y)
      std::copy_n(source.raw.begin() + static_cast<std::ptrdiff_t>(y * bytes), bytes,
                  turned.begin() + static_cast<std::ptrdiff_t>((source.height - 1 - y) * stride));
    const BitmapView view{source.format, source.width, source.height,
                          turned.data() + stride * (source.height - 1),
                          -static_cast<std::ptrdiff_t>(stride)};
    RC_ASSERT(encode_quic(view).value() == stream);
  });
}

TEST_CASE("a QUIC stream with wrong bits is an error in it or a picture of the announced size",
          "[core][image][quic]") {
  rc::prop("flips never lead outside", [](std::uint64_t seed) {
    const Drawn source = drawn(seed);
    Bytes stream = encoded(source.format, source.width, source.height, source.raw);
    Random random(seed + 1);
    for (auto flips = random.between(1, 4); flips > 0; --flips)
      stream[random.below(stream.size())] ^= static_cast<std::byte>(1u << random.below(8));
    if (random.chance(1, 3)) stream.resize(random.below(stream.size()) + 1);
    const auto picture = decode_any(stream, source.width, source.height);
    if (picture) {
      RC_ASSERT(picture->width == source.width && picture->height == source.height);
      RC_ASSERT(picture->pixels.size() == std::size_t{picture->stride} * picture->height);
    } else {
      RC_ASSERT(picture.error().offset <= stream.size());
      RC_ASSERT_FALSE(picture.error().detail.empty());
    }
  });
}

}  // namespace
