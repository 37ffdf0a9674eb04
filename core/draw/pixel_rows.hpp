// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

#include "core/draw/surface.hpp"
#include "core/image/pixel.hpp"

// Runs of pixels as premultiplied quadruples, and the arithmetic of blended operations on them
// (canvas.md §1.1, §7.6). Loops over words and bytes that compilers turn into vector code.
namespace spicebench::draw {

using image::Argb;

// Blended operations go over their rows in pieces that stay in the nearest cache.
constexpr std::size_t piece_pixels = 512;
using Piece = std::array<Argb, piece_pixels>;

// Calls body(x, count) for the pieces of the run from … to.
template <class Body>
void for_each_piece(std::int32_t from, std::int32_t to, Body body) {
  for (std::int32_t x = from; x < to; x += static_cast<std::int32_t>(piece_pixels))
    body(x, std::min<std::size_t>(static_cast<std::size_t>(to - x), piece_pixels));
}

// Pixels x … x + count - 1 of a row of the format.
void load_row(Argb* to, Format format, const std::byte* row, std::size_t x, std::size_t count);
void store_row(Format format, std::byte* row, std::size_t x, const Argb* from, std::size_t count);

// a * b / 255, rounded, of two bytes (canvas.md §7.6).
constexpr std::uint32_t mul(std::uint32_t a, std::uint32_t b) {
  const std::uint32_t t = a * b + 128;
  return (t + (t >> 8)) >> 8;
}
// The same byte for each component.
constexpr std::uint32_t in_every_byte(std::uint32_t byte) {
  const std::uint32_t twice = byte | byte << 8;
  return twice | twice << 16;
}

// Every component of every pixel times `factor` (0 to 255).
void multiply_row(Argb* pixels, std::uint32_t factor, std::size_t count);
// Every component of pixel i times factors[i].
void multiply_row(Argb* pixels, const std::uint8_t* factors, std::size_t count);
// Every component of pixel i times that of factors[i].
void multiply_row(Argb* pixels, const Argb* factors, std::size_t count);
// under = over + under * (255 - alpha of over), each component saturating.
void over_row(Argb* under, const Argb* over, std::size_t count);
// a = a * a_factors + b * b_factors, component by component, saturating.
void weigh_row(Argb* a, const Argb* a_factors, const Argb* b, const Argb* b_factors,
               std::size_t count);

// One opaque colour where it covers: pixel i = colour * coverage[i] + pixel * (255 - coverage[i]).
void cover_row(Argb* pixels, Argb opaque_colour, const std::uint8_t* coverage, std::size_t count);

// Four neighbours of each sample, and where it lies between them in 128ths.
struct Corners {
  Piece upper_left, upper_right, lower_left, lower_right, x_weights;
};
// Of the first `count` samples, x_weights being repeated in every byte (canvas.md §6.4).
void interpolate_row(Argb* out, const Corners& corners, std::uint32_t y_weight, std::size_t count);

}  // namespace spicebench::draw
