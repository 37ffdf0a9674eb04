// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <array>
#include <cstdlib>

#include "core/draw/operators.hpp"

// Operators on bytes (canvas.md §10.3). Compiled with -O3, as pixel_rows.cpp is.
namespace spicebench::draw {
namespace {

constexpr std::uint8_t add = 0x0c, multiply = 0x30, first_separable = 0x31;

using Factors = std::array<Argb, piece_pixels>;

void factors_of(Share share, Factors& factors, const Argb* covered, std::size_t count) {
  switch (share) {
    case Share::none:
      std::fill_n(factors.begin(), count, 0);
      return;
    case Share::all:
      std::fill_n(factors.begin(), count, ~Argb{0});
      return;
    case Share::in:
      std::copy_n(covered, count, factors.begin());
      return;
    case Share::out:
      for (std::size_t i = 0; i < count; ++i) factors[i] = ~covered[i];
      return;
  }
}
void alphas_of(const Argb* colours, Factors& alphas, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) alphas[i] = in_every_byte(colours[i] >> 24);
}

void weigh(const Shares& shares, Argb* dest, const Argb* source, const Argb* alphas,
           std::size_t count) {
  Factors dest_alphas, source_factors, dest_factors;
  alphas_of(dest, dest_alphas, count);
  factors_of(shares.source, source_factors, dest_alphas.data(), count);
  factors_of(shares.dest, dest_factors, alphas, count);
  weigh_row(dest, dest_factors.data(), source, source_factors.data(), count);
}

// Components of 0 to 255; products of two are not yet divided.
std::int32_t screen(std::int32_t s, std::int32_t a, std::int32_t d, std::int32_t da) {
  return s * da + d * a - s * d;
}
std::int32_t overlay(std::int32_t s, std::int32_t a, std::int32_t d, std::int32_t da) {
  return 2 * d < da ? 2 * s * d : a * da - 2 * (da - d) * (a - s);
}
std::int32_t darken(std::int32_t s, std::int32_t a, std::int32_t d, std::int32_t da) {
  return std::min(s * da, d * a);
}
std::int32_t lighten(std::int32_t s, std::int32_t a, std::int32_t d, std::int32_t da) {
  return std::max(s * da, d * a);
}
std::int32_t hard_light(std::int32_t s, std::int32_t a, std::int32_t d, std::int32_t da) {
  return 2 * s < a ? 2 * s * d : a * da - 2 * (da - d) * (a - s);
}
std::int32_t difference(std::int32_t s, std::int32_t a, std::int32_t d, std::int32_t da) {
  return std::abs(s * da - d * a);
}
std::int32_t exclusion(std::int32_t s, std::int32_t a, std::int32_t d, std::int32_t da) {
  return s * da + d * a - 2 * s * d;
}
std::uint32_t divided(std::int32_t product) {
  const auto t = static_cast<std::uint32_t>(std::clamp(product, 0, 65025)) + 128;
  return (t + (t >> 8)) >> 8;
}
std::int32_t component(Argb colour, unsigned shift) {
  return static_cast<std::int32_t>(colour >> shift & 255);
}

template <auto blend>
void blend_row(Argb* dest, const Argb* source, const Argb* alphas, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const std::int32_t da = component(dest[i], 24), source_alpha = component(alphas[i], 24);
    Argb result = divided(da * 255 + source_alpha * 255 - source_alpha * da) << 24;
    for (const unsigned shift : {0u, 8u, 16u}) {
      const std::int32_t s = component(source[i], shift), a = component(alphas[i], shift),
                         d = component(dest[i], shift);
      result |= divided((255 - a) * d + (255 - da) * s + blend(s, a, d, da)) << shift;
    }
    dest[i] = result;
  }
}
// From number first_separable on; null: no such operator on bytes.
using BlendRow = void (*)(Argb* dest, const Argb* source, const Argb* alphas, std::size_t count);
constexpr BlendRow separable[] = {blend_row<screen>,
                                  blend_row<overlay>,
                                  blend_row<darken>,
                                  blend_row<lighten>,
                                  nullptr,
                                  nullptr,
                                  blend_row<hard_light>,
                                  nullptr,
                                  blend_row<difference>,
                                  blend_row<exclusion>};

}  // namespace

std::optional<Shares> porter_duff(unsigned number) {
  constexpr auto none = Share::none, all = Share::all, in = Share::in, out = Share::out;
  constexpr Shares operators[] = {
      {none, none}, {all, none}, {none, all}, {all, out}, {out, all}, {in, none},
      {none, in},   {out, none}, {none, out}, {in, out},  {out, in},  {out, out},
  };
  if (number >= std::size(operators)) return std::nullopt;
  return operators[number];
}

bool is_byte_operator(std::uint8_t number) {
  if (porter_duff(number) || number == add || number == multiply) return true;
  return number >= first_separable && number < first_separable + std::size(separable) &&
         separable[number - first_separable] != nullptr;
}

void combine_row(std::uint8_t number, Argb* dest, const Argb* source, const Argb* alphas,
                 std::size_t count) {
  if (const auto shares = porter_duff(number)) return weigh(*shares, dest, source, alphas, count);
  if (number == add) return weigh({Share::all, Share::all}, dest, source, alphas, count);
  if (number == multiply) {
    Factors products;
    std::copy_n(source, count, products.begin());
    multiply_row(products.data(), dest, count);
    weigh({Share::out, Share::out}, dest, source, alphas, count);
    Factors whole;
    std::fill_n(whole.begin(), count, ~Argb{0});
    return weigh_row(dest, whole.data(), products.data(), whole.data(), count);
  }
  separable[number - first_separable](dest, source, alphas, count);
}

}  // namespace spicebench::draw
