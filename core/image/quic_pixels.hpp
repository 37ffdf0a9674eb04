// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>

// Pixels of a QUIC plane as words of byte lanes, 0x00RRGGBB or one component in the lowest lane,
// each lane below 2^Bits. What is done to every component is done to all lanes at once
// (image-codecs.md §4.2, §4.6).
namespace spicebench::image::quic {

using Lanes = std::uint32_t;

template <unsigned Bits>
inline constexpr Lanes all_ones = 0x01010101u * ((1u << Bits) - 1);

inline Lanes average(Lanes a, Lanes b) {
  return (a & b) + (((a ^ b) & 0xfefefefeu) >> 1);
}

// The symbols of a pixel's difference to its prediction: twice the difference, turned over when it
// is negative.
template <unsigned Bits>
inline Lanes fold(Lanes pixel, Lanes prediction) {
  constexpr Lanes top = 0x80808080u;
  const Lanes difference =
      (((pixel | top) - (prediction & ~top)) ^ ((pixel ^ ~prediction) & top)) & all_ones<Bits>;
  const Lanes negative = (difference >> (Bits - 1)) & 0x01010101u;
  return ((difference << 1) & (all_ones<Bits> & 0xfefefefeu)) ^ ((negative << Bits) - negative);
}

template <unsigned Bits>
inline Lanes unfold(Lanes symbols, Lanes prediction) {
  constexpr Lanes top = 0x80808080u;
  const Lanes odd = symbols & 0x01010101u;
  const Lanes difference = (symbols >> 1 & (all_ones<Bits> >> 1 & ~top)) ^ ((odd << Bits) - odd);
  const Lanes sum = ((difference & ~top) + (prediction & ~top)) ^ ((difference ^ prediction) & top);
  return sum & all_ones<Bits>;
}

}  // namespace spicebench::image::quic
