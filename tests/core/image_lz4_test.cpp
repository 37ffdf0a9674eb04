// SPDX-License-Identifier: LGPL-2.1-or-later
// LZ4 images against the streams of real encoders (tests/vectors), and against themselves.
#include <rapidcheck.h>
#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>

#include "core/image/lz4_image.hpp"
#include "tests/core/image_vectors.hpp"

namespace {
using namespace spicebench;
using namespace spicebench::image;
using namespace spicebench::image_vectors;
namespace display = wire::display;

TEST_CASE("every LZ4 vector decodes to the pixels of the real client", "[core][image][lz4]") {
  for (const auto& entry : entries("vectors", "lz4")) {
    INFO(entry.at("id"));
    const auto picture = decode_lz4(file(entry.at("encoded")), entry.at("w"), entry.at("h"));
    REQUIRE(picture);
    CHECK(has_digests(*picture, entry));
  }
}

TEST_CASE("LZ4 images of ours decode to the same pixels", "[core][image][lz4]") {
  for (const auto& entry : entries("vectors", "lz4")) {
    INFO(entry.at("id"));
    const Bytes raw = file(entry.at("raw"));
    const SharedBytes stream = encode_lz4(view_of(entry, raw));
    CHECK((stream[0] == std::byte{1}) == entry.at("top_down").get<bool>());
    const auto picture = decode_lz4(stream, entry.at("w"), entry.at("h"));
    REQUIRE(picture);
    CHECK(has_digests(*picture, entry));
    CHECK(stream.size() <= entry.at("encoded_size").get<std::size_t>());
  }
}

TEST_CASE("a broken LZ4 image is an error or a picture as its vector says", "[core][image][lz4]") {
  for (const auto& entry : entries("corrupt", "lz4")) {
    INFO(entry.at("id") << " " << entry.at("change"));
    const auto picture =
        decode_lz4(file(entry.at("file")), entry.at("descriptor_w"), entry.at("descriptor_h"));
    if (entry.at("expected") == "must_reject") CHECK_FALSE(picture);
  }
}

TEST_CASE("LZ4 is not for alpha masks and palettes", "[core][image][lz4]") {
  CHECK_FALSE(lz4_takes(display::format_8bit_a));
  CHECK_FALSE(lz4_takes(display::format_8bit));
  CHECK(lz4_takes(display::format_16bit));
  CHECK(lz4_takes(display::format_rgba));
}

TEST_CASE("LZ4 of any picture", "[core][image][lz4]") {
  rc::prop("rows with padding and bottom-up rows come back in order", [] {
    const auto width = *rc::gen::inRange<std::uint32_t>(1, 60);
    const auto height = *rc::gen::inRange<std::uint32_t>(1, 20);
    const auto padding = *rc::gen::inRange<std::size_t>(0, 5);
    const bool bottom_up = *rc::gen::arbitrary<bool>();
    const std::size_t row = std::size_t{width} * 4 + padding;
    const auto few = *rc::gen::inRange(1, 256);
    Bytes raw(row * height);
    for (auto& byte : raw) byte = static_cast<std::byte>(*rc::gen::inRange(0, few));
    const BitmapView source{
        display::format_rgba, width, height, raw.data() + (bottom_up ? row * (height - 1) : 0),
        bottom_up ? -static_cast<std::ptrdiff_t>(row) : static_cast<std::ptrdiff_t>(row)};
    const auto picture = decode_lz4(encode_lz4(source), width, height);
    RC_ASSERT(picture.has_value());
    for (std::uint32_t y = 0; y < height; ++y)
      RC_ASSERT(std::equal(source.row(y), source.row(y) + std::size_t{width} * 4,
                           picture->view().row(y)));
  });
  rc::prop("a damaged stream is an error or a picture", [] {
    static const auto list = entries("vectors", "lz4");
    const auto& entry = list.at(*rc::gen::inRange<std::size_t>(0, list.size()));
    Bytes stream = file(entry.at("encoded"));
    const auto at = *rc::gen::inRange<std::size_t>(0, stream.size());
    stream[at] ^= static_cast<std::byte>(*rc::gen::inRange(1, 256));
    stream.resize(*rc::gen::inRange<std::size_t>(at, stream.size() + 1));
    const auto picture = decode_lz4(stream, entry.at("w"), entry.at("h"));
    if (picture)
      RC_ASSERT(picture->pixels.size() == std::size_t{picture->stride} * picture->height);
    else
      RC_ASSERT(picture.error().offset <= stream.size());
  });
}

}  // namespace
