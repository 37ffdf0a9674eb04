// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "core/base/random.hpp"
#include "core/wire/display_drawing.hpp"

namespace spicebench::qxl {

// A surface that is painted on.
struct Canvas {
  std::uint32_t id = 0, width = 0, height = 0;
  std::uint32_t format = wire::display::surface_32_xrgb;
};

// Images, masks and brushes by chance, of every kind that a canvas of a given format takes. Valid,
// and drawn by the reference in one way only (paint_rules.hpp).
class PaintPictures {
 public:
  // What images may show: other surfaces.
  PaintPictures(Random random, std::vector<Canvas> canvases);

  // A colour picture of this size for `target`, never of the target itself.
  wire::display::Image picture(const Canvas& target, std::uint32_t width, std::uint32_t height);
  // One that recurs under its id, or a surface; of its own size.
  wire::display::Image any_picture(const Canvas& target);
  // With an alpha of its own: RGBA, its colours multiplied by it.
  wire::display::Image with_alpha(std::uint32_t width, std::uint32_t height);
  wire::display::Brush brush(const Canvas& target);
  wire::display::QMask mask();
  Random& random() { return random_; }

 private:
  wire::display::Image bitmap(std::uint8_t format, std::uint32_t width, std::uint32_t height,
                              const Canvas& target);
  wire::display::Image quic(std::uint8_t format, std::uint32_t width, std::uint32_t height);
  wire::display::Palette palette(std::size_t bits, bool deep);
  std::uint32_t size(std::uint32_t most);

  Random random_;
  std::vector<Canvas> canvases_;
  std::vector<wire::display::Image> recurring_;
  std::map<std::pair<std::size_t, bool>, wire::display::Palette> palettes_;
  std::uint64_t next_id_ = 1;
};

}  // namespace spicebench::qxl
