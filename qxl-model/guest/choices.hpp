// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <algorithm>
#include <cstdint>

#include "core/base/bytes.hpp"

namespace spicebench::qxl {

// Decisions read from bytes, so that a fuzzer or a shrinker can change them one by one. Beyond the
// end everything is zero: any bytes mean something.
class Choices {
 public:
  explicit Choices(BytesView bytes) : rest_(bytes) {}
  bool empty() const { return rest_.empty(); }
  // As many bytes as there are.
  BytesView take(std::size_t bytes) {
    const BytesView taken = rest_.first(std::min(bytes, rest_.size()));
    rest_ = rest_.subspan(taken.size());
    return taken;
  }
  // Little endian. Precondition: bytes <= 8.
  std::uint64_t number(std::size_t bytes) {
    std::uint64_t value = 0;
    unsigned shift = 0;
    for (const std::byte byte : take(bytes)) {
      value |= std::to_integer<std::uint64_t>(byte) << shift;
      shift += 8;
    }
    return value;
  }
  std::uint8_t u8() { return static_cast<std::uint8_t>(number(1)); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(number(4)); }

 private:
  BytesView rest_;
};

}  // namespace spicebench::qxl
