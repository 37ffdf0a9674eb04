// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstddef>
#include <cstdint>

// Raster operations (canvas.md §5).
namespace spicebench::draw {

// One of the 16 functions of two bits, as its truth table: bit 2 * first + second is the result.
// (The X11 numbering of the same functions has these four bits in reverse.)
using Rop = std::uint8_t;
constexpr Rop rop_copy = 0b1100;

// What a descriptor means to a command whose inputs are inverted by the given bits of Ropd.
Rop rop_of(std::uint16_t descriptor, std::uint16_t invert_first = 0,
           std::uint16_t invert_second = 0);

// second[i] = rop(first[i], second[i]) over `words` words of 1, 2 or 4 bytes.
void combine(std::byte* second, const std::byte* first, std::size_t words, std::size_t word_bytes,
             Rop rop);
// The same with one word as first input.
void combine_solid(std::byte* second, std::uint32_t first, std::size_t words,
                   std::size_t word_bytes, Rop rop);

}  // namespace spicebench::draw
