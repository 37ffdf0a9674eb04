// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <cstring>

#include "core/image/pixmap.hpp"

// Single pixels: words of a format, and their components (canvas.md §1.1).
namespace spicebench::image {

// Words lie at any alignment: rows may be slices of a message.
template <class Word>
Word load_word(const std::byte* from) {
  Word word;
  std::memcpy(&word, from, sizeof word);
  return word;
}
template <class Word>
void store_word(std::byte* to, Word word) {
  std::memcpy(to, &word, sizeof word);
}

// A premultiplied quadruple as 0xAARRGGBB.
using Argb = std::uint32_t;

constexpr std::uint32_t expand_5(std::uint32_t c) {
  return (c << 3) | (c >> 2);
}
constexpr std::uint32_t expand_6(std::uint32_t c) {
  return (c << 2) | (c >> 4);
}
// Bit 0 of byte 0 is the leftmost pixel of a 1_A row.
inline bool bit_at(const std::byte* row, std::uint64_t x) {
  return (std::to_integer<unsigned>(row[x / 8]) >> (x % 8) & 1u) != 0;
}

constexpr Argb argb_of_word(Format format, std::uint32_t word) {
  using namespace wire::display;
  switch (format) {
    case surface_32_argb:
      return word;
    case surface_32_xrgb:
      return word | 0xff00'0000u;
    case surface_16_555:
      return 0xff00'0000u | expand_5(word >> 10 & 31) << 16 | expand_5(word >> 5 & 31) << 8 |
             expand_5(word & 31);
    case surface_16_565:
      return 0xff00'0000u | expand_5(word >> 11 & 31) << 16 | expand_6(word >> 5 & 63) << 8 |
             expand_5(word & 31);
    case surface_8_a:
      return word << 24;
    case surface_1_a:
      return word != 0 ? 0xff00'0000u : 0;
  }
  return 0;
}
// The xRGB word has pad 0, the 1_A word is 0 or 1.
constexpr std::uint32_t word_of_argb(Format format, Argb argb) {
  using namespace wire::display;
  const std::uint32_t r = argb >> 16 & 255, g = argb >> 8 & 255, b = argb & 255;
  switch (format) {
    case surface_32_argb:
      return argb;
    case surface_32_xrgb:
      return argb & 0x00ff'ffffu;
    case surface_16_555:
      return (r >> 3) << 10 | (g >> 3) << 5 | b >> 3;
    case surface_16_565:
      return (r >> 3) << 11 | (g >> 2) << 5 | b >> 3;
    case surface_8_a:
      return argb >> 24;
    case surface_1_a:
      return argb >> 31;
  }
  return 0;
}

// Precondition: x lies in the row.
inline std::uint32_t word_at(Format format, const std::byte* row, std::uint64_t x) {
  switch (bits_per_pixel(format)) {
    case 32:
      return load_word<std::uint32_t>(row + 4 * x);
    case 16:
      return load_word<std::uint16_t>(row + 2 * x);
    case 8:
      return std::to_integer<std::uint32_t>(row[x]);
    default:
      return bit_at(row, x) ? 1 : 0;
  }
}
inline void put_word_at(Format format, std::byte* row, std::uint64_t x, std::uint32_t word) {
  switch (bits_per_pixel(format)) {
    case 32:
      store_word<std::uint32_t>(row + 4 * x, word);
      break;
    case 16:
      store_word<std::uint16_t>(row + 2 * x, static_cast<std::uint16_t>(word));
      break;
    case 8:
      row[x] = static_cast<std::byte>(word);
      break;
    default: {
      const auto bit = static_cast<std::byte>(1u << (x % 8));
      row[x / 8] = (word & 1u) != 0 ? row[x / 8] | bit : row[x / 8] & ~bit;
    }
  }
}

}  // namespace spicebench::image
