// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/guest/paint.hpp"

// Strokes, text and pointers of the workload `paint`.
namespace spicebench::qxl {

using namespace wire::display;
using wire::device::CursorAction;
using wire::device::CursorCommand;
using wire::device::Drawable;
using wire::device::DrawType;

namespace {
constexpr std::int32_t pixel = 16;  // of a PointFix
}

// Lines between points by chance, or a curve that bends one way.
PathSegment Paint::segment(const Rect& within, bool first) {
  PathSegment out;
  const auto point = [&]() -> PointFix {
    const std::int32_t x = number(within.left * pixel, within.right * pixel);
    const std::int32_t y = number(within.top * pixel, within.bottom * pixel);
    return {x, y};
  };
  if (first) out.flags |= path_begin;
  const bool curve = chance(1, 4) && width_of(within) > 20 && height_of(within) > 20;
  if (!curve) {
    out.points.resize(2 + random_.below(5));
    for (PointFix& each : out.points) each = point();
  } else {
    const std::int32_t left = within.left * pixel, right = within.right * pixel;
    const std::int32_t bend = number(within.top * pixel, within.bottom * pixel);
    out.flags |= path_bezier | path_begin;
    out.points = {{left, within.bottom * pixel},
                  {left + (right - left) / 3, bend},
                  {right - (right - left) / 3, bend},
                  {right, within.bottom * pixel}};
  }
  if (chance(1, 3)) out.flags |= path_end;
  if ((out.flags & path_end) != 0 && chance(1, 2)) out.flags |= path_close;
  return out;
}

Drawable Paint::stroke() {
  DrawStroke draw{.base = base()};
  const std::size_t count = 1 + random_.below(3);
  bool first = true;
  for (std::size_t i = 0; i < count; ++i) {
    draw.path.segments.push_back(segment(draw.base.box, first));
    first = (draw.path.segments.back().flags & path_end) != 0;
  }
  if (chance(1, 3)) {
    draw.attr.flags = line_styled;
    if (chance(1, 2)) draw.attr.flags |= line_start_with_gap;
    draw.attr.style.resize(2 * (1 + random_.below(3)));
    for (auto& length : draw.attr.style) length = number(1, 12) * pixel;
  }
  if (draw.base.clip.rects.size() > 1) draw.base.clip.rects.resize(1);
  draw.brush = pictures_.brush(target_);
  draw.fore_mode = rop();
  draw.back_mode = rop();
  return made(DrawType::stroke, std::move(draw));
}

Drawable Paint::text() {
  const Font& font = fonts_[random_.below(fonts_.size())];
  const Rect within = box(250, 40);
  std::vector<std::uint8_t> letters(1 + random_.below(20));
  for (auto& letter : letters) letter = static_cast<std::uint8_t>(random_.below(Font::letters));
  DrawText draw = font.line({within.left, within.top}, letters, within, 0, std::nullopt);
  draw.base.surface_id = target_.id;
  draw.base.clip = clip(draw.base.box);
  draw.fore_brush = pictures_.brush(target_);
  if (chance(1, 2)) {
    draw.back_area = draw.base.box;
    draw.back_brush = pictures_.brush(target_);
  } else {
    draw.fore_mode = rop();
  }
  draw.back_mode = rop();
  return made(DrawType::text, std::move(draw));
}

CursorCommand Paint::next_cursor() {
  const Point16 at{static_cast<std::int16_t>(number(0, 600)),
                   static_cast<std::int16_t>(number(0, 400))};
  switch (random_.below(6)) {
    case 0: {
      wire::cursor::Set set{.position = at, .visible = 1};
      auto& header = set.cursor.header.emplace();
      header.unique = next_shape_++;
      header.type = static_cast<std::uint8_t>(random_.below(7));
      header.width = static_cast<std::uint16_t>(8 * (1 + random_.below(8)));
      header.height = static_cast<std::uint16_t>(1 + random_.below(64));
      header.hot_spot_x = static_cast<std::uint16_t>(random_.below(header.width));
      header.hot_spot_y = static_cast<std::uint16_t>(random_.below(header.height));
      set.cursor.data = SharedBytes(random_.bytes(*wire::cursor::shape_bytes(header)));
      return {.action = static_cast<std::uint8_t>(CursorAction::set), .body = std::move(set)};
    }
    case 1:
      return {.action = static_cast<std::uint8_t>(CursorAction::hide),
              .body = wire::cursor::Hide{}};
    case 2: {
      wire::cursor::Trail trail;
      trail.length = static_cast<std::uint16_t>(random_.below(10));
      trail.frequency = static_cast<std::uint16_t>(random_.below(100));
      return {.action = static_cast<std::uint8_t>(CursorAction::trail), .body = trail};
    }
    default:
      return {.action = static_cast<std::uint8_t>(CursorAction::move),
              .body = wire::cursor::Move{at}};
  }
}

}  // namespace spicebench::qxl
