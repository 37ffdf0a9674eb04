// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

// The codes that a QUIC symbol can be written with (image-codecs.md §4.3): `Bits` families, k = 0
// to Bits - 1, for symbols 0 to 2^Bits - 1.
namespace spicebench::image::quic {

template <unsigned Bits>
inline constexpr std::uint32_t symbols_of = 1u << Bits;
// No code is longer.
inline constexpr unsigned longest_code = 26;

struct CodeFamily {
  unsigned k = 0;
  std::uint32_t most_zeros = 0;   // that many zero bits announce an escape
  std::uint32_t plain = 0;        // symbols below have a code of their own
  std::uint32_t escape_bits = 0;  // of what an escaped symbol is above `plain`
};

template <unsigned Bits>
constexpr CodeFamily code_family(unsigned k) {
  const std::uint32_t most_zeros = std::min(26 - Bits, (1u << (Bits - k)) - 1);
  const std::uint32_t plain = most_zeros << k;
  return {k, most_zeros, plain,
          static_cast<std::uint32_t>(std::bit_width(symbols_of<Bits> - plain - 1))};
}

// A code is so many zeros and then a number below 256, which is all that has to be kept of it: the
// number above the low byte, the length of it all in that.
using Code = std::uint32_t;
constexpr unsigned length_of(Code code) {
  return code & 255;
}
constexpr std::uint32_t value_of(Code code) {
  return code >> 8;
}
constexpr Code code_of(const CodeFamily& family, std::uint32_t symbol) {
  const bool escaped = symbol >= family.plain;
  const std::uint32_t low = symbol & ((1u << family.k) - 1);
  const std::uint32_t value = escaped ? symbol - family.plain : 1u << family.k | low;
  const std::uint32_t length =
      escaped ? family.most_zeros + family.escape_bits : (symbol >> family.k) + 1 + family.k;
  return value << 8 | length;
}

template <unsigned Bits>
constexpr auto every_family() {
  std::array<CodeFamily, Bits> families;
  for (unsigned k = 0; k < Bits; ++k) families[k] = code_family<Bits>(k);
  return families;
}
// All codes, family by family.
template <unsigned Bits>
constexpr auto every_code() {
  std::array<Code, Bits * symbols_of<Bits>> codes;
  for (unsigned k = 0; k < Bits; ++k)
    for (std::uint32_t symbol = 0; symbol < symbols_of<Bits>; ++symbol)
      codes[k * symbols_of<Bits> + symbol] = code_of(code_family<Bits>(k), symbol);
  return codes;
}

// What the next `peeked_bits` of a stream begin with, family by family: the symbol in the high
// byte, the length of its code in the low one; `code_not_seen` when the code is longer than that.
// Three of them never need more than the 32 bits that a filled reader has at hand.
using Prefix = std::uint16_t;
inline constexpr unsigned peeked_bits = 10;
inline constexpr std::uint32_t peeks = 1u << peeked_bits;
inline constexpr Prefix code_not_seen = 64;

template <unsigned Bits>
constexpr auto every_prefix() {
  std::array<Prefix, Bits * peeks> prefixes;
  prefixes.fill(code_not_seen);
  for (unsigned k = 0; k < Bits; ++k)
    for (std::uint32_t symbol = 0; symbol < symbols_of<Bits>; ++symbol) {
      const Code code = code_of(code_family<Bits>(k), symbol);
      if (length_of(code) > peeked_bits) continue;
      const unsigned rest = peeked_bits - length_of(code);
      for (std::uint32_t behind = 0; behind < 1u << rest; ++behind)
        prefixes[k * peeks + (value_of(code) << rest | behind)] =
            static_cast<Prefix>(symbol << 8 | length_of(code));
    }
  return prefixes;
}

template <unsigned Bits>
inline constexpr auto families = every_family<Bits>();
template <unsigned Bits>
inline constexpr auto codes = every_code<Bits>();
template <unsigned Bits>
inline constexpr auto prefixes = every_prefix<Bits>();

}  // namespace spicebench::image::quic
