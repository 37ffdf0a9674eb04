// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/bytes.hpp"
#include "core/image/bitmap_view.hpp"

namespace spicebench::benchmarks {

// A picture that every codec is measured on: 32-bit xRGB rows without padding, top row first, pad 0
// (noise: random as well).
struct Frame {
  std::string name;
  std::uint32_t width = 0, height = 0;
  Bytes pixels;

  image::BitmapView view() const {
    return {wire::display::format_32bit, width, height, pixels.data(), std::ptrdiff_t{width} * 4};
  }
};

// desktop, photo (tests/vectors/frames/NAME.png) or noise (the same random bytes in every run), all
// 1920 x 1080. Loaded at the first call; ends the program when the file cannot be read.
const Frame& frame(std::string_view name);

inline constexpr std::string_view frame_names[] = {"desktop", "photo", "noise"};

// For benchmarks whose argument is an index of frame_names.
const Frame& frame(const benchmark::State& state);
// Counts a frame's pixels as the bytes processed, and says how many bytes they were coded in.
void count(benchmark::State& state, const Frame& picture, std::size_t coded_bytes);

}  // namespace spicebench::benchmarks
