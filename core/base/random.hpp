// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cassert>
#include <cstdint>
#include <string_view>

#include "core/base/bytes.hpp"

namespace spicebench {

// A reproducible stream of numbers (xoshiro256**), with distributions of our own, since those of
// the standard library differ between implementations. Streams are forked by name, so that a new
// draw in one part of a program shifts no other part.
class Random {
 public:
  explicit Random(std::uint64_t seed);
  // A stream of its own for `name`; depends on this stream's seed and the name, not on draws made.
  Random fork(std::string_view name) const;

  std::uint64_t next();
  // Uniform in 0 … bound - 1. Precondition: bound > 0.
  std::uint64_t below(std::uint64_t bound);
  // Uniform in low … high, both included. Precondition: low <= high.
  std::int64_t between(std::int64_t low, std::int64_t high);
  // True in numerator of denominator cases.
  bool chance(std::uint64_t numerator, std::uint64_t denominator) {
    return below(denominator) < numerator;
  }
  Bytes bytes(std::size_t count);

 private:
  std::uint64_t seed_;
  std::uint64_t state_[4];
};

}  // namespace spicebench
