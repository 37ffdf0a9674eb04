// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <vector>

#include "core/wire/guest_action.hpp"
#include "qxl-model/guest/font.hpp"
#include "qxl-model/guest/paint_pictures.hpp"

namespace spicebench::qxl {

// Drawing commands by chance: every operation, with every kind of parameter that it has.
class Paint {
 public:
  Paint(Random random, std::vector<Canvas> canvases);

  wire::device::Drawable next();
  // A pointer's shape of any type, a movement, a trail, nothing.
  wire::device::CursorCommand next_cursor();

 private:
  using Rect = wire::display::Rect;
  using Body = decltype(wire::device::Drawable::body);
  wire::device::Drawable made(wire::device::DrawType type, Body body);

  wire::device::Drawable fill();
  wire::device::Drawable opaque();
  wire::device::Drawable copy();
  wire::device::Drawable copy_bits();
  wire::device::Drawable blend();
  wire::device::Drawable blackness();
  wire::device::Drawable whiteness();
  wire::device::Drawable invers();
  wire::device::Drawable rop3();
  wire::device::Drawable stroke();
  wire::device::Drawable text();
  wire::device::Drawable transparent();
  wire::device::Drawable alpha_blend();
  wire::device::Drawable composite();
  using Operation = wire::device::Drawable (Paint::*)();

  std::int32_t number(std::int64_t least, std::int64_t most) {
    return static_cast<std::int32_t>(random_.between(least, most));
  }
  bool chance(std::uint64_t of, std::uint64_t in) { return random_.chance(of, in); }
  std::uint16_t rop();
  Rect box(std::uint32_t most_width, std::uint32_t most_height);
  wire::display::Clip clip(const Rect& box);
  wire::display::DisplayBase base();
  template <class Draw>
  void give_source(Draw& draw);
  template <class Draw>
  wire::device::Drawable copying(wire::device::DrawType type);
  template <class Draw>
  wire::device::Drawable masked(wire::device::DrawType type);
  wire::display::PathSegment segment(const Rect& within, bool first);
  wire::display::Transform transform();

  Random random_;
  PaintPictures pictures_;
  std::vector<Canvas> canvases_;
  Canvas target_;  // of the command being made
  std::vector<Font> fonts_;
  std::uint64_t next_shape_ = 1;
};

}  // namespace spicebench::qxl
