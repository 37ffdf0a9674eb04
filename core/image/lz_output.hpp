// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "core/image/pixel.hpp"

// How the units of LZ and GLZ streams become pixels. Each kind of unit says
//   coded      bytes of one literal in the stream
//   size       bytes from one unit to the next in the picture
//   shortest   units of the shortest match
//   literals   `count` units from the stream; reads not one byte more
//   match      `count` units from `distance` units back; the two may overlap
//   copy       `count` units of another picture, of which `readable` bytes may be read
// match and copy may overwrite 15 bytes behind what they write, which PixelBuffer::slack allows.
namespace spicebench::image {

// `size` bytes that repeat those `distance` bytes before them.
inline void repeat_bytes(std::byte* to, std::size_t distance, std::size_t size) {
  constexpr std::size_t step = 16, worth_a_call = 256;
  const std::byte* from = to - distance;
  if (distance >= size && size >= worth_a_call) {
    std::memcpy(to, from, size);
  } else if (distance >= step) {
    for (std::size_t at = 0; at < size; at += step) std::memcpy(to + at, from + at, step);
  } else {
    // One store holds as many whole periods as fit, the next begins behind them.
    std::byte pattern[step];
    for (std::size_t i = 0; i < distance; ++i) pattern[i] = from[i];
    for (std::size_t i = distance; i < step; ++i) pattern[i] = pattern[i - distance];
    const std::size_t whole = step - step % distance;
    for (std::size_t at = 0; at < size; at += whole) std::memcpy(to + at, pattern, step);
  }
}
// `size` bytes of elsewhere.
inline void copy_bytes(std::byte* to, const std::byte* from, std::size_t size,
                       std::size_t readable) {
  if (size <= 64 && readable >= size + 15)
    for (std::size_t at = 0; at < size; at += 16) std::memcpy(to + at, from + at, 16);
  else
    std::memcpy(to, from, size);
}

template <std::size_t Size>
struct WholeUnits {
  static constexpr std::size_t size = Size;
  static void match(std::byte* to, std::size_t distance, std::size_t count) {
    repeat_bytes(to, distance * size, count * size);
  }
  static void copy(std::byte* to, const std::byte* from, std::size_t count, std::size_t readable) {
    copy_bytes(to, from, count * size, readable);
  }
};

struct ByteUnits : WholeUnits<1> {
  static constexpr std::size_t coded = 1, shortest = 3;
  static void literals(std::byte* to, const std::byte* from, std::size_t count) {
    std::memcpy(to, from, count);
  }
};

// 16-bit words that stay as they are.
struct WordUnits : WholeUnits<2> {
  static constexpr std::size_t coded = 2, shortest = 2;
  static void literals(std::byte* to, const std::byte* from, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {  // high byte first in the stream
      to[2 * i] = from[2 * i + 1];
      to[2 * i + 1] = from[2 * i];
    }
  }
};

// 16-bit words that become 32-bit pixels.
struct WidenedUnits : WholeUnits<4> {
  static constexpr std::size_t coded = 2, shortest = 2;
  static void literals(std::byte* to, const std::byte* from, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      const auto word = std::to_integer<std::uint32_t>(from[2 * i]) << 8 |
                        std::to_integer<std::uint32_t>(from[2 * i + 1]);
      store_word(to + 4 * i, argb_of_word(wire::display::surface_16_555, word) & 0x00ff'ffffu);
    }
  }
};

// B, G, R become 32-bit pixels with pad 0.
struct ColourUnits : WholeUnits<4> {
  static constexpr std::size_t coded = 3, shortest = 1;
  // Precondition: count > 0.
  static void literals(std::byte* to, const std::byte* from, std::size_t count) {
    for (std::size_t i = 0; i + 1 < count; ++i)
      store_word(to + 4 * i, load_word<std::uint32_t>(from + 3 * i) & 0x00ff'ffffu);
    std::byte last[4] = {};
    std::memcpy(last, from + 3 * (count - 1), 3);
    std::memcpy(to + 4 * (count - 1), last, 4);
  }
};

// The fourth byte of 32-bit pixels whose other bytes are there already.
struct AlphaUnits {
  static constexpr std::size_t coded = 1, size = 4, shortest = 3;
  static void literals(std::byte* to, const std::byte* from, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) to[4 * i + 3] = from[i];
  }
  static void match(std::byte* to, std::size_t distance, std::size_t count) {
    if (distance == 1) {
      const std::byte alpha = to[-1];
      for (std::size_t i = 0; i < count; ++i) to[4 * i + 3] = alpha;
    } else {
      const std::byte* from = to - 4 * distance;
      for (std::size_t i = 0; i < count; ++i) to[4 * i + 3] = from[4 * i + 3];
    }
  }
  static void copy(std::byte* to, const std::byte* from, std::size_t count, std::size_t) {
    for (std::size_t i = 0; i < count; ++i) to[4 * i + 3] = from[4 * i + 3];
  }
};

}  // namespace spicebench::image
