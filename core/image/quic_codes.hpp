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

// A code is so many zeros and then a number below 256, which is all that has to be kept of it.
struct Code {
  std::uint8_t value = 0, length = 0;
};
constexpr Code code_of(const CodeFamily& family, std::uint32_t symbol) {
  if (symbol >= family.plain)
    return {static_cast<std::uint8_t>(symbol - family.plain),
            static_cast<std::uint8_t>(family.most_zeros + family.escape_bits)};
  const std::uint32_t low = symbol & ((1u << family.k) - 1);
  return {static_cast<std::uint8_t>(1u << family.k | low),
          static_cast<std::uint8_t>((symbol >> family.k) + 1 + family.k)};
}

template <unsigned Bits>
constexpr auto every_family() {
  std::array<CodeFamily, Bits> families;
  for (unsigned k = 0; k < Bits; ++k) families[k] = code_family<Bits>(k);
  return families;
}
template <unsigned Bits>
constexpr auto every_code() {
  std::array<std::array<Code, symbols_of<Bits>>, Bits> codes;
  for (unsigned k = 0; k < Bits; ++k)
    for (std::uint32_t symbol = 0; symbol < symbols_of<Bits>; ++symbol)
      codes[k][symbol] = code_of(code_family<Bits>(k), symbol);
  return codes;
}

// What the next `peeked_bits` of a stream begin with: the symbol in the high byte, the length of
// its code in the low six bits; `code_not_seen` when the code is longer than that. Three of them
// never need more than the 32 bits that a filled reader has at hand.
inline constexpr unsigned peeked_bits = 10;
inline constexpr std::uint16_t code_not_seen = 0x40;

template <unsigned Bits>
constexpr auto every_prefix() {
  std::array<std::array<std::uint16_t, 1u << peeked_bits>, Bits> prefixes;
  const auto codes = every_code<Bits>();
  for (unsigned k = 0; k < Bits; ++k) {
    prefixes[k].fill(code_not_seen);
    for (std::uint32_t symbol = 0; symbol < symbols_of<Bits>; ++symbol) {
      const auto [value, length] = codes[k][symbol];
      if (length > peeked_bits) continue;
      const unsigned rest = peeked_bits - length;
      for (std::uint32_t behind = 0; behind < 1u << rest; ++behind)
        prefixes[k][std::uint32_t{value} << rest | behind] =
            static_cast<std::uint16_t>(symbol << 8 | length);
    }
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
