// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

#include "core/image/quic_bits.hpp"

// Lengths of runs of equal pixels (image-codecs.md §4.7): every 1 bit stands for 2^J pixels, where
// J grows with the state, a 0 bit ends them, and J bits tell the rest.
namespace spicebench::image::quic {

class RunState {
 public:
  // A length in pixels; more than `most` when the stream has so many or more (not exact then).
  std::uint64_t read(Reader& in, std::uint64_t most) {
    std::uint64_t length = 0;
    for (;;) {
      in.fill();
      const unsigned ones = std::min(std::countl_one(in.window()), 16);
      length += pixels_of_steps[state_ + ones] - pixels_of_steps[state_];
      state_ = std::min(state_ + ones, last);
      in.take(ones);
      if (ones < 16) break;
      if (length > most) return length;
    }
    // The 0 bit is the highest of the rest.
    length += in.number(rest_bits[state_] + 1);
    state_ = state_ == 0 ? 0 : state_ - 1;
    return length;
  }

  void write(Writer& out, std::uint32_t length) {
    unsigned ones = 0;
    while (length >> rest_bits[state_] != 0) {
      length -= 1u << rest_bits[state_];
      state_ = std::min(state_ + 1, last);
      if (++ones == 32) {
        out.put(~0u, ones);
        ones = 0;
      }
    }
    out.put((1u << ones) - 1, ones);
    // The 0 bit is the highest of the rest.
    out.put(length, rest_bits[state_] + 1);
    state_ = state_ == 0 ? 0 : state_ - 1;
  }

 private:
  static constexpr unsigned last = 31;
  static constexpr std::uint8_t rest_bits[last + 1] = {0, 0, 0, 0, 1,  1,  1,  1,  2,  2, 2,
                                                       2, 3, 3, 3, 3,  4,  4,  5,  5,  6, 6,
                                                       7, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  // Pixels that the 1 bits from state 0 to that one stand for; the last state repeats.
  static constexpr auto pixels_of_steps = [] {
    std::array<std::uint32_t, last + 17> sums{};
    for (unsigned state = 1; state < sums.size(); ++state)
      sums[state] = sums[state - 1] + (1u << rest_bits[std::min(state - 1, last)]);
    return sums;
  }();

  unsigned state_ = 0;
};

}  // namespace spicebench::image::quic
