// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/draw/pixel_rows.hpp"
#include "core/draw/sampler.hpp"

// The operators of composite (canvas.md §10.3, §10.4), each on colours that the mask was already
// applied to.
namespace spicebench::draw {

// How much of a colour stays where the other one is: by the Porter-Duff names, nothing, all, as
// much as the other covers (`in`), as much as it leaves free (`out`).
enum class Share : std::uint8_t { none, all, in, out };
struct Shares {
  Share source, dest;
};
// Of the twelve Porter-Duff operators, which the disjoint and conjoint ones repeat.
std::optional<Shares> porter_duff(unsigned number);

// Operators that are defined on bytes, and those on real numbers; no number is both.
bool is_byte_operator(std::uint8_t number);
bool is_real_operator(std::uint8_t number);

// dest = operator(source, dest). `alphas`: what covers in each component (a_k); without a mask of
// components the source's alpha in all four. Precondition: is_byte_operator().
void combine_row(std::uint8_t number, Argb* dest, const Argb* source, const Argb* alphas,
                 std::size_t count);
// The same for one pixel. Precondition: is_real_operator().
RealColour combine_real(std::uint8_t number, const RealColour& source, const RealColour& alphas,
                        const RealColour& dest);

}  // namespace spicebench::draw
