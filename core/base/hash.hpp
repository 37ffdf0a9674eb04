// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <array>
#include <compare>
#include <cstdint>
#include <memory>
#include <string>

#include "core/base/bytes.hpp"

namespace spicebench {

// xxh3-128 of a run of bytes: names blobs and digests. Not a cryptographic hash.
struct Hash128 {
  std::uint64_t high = 0, low = 0;
  auto operator<=>(const Hash128&) const = default;
  std::string hex() const;                  // 32 digits, high half first
  std::array<std::byte, 16> bytes() const;  // big endian, the canonical form
};
Hash128 hash128(BytesView bytes);

// The same over a stream of pieces; integers are hashed as 8 bytes little endian.
class Hasher {
 public:
  Hasher();
  ~Hasher();
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;
  void add(BytesView bytes);
  void add(std::uint64_t value);
  Hash128 value() const;  // of all added so far

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace spicebench
