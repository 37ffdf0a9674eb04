// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstddef>
#include <cstdint>

// What LZ and GLZ streams have in common (image-codecs.md §5.1, §6.1). Numbers are big endian.
namespace spicebench::image {

inline constexpr std::uint32_t lz_magic = 0x2020'5a4c;    // "  ZL"
inline constexpr std::uint32_t lz_version = 0x0001'0001;  // 1.1
inline constexpr std::size_t lz_header_bytes = 28, glz_header_bytes = 33;

enum class LzType : std::uint8_t {
  plt1_le = 1,
  plt1_be,
  plt4_le,
  plt4_be,
  plt8,
  rgb16,
  rgb24,
  rgb32,
  rgba,
  xxxa,
  a8,
};

// Items: a byte below 32 is followed by that many literal units and one more; any other begins a
// match, its upper three bits the length, 7 meaning that more bytes follow.
inline constexpr std::uint32_t most_literals = 32;
inline constexpr std::uint32_t long_length = 7;
// One byte of a stream yields at most 255 units (a byte of a length), so that a stream is too short
// for its picture if it has fewer than units / 255 bytes.
inline constexpr std::uint64_t most_units_per_byte = 255;

inline std::uint64_t load_big_endian(const std::byte* from, std::size_t width) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < width; ++i)
    value = value << 8 | std::to_integer<std::uint64_t>(from[i]);
  return value;
}
inline void store_big_endian(std::byte* to, std::uint64_t value, std::size_t width) {
  for (std::size_t i = width; i-- > 0; value >>= 8) to[i] = static_cast<std::byte>(value);
}

}  // namespace spicebench::image
