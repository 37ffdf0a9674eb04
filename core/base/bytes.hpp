// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace spicebench {

using Bytes = std::vector<std::byte>;
using BytesView = std::span<const std::byte>;

inline BytesView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}
inline std::string_view as_text(BytesView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline void append(Bytes& out, BytesView more) {
  out.insert(out.end(), more.begin(), more.end());
}

// Unsigned little-endian integers of 1 to 8 bytes at any alignment. Precondition of load: width
// bytes are readable at `from`.
inline std::uint64_t load_little_endian(const std::byte* from, std::size_t width) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < width; ++i)
    value |= std::to_integer<std::uint64_t>(from[i]) << (8 * i);
  return value;
}
inline void store_little_endian(std::byte* to, std::uint64_t value, std::size_t width) {
  for (std::size_t i = 0; i < width; ++i) to[i] = static_cast<std::byte>(value >> (8 * i));
}
inline void append_little_endian(Bytes& out, std::uint64_t value, std::size_t width) {
  for (std::size_t i = 0; i < width; ++i) out.push_back(static_cast<std::byte>(value >> (8 * i)));
}

}  // namespace spicebench
