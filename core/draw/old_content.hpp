// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include "core/base/bytes.hpp"
#include "core/draw/surface.hpp"

namespace spicebench::draw {

// A picture that a command reads: as it is, or a copy of it if it lies in the pixels that are about
// to be drawn on.
class OldContent {
 public:
  OldContent(const PixelView& picture, const Surface& surface);
  OldContent(OldContent&&) = default;
  OldContent& operator=(OldContent&&) = default;
  const PixelView& view() const { return view_; }

 private:
  PixelView view_;
  Bytes copy_;
};

// A part of a picture. Precondition: it lies inside, left is the first pixel of a byte.
PixelView part_of(const PixelView& picture, const wire::display::Rect& part);

}  // namespace spicebench::draw
