// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>

#include "qxl-model/vga/vga_screen.hpp"

// Text: a cell of two bytes, the letter in plane 0 and its colours in plane 1, fonts in plane 2.
namespace spicebench::qxl {

namespace {
constexpr Cycle blink_period = 228'000'000;  // as the reference: 16 frames of 70 a second
constexpr std::uint8_t first_line_letter = 0xb0, last_line_letter = 0xdf;
}  // namespace

VgaScreen::TextSize VgaScreen::text_size() const {
  TextSize size{};
  size.cell_height = (core_.crtc(0x09) & 0x1fu) + 1;
  const std::uint8_t clocking = core_.sequencer(1);
  size.cell_width = (clocking & 0x08) != 0 ? 16 : (clocking & 0x01) != 0 ? 8 : 9;
  size.columns = core_.crtc(0x01) + 1u;
  if (core_.crtc(0x06) == 100) {
    size.rows = 100;  // the mode of 160 x 100 blocks, which says something else
  } else {
    const std::uint8_t high = core_.crtc(0x07);
    const std::uint32_t lines = core_.crtc(0x12) | (high & 0x02u) << 7 | (high & 0x40u) << 3;
    size.rows = (lines + 1) / size.cell_height;
  }
  return size;
}

bool VgaScreen::follow_fonts() {
  const std::uint8_t map = core_.sequencer(3);
  constexpr std::uint32_t font_bytes = 8192 * 4, plane = 2;
  const std::array<std::uint32_t, 2> fonts{
      ((map >> 4 & 1u) | (map << 1 & 6u)) * font_bytes + plane,
      ((map >> 5 & 1u) | (map >> 1 & 6u)) * font_bytes + plane};
  const bool changed = fonts != fonts_;
  fonts_ = fonts;
  return core_.take_fonts_touched() || core_.is_flat() || changed;
}

void VgaScreen::follow_cursor() {
  const std::uint32_t cursor = (core_.crtc(0x0e) * 256u | core_.crtc(0x0f)) - start_;
  const std::uint8_t first = core_.crtc(0x0a), last = core_.crtc(0x0b);
  if (cursor == cursor_ && first == cursor_first_ && last == cursor_last_) return;
  for (const std::uint32_t cell : {cursor_, cursor})
    if (cell < most_cells) cells_[cell] = unknown_cell;
  cursor_ = cursor;
  cursor_first_ = first;
  cursor_last_ = last;
}

void VgaScreen::draw_text(Cycle now, bool all) {
  all |= follow_fonts();
  all |= follow_origin();
  const TextSize size = text_size();
  const std::uint32_t cells = size.columns * size.rows;
  if (cells <= 1 || cells > most_cells) return;  // on the way to a mode
  if (size != text_ || form_.depth != 0 || form_.width != 0) {
    if (!resize(size.columns * size.cell_width, size.rows * size.cell_height)) return;
    text_ = size;
    form_ = {};
    all = true;
  }
  all |= follow_text_palette();
  follow_cursor();
  if (now >= blink_) {
    blink_ = now + blink_period;
    cursor_shows_ = !cursor_shows_;
  }

  const BytesView memory = core_.memory();
  const std::size_t cursor_at = (std::size_t{start_} + cursor_) * 4;
  std::size_t row_at = std::size_t{start_} * 4, cell = 0;
  std::uint32_t line = 0;
  for (std::uint32_t row = 0; row < size.rows; ++row) {
    std::uint32_t first = size.columns, last = 0;
    for (std::uint32_t column = 0; column < size.columns; ++column) {
      const std::size_t at = row_at + 4 * std::size_t{column};
      if (at + 2 > memory.size()) break;
      std::uint32_t& known = cells_[cell + column];
      const auto content = static_cast<std::uint32_t>(load_little_endian(memory.data() + at, 2));
      if (!all && content == known && at != cursor_at) continue;
      known = content;
      first = std::min(first, column);
      last = column;
      draw_cell(column, row, size, content, at == cursor_at);
    }
    if (first <= last)
      drawn({static_cast<std::int32_t>(row * size.cell_height),
             static_cast<std::int32_t>(first * size.cell_width),
             static_cast<std::int32_t>((row + 1) * size.cell_height),
             static_cast<std::int32_t>((last + 1) * size.cell_width)});
    cell += size.columns;
    const std::uint32_t next_line = line + size.cell_height;
    row_at += line_bytes_;
    if (line < line_compare_ && next_line >= line_compare_) row_at = 0;
    line = next_line;
  }
}

void VgaScreen::draw_cell(std::uint32_t column, std::uint32_t row, const TextSize& size,
                          std::uint32_t cell, bool with_cursor) {
  const std::uint8_t letter = cell & 0xff, colors = static_cast<std::uint8_t>(cell >> 8);
  const std::uint32_t ink = palette_[colors & 15], paper = palette_[colors >> 4];
  const std::size_t glyph = fonts_[colors >> 3 & 1] + std::size_t{32} * 4 * letter;
  // The ninth column of letters that make lines repeats the eighth.
  const bool repeats = (core_.attribute(0x10) & 0x04) != 0 && letter >= first_line_letter &&
                       letter <= last_line_letter;
  const std::uint32_t cursor_first = cursor_first_ & 0x1fu,
                      cursor_last = std::min(cursor_last_ & 0x1fu, size.cell_height - 1);
  const bool cursor_on = with_cursor && (cursor_first_ & 0x20) == 0 && cursor_shows_;
  for (std::uint32_t y = 0; y < size.cell_height; ++y) {
    const bool solid = cursor_on && y >= cursor_first && y <= cursor_last;
    const auto bits = solid ? 0xffu : std::to_integer<unsigned>(core_.memory()[glyph + 4 * y]);
    auto* out = pixels_.data() + std::size_t{row * size.cell_height + y} * width_ +
                std::size_t{column} * size.cell_width;
    const auto pixel = [&](std::uint32_t bit) {
      return (bits >> (7 - bit) & 1) != 0 ? ink : paper;
    };
    for (std::uint32_t x = 0; x < 8; ++x) {
      if (size.cell_width == 16) {
        out[2 * x] = out[2 * x + 1] = pixel(x);
      } else {
        out[x] = pixel(x);
      }
    }
    if (size.cell_width == 9) out[8] = repeats || solid ? pixel(7) : paper;
  }
}

}  // namespace spicebench::qxl
