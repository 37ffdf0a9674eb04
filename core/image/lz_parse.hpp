// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <algorithm>
#include <cstring>

#include "core/image/lz_format.hpp"
#include "core/image/lz_input.hpp"

// The search for matches that LZ and GLZ encoders share; they differ in where they look and how
// they write what was found.
namespace spicebench::image {

// A place that may hold the same units as here.
struct LzCandidate {
  std::uint32_t image = 0;              // how many images before this one
  const std::byte* at = nullptr;        // none
  std::uint32_t before = 0, after = 0;  // units that may be used before `at`, and from it on
};

// Literal items at `out`; returns the end.
template <class Unit>
std::byte* write_literals(std::byte* out, const std::byte* units, std::size_t count) {
  while (count > 0) {
    const std::size_t now = std::min<std::size_t>(count, most_literals);
    *out++ = static_cast<std::byte>(now - 1);
    for (std::size_t i = 0; i < now; ++i, units += Unit::size, out += Unit::coded)
      Unit::literal(out, units);
    count -= now;
  }
  return out;
}

// The bytes behind the first of a match whose three length bits are 7: `more` units beyond.
inline std::byte* write_length(std::byte* out, std::uint32_t more) {
  const std::size_t full = more / 255;
  std::memset(out, 255, full);
  out[full] = static_cast<std::byte>(more % 255);
  return out + full + 1;
}

// Bytes of stream that `units` units can need: literals, and what matches write instead is shorter.
template <class Unit>
std::size_t most_coded(std::uint64_t units) {
  return units * Unit::coded + units / most_literals + 1;
}

// Codes `count` units at `units`. A dictionary says
//   look_up(hash, position)  a candidate for the units there, which it remembers from now on
//   remember(hash, position)
//   cost(position, candidate)  bytes of a match that begins at both places, without those of its
//                              length
//   match(out, position, candidate, length)  writes one that begins at both places; returns the end
template <class Unit, class Dictionary>
std::byte* lz_parse(const std::byte* units, std::uint32_t count, Dictionary& dictionary,
                    std::byte* out) {
  constexpr std::uint32_t patience = 6;  // log2 of the misses until two units are taken at a time
  constexpr std::uint32_t longest_step = 16;
  constexpr std::uint32_t short_match = 4;
  constexpr std::uint32_t landmark = 256;  // units between places of a long match to remember
  const auto hash_at = [units](std::uint32_t i) {
    return lz_hash(Unit::key(units + std::size_t{i} * Unit::size));
  };
  std::uint32_t coded = 0;  // units that are in the stream
  // Where the last match began, while it is short: one that covers it as well takes its place.
  std::uint32_t last = 0;
  std::byte* before_last = out;
  const std::uint32_t stop = count < Unit::reach ? 0 : count - Unit::reach + 1;
  for (std::uint32_t i = 0; i < stop;) {
    const std::byte* const here = units + std::size_t{i} * Unit::size;
    LzCandidate found = dictionary.look_up(hash_at(i), i);
    std::uint32_t length = 0, shift = 0;
    if (found.at) {
      length = equal_units<Unit>(here, found.at, std::min(found.after, count - i));
      if (length > 0)
        shift = equal_units_before<Unit>(here, found.at, std::min(found.before, i - last));
      if (i - shift < coded && i - shift > last) shift = i - coded;
      found.at -= shift * Unit::size;
      found.before -= shift;
      found.after += shift;
    }
    const std::uint32_t start = i - shift;
    length += shift;
    // Where literals wait, the match makes them an item of their own, which is a byte more.
    const std::size_t price = dictionary.cost(start, found) + (start > coded ? 1 : 0);
    if (length < Unit::shortest || length * Unit::coded <= price) {
      i += std::min(1 + ((i - coded) >> patience), longest_step);
      continue;
    }
    if (start < coded) {
      out = before_last;
      coded = last;
    }
    out = write_literals<Unit>(out, units + std::size_t{coded} * Unit::size, start - coded);
    before_last = out;
    out = dictionary.match(out, start, found, length);
    coded = start + length;
    last = length <= short_match ? start : coded;
    for (std::uint32_t mark = i + landmark; mark < coded && mark < stop; mark += landmark)
      dictionary.remember(hash_at(mark), mark);
    for (std::uint32_t mark = std::max(i + 1, coded - std::min(coded, 2u)); mark < coded; ++mark)
      if (mark < stop) dictionary.remember(hash_at(mark), mark);
    i = coded;
  }
  return write_literals<Unit>(out, units + std::size_t{coded} * Unit::size, count - coded);
}

}  // namespace spicebench::image
