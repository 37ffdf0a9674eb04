// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "core/wire/display_types.hpp"
#include "qxl-model/cost/cycle.hpp"
#include "qxl-model/vga/vga_core.hpp"

namespace spicebench::qxl {

// What a monitor shows of a VGA core: text or graphics, drawn anew where it changed.
//
// DIFFERS: pictures of more than max_pixels are not drawn; the one before stays.
class VgaScreen {
 public:
  static constexpr std::uint32_t first_width = 640, first_height = 480;  // before any mode, black
  static constexpr std::uint64_t max_pixels = 1u << 24;

  explicit VgaScreen(VgaCore& core) : core_(core) {}

  struct Change {
    bool resized = false;
    wire::display::Rect box{};  // of what was drawn; what it leaves out is as before
  };
  //   now  for the cursor of text, which blinks
  Change update(Cycle now);

  std::uint32_t width() const { return width_; }
  std::uint32_t height() const { return height_; }
  // Rows from the top of pixels 0xxxRRGGBB; the top byte means nothing.
  const std::vector<std::uint32_t>& pixels() const { return pixels_; }

  bool contains(const wire::display::Rect& box) const {
    return box.left >= 0 && box.top >= 0 && box.left <= box.right && box.top <= box.bottom &&
           static_cast<std::uint32_t>(box.right) <= width_ &&
           static_cast<std::uint32_t>(box.bottom) <= height_;
  }

  template <class Archive>
  void transfer(Archive& archive);

 private:
  enum class Content : std::uint8_t { none, blank, text, graphics };
  struct TextSize {
    std::uint32_t columns, rows, cell_width, cell_height;
    bool operator==(const TextSize&) const = default;
  };
  struct GraphicsForm {
    std::uint32_t width, height, line_bytes, depth, shift_control;
    bool double_scan;
    bool operator==(const GraphicsForm&) const = default;
  };
  static constexpr std::size_t most_cells = 160 * 100;
  static constexpr std::uint32_t unknown_cell = 0xffff'ffff;

  // vga_screen.cpp
  bool resize(std::uint32_t width, std::uint32_t height);
  void drawn(const wire::display::Rect& part);
  bool follow_origin();
  bool follow_text_palette();
  bool follow_palette();
  void draw_blank(bool all);
  // vga_text.cpp
  TextSize text_size() const;
  void draw_text(Cycle now, bool all);
  bool follow_fonts();
  void follow_cursor();
  void draw_cell(std::uint32_t column, std::uint32_t row, const TextSize& size, std::uint32_t cell,
                 bool with_cursor);
  // vga_graphics.cpp
  GraphicsForm graphics_form() const;
  void draw_graphics(bool all);
  std::size_t row_address(std::size_t address, std::uint32_t row) const;
  void draw_row(const GraphicsForm& form, std::size_t address, std::uint32_t y);

  VgaCore& core_;
  std::uint32_t width_ = first_width, height_ = first_height;
  std::vector<std::uint32_t> pixels_ = std::vector<std::uint32_t>(first_width * first_height);
  Change change_;  // of the update under way

  // What the picture was drawn with.
  Content content_ = Content::none;
  bool has_mode_ = false;  // text or graphics were drawn once
  std::uint32_t line_bytes_ = 0, start_ = 0, line_compare_ = 0;
  std::array<std::uint32_t, 256> palette_{};
  TextSize text_{};
  std::array<std::uint32_t, 2> fonts_{};  // where they begin
  std::vector<std::uint32_t> cells_ = std::vector<std::uint32_t>(most_cells, unknown_cell);
  std::uint32_t cursor_ = 0;  // its cell, from the start
  std::uint8_t cursor_first_ = 0, cursor_last_ = 0;
  bool cursor_shows_ = false;
  Cycle blink_ = 0;  // when that changes
  GraphicsForm form_{};
};

template <class Archive>
void VgaScreen::transfer(Archive& archive) {
  archive.value("width", width_);
  archive.value("height", height_);
  if constexpr (Archive::loads) {
    if (archive.failed()) return;
    const std::uint64_t pixels = std::uint64_t{width_} * height_;
    if (pixels == 0 || pixels > max_pixels) return archive.refuse("height", "no such picture");
    pixels_.assign(pixels, 0);
  }
  archive.bytes("pixels", std::as_writable_bytes(std::span(pixels_)));
  archive.choice("content", content_, Content::graphics);
  archive.value("has_mode", has_mode_);
  for (std::uint32_t* value :
       {&line_bytes_, &start_, &line_compare_, &text_.columns, &text_.rows, &text_.cell_width,
        &text_.cell_height, &fonts_[0], &fonts_[1], &cursor_, &form_.width, &form_.height,
        &form_.line_bytes, &form_.depth, &form_.shift_control})
    archive.value("form", *value);
  if constexpr (Archive::loads) {
    const bool fits_text =
        text_ == TextSize{} || (std::uint64_t{text_.columns} * text_.cell_width == width_ &&
                                std::uint64_t{text_.rows} * text_.cell_height == height_);
    const bool fits_graphics =
        form_ == GraphicsForm{} || (form_.width == width_ && form_.height == height_);
    if (!fits_text || !fits_graphics) return archive.refuse("form", "not that of the picture");
  }
  for (std::uint32_t& color : palette_) archive.value("palette", color);
  for (std::uint32_t& cell : cells_) archive.value("cell", cell);
  archive.value("cursor_first", cursor_first_);
  archive.value("cursor_last", cursor_last_);
  archive.value("cursor_shows", cursor_shows_);
  archive.value("blink", blink_);
  archive.value("double_scan", form_.double_scan);
}

}  // namespace spicebench::qxl
