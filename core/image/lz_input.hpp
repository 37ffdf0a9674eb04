// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "core/image/pixel.hpp"

// The units that LZ and GLZ encoders compare and write. Each kind says
//   size       bytes from one unit to the next in the picture
//   coded      bytes of one literal in the stream
//   shortest   units of the shortest match that the format has
//   mask       the bits of eight bytes of picture that take part; the others are noise
//   key        the bits of three units, to be multiplied; reads `reach` units
//   literal    writes one unit
namespace spicebench::image {

// Multiplicative hash of a key, the best bits on top.
inline std::uint64_t lz_hash(std::uint64_t key) {
  return key * 0x9e37'79b9'7f4a'7c15;
}

struct ByteInput {
  static constexpr std::size_t size = 1, coded = 1, shortest = 3, reach = 4;
  static constexpr std::uint64_t mask = ~std::uint64_t{0};
  static std::uint64_t key(const std::byte* at) {
    return std::uint64_t{load_word<std::uint32_t>(at)} << 40;
  }
  static void literal(std::byte* to, const std::byte* unit) { *to = *unit; }
};

struct WordInput {  // x1r5g5b5, sent high byte first
  static constexpr std::size_t size = 2, coded = 2, shortest = 2, reach = 4;
  static constexpr std::uint64_t mask = 0x7fff'7fff'7fff'7fff;
  static std::uint64_t key(const std::byte* at) {
    return (load_word<std::uint64_t>(at) & mask) << 16;
  }
  static void literal(std::byte* to, const std::byte* unit) {
    to[0] = unit[1] & std::byte{0x7f};
    to[1] = unit[0];
  }
};

struct TripleInput {  // B, G, R
  static constexpr std::size_t size = 3, coded = 3, shortest = 1, reach = 4;
  static constexpr std::uint64_t mask = ~std::uint64_t{0};
  static std::uint64_t key(const std::byte* at) {
    return load_word<std::uint64_t>(at) << 16 ^
           lz_hash(load_word<std::uint32_t>(at + 6) & 0x00ff'ffffu);
  }
  static void literal(std::byte* to, const std::byte* unit) { std::memcpy(to, unit, 3); }
};

struct ColourInput {  // B, G, R of four bytes
  static constexpr std::size_t size = 4, coded = 3, shortest = 1, reach = 3;
  static constexpr std::uint64_t mask = 0x00ff'ffff'00ff'ffff;
  static std::uint64_t key(const std::byte* at) {
    return (load_word<std::uint64_t>(at) & mask) << 8 ^
           lz_hash(load_word<std::uint64_t>(at + 4) & mask);
  }
  static void literal(std::byte* to, const std::byte* unit) { std::memcpy(to, unit, 3); }
};

struct AlphaInput {  // the last of four bytes
  static constexpr std::size_t size = 4, coded = 1, shortest = 3, reach = 3;
  static constexpr std::uint64_t mask = 0xff00'0000'ff00'0000;
  static std::uint64_t key(const std::byte* at) {
    return std::to_integer<std::uint64_t>(at[3]) << 40 |
           std::to_integer<std::uint64_t>(at[7]) << 48 |
           std::to_integer<std::uint64_t>(at[11]) << 56;
  }
  static void literal(std::byte* to, const std::byte* unit) { *to = unit[3]; }
};

template <class Unit>
bool same_unit(const std::byte* a, const std::byte* b) {
  if constexpr (Unit::size == 4)
    return ((load_word<std::uint32_t>(a) ^ load_word<std::uint32_t>(b)) &
            static_cast<std::uint32_t>(Unit::mask)) == 0;
  else if constexpr (Unit::size == 2)
    return ((load_word<std::uint16_t>(a) ^ load_word<std::uint16_t>(b)) & Unit::mask & 0xffffu) ==
           0;
  else
    return std::memcmp(a, b, Unit::size) == 0;
}

// Units from a and b on that are equal, at most `most`. The two may overlap.
template <class Unit>
std::uint32_t equal_units(const std::byte* a, const std::byte* b, std::uint32_t most) {
  static_assert(std::endian::native == std::endian::little);
  const std::size_t bytes = std::size_t{most} * Unit::size;
  std::size_t at = 0;
  for (; at + 8 <= bytes; at += 8) {
    const std::uint64_t differing =
        (load_word<std::uint64_t>(a + at) ^ load_word<std::uint64_t>(b + at)) & Unit::mask;
    if (differing != 0)
      return static_cast<std::uint32_t>(
          (at + static_cast<std::size_t>(std::countr_zero(differing)) / 8) / Unit::size);
  }
  auto count = static_cast<std::uint32_t>(at / Unit::size);
  while (count < most && same_unit<Unit>(a + count * Unit::size, b + count * Unit::size)) ++count;
  return count;
}

// Units before a and b that are equal, at most `most`.
template <class Unit>
std::uint32_t equal_units_before(const std::byte* a, const std::byte* b, std::uint32_t most) {
  std::uint32_t count = 0;
  while (count < most) {
    a -= Unit::size;
    b -= Unit::size;
    if (!same_unit<Unit>(a, b)) break;
    ++count;
  }
  return count;
}

}  // namespace spicebench::image
