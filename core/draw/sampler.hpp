// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <span>

#include "core/draw/pixel_rows.hpp"
#include "core/wire/display_types.hpp"

// Sampling for stretched and transformed pictures (canvas.md §6).
namespace spicebench::draw {

enum class Filter : std::uint8_t { bilinear, nearest };  // as scale_mode numbers them
enum class Repeat : std::uint8_t { none, normal, pad, reflect };

// Offset (i, j) of a destination pixel from the origin of the operation to a place in the source,
// in 16.16 fixed point. Small enough entries and offsets that nothing overflows 64 bits: entries
// below 2^38, offsets below 2^23.
struct Affine {
  std::int64_t t00 = 1 << 16, t01 = 0, t02 = 0;
  std::int64_t t10 = 0, t11 = 1 << 16, t12 = 0;
  bool operator==(const Affine&) const = default;
};
// `area` of a picture onto the whole of `box`, as copies do it (canvas.md §6.2). Precondition:
// neither is empty.
Affine stretched(const wire::display::Rect& area, const wire::display::Rect& box);

// A colour in components of 0 to 1, for operators that are defined on real numbers.
struct RealColour {
  double a = 0, r = 0, g = 0, b = 0;
};
RealColour real_colour(Argb colour);

class Sampler {
 public:
  // `picture` must outlive this.
  Sampler(const PixelView& picture, const Affine& transform, Filter filter,
          Repeat repeat = Repeat::none);
  // The colours at the offsets (i, j), (i + 1, j) …
  void row(std::int64_t i, std::int64_t j, std::span<Argb> out) const;
  // The same, with weights of 16 bits instead of 7 (canvas.md §10.4).
  void row(std::int64_t i, std::int64_t j, std::span<RealColour> out) const;

 private:
  PixelView picture_;
  Affine transform_;
  Filter filter_;
  Repeat repeat_;
};

}  // namespace spicebench::draw
