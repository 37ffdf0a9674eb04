// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "core/base/result.hpp"
#include "core/draw/path.hpp"
#include "core/draw/region.hpp"

// Dashed lines: thin rectangles instead of runs of pixels (canvas.md §9.4, §9.5).
namespace spicebench::draw {

// Pixels from … to - 1 of row y.
struct Span {
  std::int32_t y, from, to;
  auto operator<=>(const Span&) const = default;
};

class Dashes {
 public:
  // Errors: malformed (no lengths, or only such of 0).
  static Result<Dashes> of(const wire::display::LineAttr& attributes);
  // No fewer pieces and rows than spans_of() goes through.
  std::int64_t work(std::span<const Point> polyline) const;
  // What is drawn of a polyline inside the bounds. Spans may overlap, unless `once`: then each
  // pixel is there once, for operations that show whether a pixel is painted twice.
  std::vector<Span> spans_of(std::span<const Point> polyline, const Rect& bounds, bool once) const;

 private:
  std::vector<std::int32_t> lengths_;  // in pixels; drawn and left out by turns
  std::size_t first_index_ = 0;        // where every polyline begins
  std::int32_t first_used_ = 0;        // pixels of it that are behind
};

}  // namespace spicebench::draw
