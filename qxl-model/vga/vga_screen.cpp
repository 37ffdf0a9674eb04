// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/vga/vga_screen.hpp"

#include <algorithm>

namespace spicebench::qxl {

VgaScreen::Change VgaScreen::update(Cycle now) {
  change_ = {};
  const Content content = !core_.screen_is_on()          ? Content::blank
                          : (core_.graphics(6) & 1) != 0 ? Content::graphics
                                                         : Content::text;
  const bool all = content != content_;
  if (all) {
    content_ = content;
    blink_ = now;
  }
  if (content == Content::text) {
    draw_text(now, all);
  } else if (content == Content::graphics) {
    draw_graphics(all);
  } else {
    draw_blank(all);
  }
  return change_;
}

void VgaScreen::draw_blank(bool all) {
  if (!all || !has_mode_) return;
  std::ranges::fill(pixels_, 0u);
  drawn({0, 0, static_cast<std::int32_t>(height_), static_cast<std::int32_t>(width_)});
}

// False: too large.
bool VgaScreen::resize(std::uint32_t width, std::uint32_t height) {
  if (std::uint64_t{width} * height > max_pixels) return false;
  has_mode_ = true;
  if (width == width_ && height == height_) return true;
  width_ = width;
  height_ = height;
  pixels_.assign(std::size_t{width} * height, 0);
  change_ = {.resized = true};
  return true;
}

void VgaScreen::drawn(const wire::display::Rect& part) {
  auto& box = change_.box;
  if (wire::display::is_empty(box)) {
    box = part;
  } else {
    box = {std::min(box.top, part.top), std::min(box.left, part.left),
           std::max(box.bottom, part.bottom), std::max(box.right, part.right)};
  }
}

// Each follow_… takes over what registers say now. True: something is different.

bool VgaScreen::follow_origin() {
  const std::uint32_t line = core_.line_bytes(), start = core_.start_group(),
                      compare = core_.line_compare();
  const bool moved = line != line_bytes_ || start != start_ || compare != line_compare_;
  line_bytes_ = line;
  start_ = start;
  line_compare_ = compare;
  return moved;
}

// The sixteen colours of text and planes: attribute registers choose them from the palette.
bool VgaScreen::follow_text_palette() {
  bool changed = false;
  const std::uint8_t page = core_.attribute(0x14);
  for (std::size_t i = 0; i < 16; ++i) {
    const std::uint8_t entry = core_.attribute(i);
    const unsigned index = (core_.attribute(0x10) & 0x80) != 0
                               ? (page & 0x0fu) << 4 | (entry & 0x0fu)
                               : (page & 0x0cu) << 4 | (entry & 0x3fu);
    const std::uint32_t color = core_.color(static_cast<std::uint8_t>(index), false);
    changed |= palette_[i] != color;
    palette_[i] = color;
  }
  return changed;
}

bool VgaScreen::follow_palette() {
  bool changed = false;
  for (std::size_t i = 0; i < palette_.size(); ++i) {
    const std::uint32_t color = core_.color(static_cast<std::uint8_t>(i), true);
    changed |= palette_[i] != color;
    palette_[i] = color;
  }
  return changed;
}

}  // namespace spicebench::qxl
