// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/draw/pixel_rows.hpp"

#include <algorithm>
#include <cstring>

// Compiled with -O3 (core/CMakeLists.txt): with -O2, g++ 12 leaves these loops scalar.
namespace spicebench::draw {
namespace {

using namespace wire::display;
using image::load_word;
using image::store_word;

template <Format format, class Word>
void load_words(Argb* to, const std::byte* from, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i)
    to[i] = image::argb_of_word(format, load_word<Word>(from + i * sizeof(Word)));
}
template <Format format, class Word>
void store_words(std::byte* to, const Argb* from, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i)
    store_word(to + i * sizeof(Word), static_cast<Word>(image::word_of_argb(format, from[i])));
}

// Bytes are the components of pixels in memory, whatever their order: every one is treated alike.
using Byte = std::uint8_t;
constexpr std::size_t strip_pixels = 64;
using Strip = std::array<std::uint32_t, strip_pixels>;
template <class Body>
void for_each_strip(std::size_t count, Body body) {
  for (std::size_t i = 0; i < count; i += strip_pixels) body(i, std::min(count - i, strip_pixels));
}

void multiply_bytes(Byte* __restrict values, const Byte* __restrict factors, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const auto t = static_cast<std::uint16_t>(values[i] * factors[i] + 128);
    values[i] = static_cast<Byte>((t + (t >> 8)) >> 8);
  }
}
void over_bytes(Byte* __restrict under, const Byte* __restrict over, const Byte* __restrict factors,
                std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const auto t = static_cast<std::uint16_t>(under[i] * factors[i] + 128);
    const auto product = static_cast<std::uint16_t>(static_cast<std::uint16_t>(t + (t >> 8)) >> 8);
    const auto sum = static_cast<std::int16_t>(product + over[i]);
    under[i] = static_cast<Byte>(std::min<std::int16_t>(sum, 255));
  }
}
void weigh_bytes(Byte* __restrict a, const Byte* __restrict a_factors, const Byte* __restrict b,
                 const Byte* __restrict b_factors, std::size_t count) {
  const auto times = [](Byte x, Byte y) {
    const auto t = static_cast<std::uint16_t>(x * y + 128);
    return static_cast<std::uint16_t>(static_cast<std::uint16_t>(t + (t >> 8)) >> 8);
  };
  for (std::size_t i = 0; i < count; ++i) {
    const auto sum =
        static_cast<std::int16_t>(times(a[i], a_factors[i]) + times(b[i], b_factors[i]));
    a[i] = static_cast<Byte>(std::min<std::int16_t>(sum, 255));
  }
}
Byte* bytes_of(Argb* pixels) {
  return reinterpret_cast<Byte*>(pixels);
}
const Byte* bytes_of(const Argb* pixels) {
  return reinterpret_cast<const Byte*>(pixels);
}

}  // namespace

void load_row(Argb* to, Format format, const std::byte* row, std::size_t x, std::size_t count) {
  switch (format) {
    case surface_32_argb:
      std::memcpy(to, row + 4 * x, 4 * count);
      return;
    case surface_32_xrgb:
      return load_words<surface_32_xrgb, std::uint32_t>(to, row + 4 * x, count);
    case surface_16_555:
      return load_words<surface_16_555, std::uint16_t>(to, row + 2 * x, count);
    case surface_16_565:
      return load_words<surface_16_565, std::uint16_t>(to, row + 2 * x, count);
    case surface_8_a:
      return load_words<surface_8_a, std::uint8_t>(to, row + x, count);
    case surface_1_a:
      for (std::size_t i = 0; i < count; ++i) to[i] = image::bit_at(row, x + i) ? 0xff00'0000u : 0;
      return;
  }
}

void store_row(Format format, std::byte* row, std::size_t x, const Argb* from, std::size_t count) {
  switch (format) {
    case surface_32_argb:
      std::memcpy(row + 4 * x, from, 4 * count);
      return;
    case surface_32_xrgb:
      return store_words<surface_32_xrgb, std::uint32_t>(row + 4 * x, from, count);
    case surface_16_555:
      return store_words<surface_16_555, std::uint16_t>(row + 2 * x, from, count);
    case surface_16_565:
      return store_words<surface_16_565, std::uint16_t>(row + 2 * x, from, count);
    case surface_8_a:
      return store_words<surface_8_a, std::uint8_t>(row + x, from, count);
    case surface_1_a:
      for (std::size_t i = 0; i < count; ++i)
        image::put_word_at(surface_1_a, row, x + i, from[i] >> 31);
      return;
  }
}

void multiply_row(Argb* pixels, std::uint32_t factor, std::size_t count) {
  Strip factors;
  factors.fill(in_every_byte(factor));
  for_each_strip(count, [&](std::size_t at, std::size_t n) {
    multiply_bytes(bytes_of(pixels + at), bytes_of(factors.data()), 4 * n);
  });
}

void multiply_row(Argb* pixels, const std::uint8_t* factors, std::size_t count) {
  for_each_strip(count, [&](std::size_t at, std::size_t n) {
    Strip wide;
    for (std::size_t i = 0; i < n; ++i) wide[i] = in_every_byte(factors[at + i]);
    multiply_bytes(bytes_of(pixels + at), bytes_of(wide.data()), 4 * n);
  });
}

void multiply_row(Argb* pixels, const Argb* factors, std::size_t count) {
  multiply_bytes(bytes_of(pixels), bytes_of(factors), 4 * count);
}

void weigh_row(Argb* a, const Argb* a_factors, const Argb* b, const Argb* b_factors,
               std::size_t count) {
  weigh_bytes(bytes_of(a), bytes_of(a_factors), bytes_of(b), bytes_of(b_factors), 4 * count);
}

void over_row(Argb* under, const Argb* over, std::size_t count) {
  for_each_strip(count, [&](std::size_t at, std::size_t n) {
    Strip kept;
    for (std::size_t i = 0; i < n; ++i) kept[i] = in_every_byte(255 - (over[at + i] >> 24));
    over_bytes(bytes_of(under + at), bytes_of(over + at), bytes_of(kept.data()), 4 * n);
  });
}

void cover_row(Argb* pixels, Argb opaque_colour, const std::uint8_t* coverage, std::size_t count) {
  Strip colours, covered, kept;
  colours.fill(opaque_colour);
  for_each_strip(count, [&](std::size_t at, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) covered[i] = in_every_byte(coverage[at + i]);
    for (std::size_t i = 0; i < n; ++i) kept[i] = ~covered[i];
    weigh_row(pixels + at, kept.data(), colours.data(), covered.data(), n);
  });
}

void interpolate_row(Argb* out, const Corners& corners, std::uint32_t y_weight, std::size_t count) {
  const Byte *ul = bytes_of(corners.upper_left.data()), *ur = bytes_of(corners.upper_right.data()),
             *ll = bytes_of(corners.lower_left.data()), *lr = bytes_of(corners.lower_right.data()),
             *weights = bytes_of(corners.x_weights.data());
  Byte* __restrict to = bytes_of(out);
  const std::uint32_t lower = y_weight, upper = 128 - y_weight;
  for (std::size_t i = 0; i < 4 * count; ++i) {
    const auto right = static_cast<std::uint16_t>(weights[i]);
    const auto left = static_cast<std::uint16_t>(128 - right);
    const auto above = static_cast<std::uint16_t>(ul[i] * left + ur[i] * right),
               below = static_cast<std::uint16_t>(ll[i] * left + lr[i] * right);
    to[i] = static_cast<Byte>((above * upper + below * lower) >> 14);
  }
}

}  // namespace spicebench::draw
