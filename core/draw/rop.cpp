// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/draw/rop.hpp"

#include <array>
#include <cstring>
#include <cwchar>
#include <utility>

#include "core/image/pixel.hpp"
#include "core/wire/display_types.hpp"

namespace spicebench::draw {
namespace {

using image::load_word;
using image::store_word;

template <Rop rop, class Word>
constexpr Word apply(Word first, Word second) {
  Word result = 0;
  if constexpr ((rop & 8) != 0) result |= first & second;
  if constexpr ((rop & 4) != 0) result |= static_cast<Word>(first & ~second);
  if constexpr ((rop & 2) != 0) result |= static_cast<Word>(~first & second);
  if constexpr ((rop & 1) != 0) result |= static_cast<Word>(~first & ~second);
  return result;
}

using Combine = void (*)(std::byte*, const std::byte*, std::size_t);
template <Rop rop, class Word>
void combine_words(std::byte* second, const std::byte* first, std::size_t words) {
  for (std::size_t i = 0; i < words * sizeof(Word); i += sizeof(Word))
    store_word(second + i,
               apply<rop, Word>(load_word<Word>(first + i), load_word<Word>(second + i)));
}
using CombineSolid = void (*)(std::byte*, std::uint32_t, std::size_t);
template <Rop rop, class Word>
void combine_solid_words(std::byte* second, std::uint32_t first, std::size_t words) {
  for (std::size_t i = 0; i < words * sizeof(Word); i += sizeof(Word))
    store_word(second + i, apply<rop, Word>(static_cast<Word>(first), load_word<Word>(second + i)));
}

template <class Word, std::size_t... rop>
constexpr std::array<Combine, 16> combine_table(std::index_sequence<rop...>) {
  return {combine_words<static_cast<Rop>(rop), Word>...};
}
template <class Word, std::size_t... rop>
constexpr std::array<CombineSolid, 16> combine_solid_table(std::index_sequence<rop...>) {
  return {combine_solid_words<static_cast<Rop>(rop), Word>...};
}
constexpr auto all_rops = std::make_index_sequence<16>{};
// By the bytes of a word: 1, 2, 4.
constexpr std::array<std::array<Combine, 16>, 3> combiners = {
    combine_table<std::uint8_t>(all_rops), combine_table<std::uint16_t>(all_rops),
    combine_table<std::uint32_t>(all_rops)};
constexpr std::array<std::array<CombineSolid, 16>, 3> solid_combiners = {
    combine_solid_table<std::uint8_t>(all_rops), combine_solid_table<std::uint16_t>(all_rops),
    combine_solid_table<std::uint32_t>(all_rops)};

// In blocks that become vector moves: for rows of some kilobytes memcpy takes to string
// instructions, which on some processors take twice the time at unlucky distances of the two
// addresses.
void copy_words(std::byte* to, const std::byte* from, std::size_t bytes) {
  constexpr std::size_t block = 64;
  std::size_t done = 0;
  for (; bytes - done >= block; done += block) std::memcpy(to + done, from + done, block);
  std::memcpy(to + done, from + done, bytes - done);
}

}  // namespace

Rop rop_of(std::uint16_t descriptor, std::uint16_t invert_first, std::uint16_t invert_second) {
  using namespace wire::display;
  // The two inputs as truth tables of themselves: evaluating the descriptor on them gives its own.
  constexpr unsigned first = 0b1100, second = 0b1010, ones = 0b1111;
  const unsigned a = (descriptor & invert_first) != 0 ? ~first : first;
  const unsigned b = (descriptor & invert_second) != 0 ? ~second : second;
  unsigned result = 0;
  if ((descriptor & ropd_put) != 0)
    result = a;
  else if ((descriptor & ropd_or) != 0)
    result = a | b;
  else if ((descriptor & ropd_and) != 0)
    result = a & b;
  else if ((descriptor & ropd_xor) != 0)
    result = a ^ b;
  else if ((descriptor & ropd_blackness) != 0)
    return 0;
  else if ((descriptor & ropd_whiteness) != 0)
    return ones;
  else if ((descriptor & ropd_invers) != 0)
    return static_cast<Rop>(~second & ones);
  else
    return first;
  if ((descriptor & ropd_invers_res) != 0) result = ~result;
  return static_cast<Rop>(result & ones);
}

void combine(std::byte* second, const std::byte* first, std::size_t words, std::size_t word_bytes,
             Rop rop) {
  if (rop == rop_copy)
    copy_words(second, first, words * word_bytes);
  else
    combiners[word_bytes / 2][rop](second, first, words);
}

void combine_solid(std::byte* second, std::uint32_t first, std::size_t words,
                   std::size_t word_bytes, Rop rop) {
  // The C library fills wide characters with the widest moves that the processor has.
  constexpr std::size_t worth_a_call = 16;
  if constexpr (sizeof(wchar_t) == sizeof first)
    if (rop == rop_copy && word_bytes == 4 && words >= worth_a_call &&
        reinterpret_cast<std::uintptr_t>(second) % alignof(wchar_t) == 0) {
      std::wmemset(reinterpret_cast<wchar_t*>(second), static_cast<wchar_t>(first), words);
      return;
    }
  solid_combiners[word_bytes / 2][rop](second, first, words);
}

}  // namespace spicebench::draw
