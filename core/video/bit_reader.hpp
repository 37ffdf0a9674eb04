// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>

#include "core/base/bytes.hpp"

namespace spicebench::video {

// Bits of a frame header, the most significant of a byte first. Beyond the end everything is 0, and
// ended() tells.
class BitReader {
 public:
  explicit BitReader(BytesView bytes) : bytes_(bytes) {}

  std::uint32_t bits(unsigned count) {  // at most 32
    std::uint32_t value = 0;
    for (; count > 0; --count) value = value << 1 | (bit() ? 1u : 0u);
    return value;
  }
  bool bit() {
    const std::size_t byte = position_ / 8;
    if (byte >= bytes_.size()) {
      ended_ = true;
      return false;
    }
    return (std::to_integer<unsigned>(bytes_[byte]) >> (7 - position_++ % 8) & 1u) != 0;
  }
  // Exp-Golomb codes of H.264 §9.1.
  std::uint32_t unsigned_golomb() {
    unsigned zeros = 0;
    while (zeros < 32 && !ended_ && !bit()) ++zeros;
    return zeros >= 32 ? 0xffff'ffffu : (1u << zeros) - 1 + bits(zeros);
  }
  std::int32_t signed_golomb() {
    const std::uint32_t code = unsigned_golomb();
    const auto half = static_cast<std::int32_t>(code / 2 + code % 2);
    return code % 2 != 0 ? half : -half;
  }
  bool ended() const { return ended_; }
  std::size_t byte() const { return position_ / 8; }

 private:
  BytesView bytes_;
  std::size_t position_ = 0;
  bool ended_ = false;
};

}  // namespace spicebench::video
