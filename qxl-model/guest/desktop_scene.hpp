// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/random.hpp"
#include "qxl-model/guest/driver.hpp"
#include "qxl-model/guest/font.hpp"
#include "qxl-model/guest/pictures.hpp"

namespace spicebench::qxl {

// A window of the desktop workload: title bar and body.
struct Window {
  wire::display::Rect frame;
  std::uint32_t paper = 0xffffff;
  static constexpr std::int32_t title = 22, border = 2;
  wire::display::Rect body() const {
    return {frame.top + title, frame.left + border, frame.bottom - border, frame.right - border};
  }
};

// The pictures that recur, made once from the seed. Together they are larger than a small client
// cache, so that it has to evict.
struct PictureStock {
  explicit PictureStock(const Random& random);
  std::vector<Picture> tiles;   // 64 x 64
  std::vector<Picture> icons;   // 48 x 48
  std::vector<Picture> words;   // one line high
  std::vector<Picture> glyphs;  // by scancode
  static constexpr std::int32_t tile_side = 64, icon_side = 48, line = 14, glyph_width = 10;
};

// The drawing verbs of a desktop: each pushes the commands for one visible thing.
class Painter {
 public:
  Painter(Driver& driver, std::uint32_t width, std::uint32_t height, Random random)
      : driver_(driver),
        random_(random),
        stock_(random.fork("stock")),
        width_(static_cast<std::int32_t>(width)),
        height_(static_cast<std::int32_t>(height)) {}

  using Rect = wire::display::Rect;
  using Point = wire::display::Point;

  // Both clip to the surface, and draw nothing where nothing is left.
  Task<> fill(Rect box, std::uint32_t color, std::uint16_t rop = wire::display::ropd_put);
  Task<> fill(Rect box, std::span<const Rect> clip, std::uint32_t color,
              std::uint16_t rop = wire::display::ropd_put);
  //   style  none: as the driver's profile has it
  Task<> picture(Point at, const Picture& picture, std::uint16_t rop = wire::display::ropd_put,
                 std::optional<CopyStyle> style = std::nullopt);
  // A line of text inside of `within` (Font::line).
  Task<> text(const Font& font, Point at, std::span<const std::uint8_t> letters, Rect within,
              std::uint32_t ink, std::optional<std::uint32_t> paper = std::nullopt);
  // Moves pixels within the surface, which both rectangles must be inside of.
  Task<> move(Rect from, Point to);
  // Restores the background where a window was and no longer is.
  Task<> expose(Rect was, Rect is);

  Task<> background();
  Task<> window(const Window& window);
  Task<> scroll_line(const Window& window);
  // Moves all in `area` up; below it is left as it was.
  Task<> scroll(Rect area, std::int32_t up);
  Task<> outline(Rect box);

  const PictureStock& stock() const { return stock_; }
  Random& random() { return random_; }
  // Between one and `most` letters of a font; spaces between words.
  std::vector<std::uint8_t> letters(std::size_t most);
  std::int32_t width() const { return width_; }
  std::int32_t height() const { return height_; }

  static constexpr std::uint32_t background_color = 0x2c4a6e;

 private:
  bool clip_to_surface(Rect& box) const;
  std::span<const Rect> own_clip(const Rect& box) const;
  CopyStyle style_for(const Picture& picture) const;

  Driver& driver_;
  Random random_;
  PictureStock stock_;
  std::int32_t width_, height_;
};

}  // namespace spicebench::qxl
