// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/guest/firmware.hpp"

#include <algorithm>

namespace spicebench::qxl {

namespace {

constexpr std::uint16_t misc_port = 0x3c2, sequencer_port = 0x3c4, graphics_port = 0x3ce,
                        crtc_port = 0x3d4, attribute_port = 0x3c0, status_port = 0x3da,
                        palette_index_port = 0x3c8, palette_port = 0x3c9;
constexpr std::uint16_t vbe_index_port = 0x1ce, vbe_data_port = 0x1cf;
constexpr std::uint64_t font_window = 0xa0000, text_window = 0xb8000;
constexpr std::uint32_t row_bytes = 2 * Firmware::columns;
constexpr std::uint16_t screen_on = 0x20;

}  // namespace

// Index and value in one access.
Task<> Firmware::set(std::uint16_t port, unsigned index, unsigned value) {
  co_await bus_.out(port, index | value << 8, 2);
}
Task<> Firmware::vbe(std::uint16_t index, std::uint16_t value) {
  co_await bus_.out(vbe_index_port, index, 2);
  co_await bus_.out(vbe_data_port, value, 2);
}

// The sixteen colours are the first of the palette.
Task<> Firmware::set_attributes(std::uint8_t mode) {
  co_await bus_.in(status_port);  // an index is next
  const std::uint8_t rest[] = {mode, 0, 0x0f, 0, 0};
  for (std::uint16_t i = 0; i < 21; ++i) {
    co_await bus_.out(attribute_port, i);
    co_await bus_.out(attribute_port, i < 16 ? i : rest[i - 16]);
  }
  co_await bus_.out(attribute_port, screen_on);
}

Task<> Firmware::set_mode(const VgaMode& mode) {
  co_await vbe(4, 0);
  co_await bus_.out(misc_port, mode.misc);
  for (unsigned i = 0; i < mode.sequencer.size(); ++i)
    co_await set(sequencer_port, i + 1, mode.sequencer[i]);
  co_await set(crtc_port, 0x11, mode.crtc[0x11] & 0x7fu);  // opens registers 0 to 7
  for (unsigned i = 0; i < mode.crtc.size(); ++i) co_await set(crtc_port, i, mode.crtc[i]);
  for (unsigned i = 0; i < mode.graphics.size(); ++i)
    co_await set(graphics_port, i, mode.graphics[i]);
  co_await set_attributes(mode.attribute_mode);
}

Task<> Firmware::set_linear_mode(std::uint16_t width, std::uint16_t height, std::uint16_t depth) {
  constexpr std::uint16_t enabled = 0x01, linear = 0x40;
  co_await vbe(4, 0);
  co_await vbe(1, width);
  co_await vbe(2, height);
  co_await vbe(3, depth);
  co_await vbe(4, enabled | linear);
  co_await set_attributes(0x01);
}

Task<> Firmware::set_palette(std::span<const std::uint32_t> colors) {
  co_await bus_.out(palette_index_port, 0);
  for (const std::uint32_t color : colors)
    for (const int shift : {16, 8, 0}) co_await bus_.out(palette_port, color >> shift >> 2 & 0x3f);
}

// Letters have strokes rather than noise, so that a text looks like one. The font is in plane 2,
// which is opened for it alone.
Task<> Firmware::load_font(Random random) {
  co_await set(sequencer_port, 2, 0x04);
  co_await set(sequencer_port, 4, 0x07);
  co_await set(graphics_port, 5, 0x00);
  co_await set(graphics_port, 6, 0x04);
  for (std::uint64_t letter = 0; letter < 256; ++letter) {
    Bytes glyph(16, std::byte{0});
    const bool is_line = letter >= 0xb0 && letter <= 0xdf;
    if (letter != ' ') {
      const auto stem = static_cast<std::uint8_t>(0x80u >> random.below(6));
      for (std::size_t y = is_line ? 0 : 3; y < (is_line ? 16u : 12u); ++y) {
        std::uint8_t bits = stem;
        if (random.chance(1, 3)) bits |= static_cast<std::uint8_t>(random.below(128) << 1);
        if (is_line && y == 8) bits = 0xff;
        glyph[y] = std::byte{bits};
      }
    }
    bus_.write(font_window + 32 * letter, glyph);
  }
  co_await set(sequencer_port, 2, 0x03);
  co_await set(sequencer_port, 4, 0x02);
  co_await set(graphics_port, 5, 0x10);
  co_await set(graphics_port, 6, 0x0e);
}

Task<> Firmware::clear_text() {
  Bytes blank;
  for (std::uint32_t i = 0; i < columns; ++i) append_little_endian(blank, 0x0720, 2);
  for (std::uint64_t row = 0; row < rows; ++row) bus_.write(text_window + row * row_bytes, blank);
  row_ = 0;
  co_await show_cursor(true);
}

Task<> Firmware::print(std::string_view line, std::uint8_t colors) {
  if (row_ == rows) {
    Bytes below((rows - 1) * row_bytes);
    bus_.read(text_window + row_bytes, below);
    bus_.write(text_window, below);
    --row_;
  }
  Bytes cells;
  for (std::uint32_t i = 0; i < columns; ++i) {
    append_little_endian(cells, i < line.size() ? static_cast<unsigned char>(line[i]) : ' ', 1);
    append_little_endian(cells, colors, 1);
  }
  bus_.write(text_window + row_ * row_bytes, cells);
  ++row_;
  const std::uint32_t cursor = std::min(row_, rows - 1) * columns;
  co_await set(crtc_port, 0x0e, cursor >> 8);
  co_await set(crtc_port, 0x0f, cursor & 0xff);
}

Task<> Firmware::show_cursor(bool shown) {
  co_await set(crtc_port, 0x0a, shown ? 0x0d : 0x20);
}

}  // namespace spicebench::qxl
