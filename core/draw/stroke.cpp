// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fmt/format.h>

#include "core/draw/brush.hpp"
#include "core/draw/command.hpp"
#include "core/draw/dash.hpp"
#include "core/draw/draw.hpp"
#include "core/draw/line.hpp"
#include "core/draw/path.hpp"

// Lines one pixel wide (canvas.md §9).
namespace spicebench::draw {
namespace {

using namespace wire::display;

// Bounds of our own on the work of one command: pixels of solid lines; pieces and rows of dashes.
constexpr std::int64_t most_line_pixels = 1 << 28, most_dash_steps = 1 << 23;

std::unexpected<Error> too_much(std::string_view what, std::int64_t most) {
  return fail(ErrorCode::out_of_range, fmt::format("more than {} {}", most, what), 0, "path");
}

Result<void> check_work(const Polylines& lines, const std::optional<Dashes>& dashes,
                        const Rect& bounds) {
  std::int64_t total = 0;
  const std::int64_t longest = std::max(width_of(bounds), height_of(bounds));
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::span<const Point> line = lines[i];
    if (dashes) {
      total += dashes->work(line);
      if (total > most_dash_steps) return too_much("steps of dashes", most_dash_steps);
      continue;
    }
    for (std::size_t k = 1; k < line.size(); ++k) {
      const std::int64_t dx = std::abs(std::int64_t{line[k].x} - line[k - 1].x),
                         dy = std::abs(std::int64_t{line[k].y} - line[k - 1].y);
      total += std::min(longest, std::max(dx, dy));
    }
    if (total > most_line_pixels) return too_much("pixels of lines", most_line_pixels);
  }
  return {};
}

// Operations whose result depends on the old pixel in a way that shows double painting. Numbers are
// those of X11 (canvas.md §5.2, §9.5): the truth table from its other end.
bool shows_double_painting(Rop rop) {
  const unsigned f = (rop >> 3 & 1u) | (rop >> 1 & 2u) | (rop << 1 & 4u) | (rop << 3 & 8u);
  return (f & 12) == 8 || (f & 3) == 2;
}

}  // namespace

Result<void> stroke(Surface& surface, const DrawStroke& command, const Resolved& images) {
  CHECKED(check_coordinates(command.base.box, "base.box"));
  if (surface.format() == surface_1_a) return no_effect("stroke", surface.format());
  const Paint paint = TRY(Paint::of(command.brush, images.pattern, surface, "brush"));
  const Rop rop = rop_of(command.fore_mode, ropd_invers_brush, ropd_invers_dest);
  std::optional<Dashes> dashes;
  if ((command.attr.flags & line_styled) != 0) dashes = TRY(Dashes::of(command.attr));
  const Polylines lines = TRY(Polylines::of(command.path));
  const Region region = TRY(region_of(command.base.box, bounds_of(surface), command.base.clip));
  const Rect bounds = bounds_of(region);
  CHECKED(check_work(lines, dashes, bounds));
  if (region.empty()) return {};

  const auto paint_run = [&](std::int32_t y, std::int32_t from, std::int32_t to) {
    paint.apply(surface, y, from, to, rop);
  };
  const auto paint_span = [&](std::int32_t y, std::int32_t from, std::int32_t to) {
    if (region.size() == 1)
      paint_run(y, from, to);  // spans are cut to the bounds
    else
      for_each_part(region, y, from, to, paint_run);
  };
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::span<const Point> line = lines[i];
    if (dashes) {
      const bool once = line.size() > 2 && shows_double_painting(rop);
      for (const Span& span : dashes->spans_of(line, bounds, once))
        paint_span(span.y, span.from, span.to);
    } else {
      for (std::size_t k = 1; k < line.size(); ++k)
        Line(line[k - 1], line[k]).for_each_span(bounds, paint_span);
    }
  }
  return {};
}

}  // namespace spicebench::draw
