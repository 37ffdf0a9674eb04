// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>

#include "qxl-model/vga/vga_screen.hpp"

// Graphics: planes of one bit, pairs of bits as old adapters had them, bytes, and the depths of
// VBE.
namespace spicebench::qxl {

namespace {

constexpr std::uint8_t planes = 0, pairs = 1;  // shift control; more: bytes
constexpr std::uint8_t doubled_pixels = 0x08;  // of sequencer register 1

// Memory as pictures see it: it begins anew at its end.
class Source {
 public:
  explicit Source(const VgaCore& core) : bytes_(core.memory()), mask_(core.picture_bytes() - 1) {}
  // The unit of 1, 2 or 4 bytes that `at` lies in.
  std::uint32_t unit(std::size_t at, std::size_t length) const {
    return static_cast<std::uint32_t>(
        load_little_endian(bytes_.data() + (at & mask_ & ~(length - 1)), length));
  }
  std::uint32_t byte(std::size_t at) const { return unit(at, 1); }

 private:
  BytesView bytes_;
  std::size_t mask_;
};

// The eight colour numbers of a group, one bit from each plane.
std::array<std::uint8_t, 8> from_planes(std::uint32_t group) {
  std::array<std::uint8_t, 8> out{};
  for (unsigned x = 0; x < 8; ++x)
    for (unsigned plane = 0; plane < 4; ++plane)
      out[x] |= static_cast<std::uint8_t>((group >> (8 * plane + 7 - x) & 1) << plane);
  return out;
}
// Two bits from plane 0 and two from plane 2, then the same of planes 1 and 3.
std::array<std::uint8_t, 8> from_pairs(std::uint32_t group) {
  std::array<std::uint8_t, 8> out{};
  for (unsigned x = 0; x < 8; ++x) {
    const unsigned low = 8 * (x / 4) + 6 - 2 * (x % 4);
    out[x] = static_cast<std::uint8_t>((group >> low & 3) | (group >> (low + 16) & 3) << 2);
  }
  return out;
}

std::uint32_t of_15_bits(std::uint32_t v) {
  return (v >> 7 & 0xf8) << 16 | (v >> 2 & 0xf8) << 8 | (v << 3 & 0xf8);
}
std::uint32_t of_16_bits(std::uint32_t v) {
  return (v >> 8 & 0xf8) << 16 | (v >> 3 & 0xfc) << 8 | (v << 3 & 0xf8);
}

std::uint32_t bits_per_pixel(std::uint32_t depth, std::uint32_t shift_control) {
  if (shift_control <= pairs || depth < 8) return 4;
  return depth == 15 ? 16 : depth;
}

}  // namespace

VgaScreen::GraphicsForm VgaScreen::graphics_form() const {
  GraphicsForm form{};
  if (core_.vbe_enabled()) {
    form.width = core_.vbe(VgaCore::xres);
    form.height = core_.vbe(VgaCore::yres);
    form.depth = core_.vbe(VgaCore::bpp);
  } else {
    const std::uint8_t high = core_.crtc(0x07);
    form.width = (core_.crtc(0x01) + 1u) * 8;
    form.height = (core_.crtc(0x12) | (high & 0x02u) << 7 | (high & 0x40u) << 3) + 1;
  }
  form.shift_control = core_.graphics(5) >> 5 & 3;
  if (form.shift_control <= pairs && (core_.sequencer(1) & doubled_pixels) != 0) form.width *= 2;
  form.line_bytes = core_.line_bytes();
  form.double_scan = (core_.crtc(0x09) & 0x80) != 0;
  return form;
}

// The address of a row, with the bits that old adapters took from its number.
std::size_t VgaScreen::row_address(std::size_t address, std::uint32_t row) const {
  const std::uint8_t mode = core_.crtc(0x17);
  if ((mode & 1) == 0) {
    const unsigned shift = 14 + (mode >> 6 & 1u);
    address = (address & ~(std::size_t{1} << shift)) | std::size_t{row & 1} << shift;
  }
  if ((mode & 2) == 0) address = (address & ~std::size_t{0x8000}) | std::size_t{row & 2} << 14;
  return address;
}

void VgaScreen::draw_graphics(bool all) {
  all |= follow_origin();
  const GraphicsForm form = graphics_form();
  if (form != form_) {
    if (!resize(form.width, form.height)) return;
    form_ = form;
    text_ = {};
    all = true;
  }
  const bool indexed = form.shift_control > pairs && form.depth <= 8;
  if (form.shift_control <= pairs) {
    all |= follow_text_palette();
  } else if (indexed) {
    all |= follow_palette();
  }

  // How often each row is repeated.
  const std::uint32_t scans = form.shift_control == pairs
                                  ? form.double_scan
                                  : (((core_.crtc(0x09) & 0x1fu) + 1) << form.double_scan) - 1;
  const bool doubled = form.shift_control <= pairs && (core_.sequencer(1) & doubled_pixels) != 0;
  const std::size_t row_bytes =
      (std::size_t{form.width >> doubled} * bits_per_pixel(form.depth, form.shift_control) + 7) / 8;
  const std::size_t size = core_.picture_bytes();
  std::size_t address = std::size_t{start_} * 4;
  std::uint32_t row = 0, repeat = scans;
  for (std::uint32_t y = 0; y < form.height; ++y) {
    const std::size_t at = row_address(address, row);
    const std::size_t first = at & (size - 1), last = (at + row_bytes - 1) & (size - 1);
    const bool dirty =
        first <= last ? core_.dirty().any(first, row_bytes)
                      : core_.dirty().any(first, size - first) || core_.dirty().any(0, last + 1);
    if (all || dirty) {
      draw_row(form, at, y);
      drawn({static_cast<std::int32_t>(y), 0, static_cast<std::int32_t>(y + 1),
             static_cast<std::int32_t>(form.width)});
    }
    if (repeat == 0) {
      const unsigned mask = (core_.crtc(0x17) & 3u) ^ 3u;
      if ((row & mask) == mask) address += line_bytes_;
      ++row;
      repeat = scans;
    } else {
      --repeat;
    }
    if (y == line_compare_) address = 0;
  }
  core_.dirty().clear();
}

void VgaScreen::draw_row(const GraphicsForm& form, std::size_t address, std::uint32_t y) {
  const Source source(core_);
  auto* out = pixels_.data() + std::size_t{y} * width_;
  const std::uint32_t width = form.width;
  if (form.shift_control <= pairs) {
    std::uint32_t enabled = 0;
    for (unsigned plane = 0; plane < 4; ++plane)
      if ((core_.attribute(0x12) >> plane & 1) != 0) enabled |= 0xffu << (8 * plane);
    const unsigned times = (core_.sequencer(1) & doubled_pixels) != 0 ? 2 : 1;
    for (std::uint32_t x = 0; x < width; address += 4) {
      const std::uint32_t group = source.unit(address, 4) & enabled;
      for (const std::uint8_t index :
           form.shift_control == planes ? from_planes(group) : from_pairs(group))
        for (unsigned i = 0; i < times; ++i) out[x++] = palette_[index];
    }
    return;
  }
  switch (form.depth) {
    case 8:
      for (std::uint32_t x = 0; x < width; ++x) out[x] = palette_[source.byte(address + x)];
      return;
    case 15:
      for (std::uint32_t x = 0; x < width; ++x)
        out[x] = of_15_bits(source.unit(address + 2 * x, 2));
      return;
    case 16:
      for (std::uint32_t x = 0; x < width; ++x)
        out[x] = of_16_bits(source.unit(address + 2 * x, 2));
      return;
    case 24:
      for (std::uint32_t x = 0; x < width; ++x)
        out[x] = source.byte(address + 3 * x) | source.byte(address + 3 * x + 1) << 8 |
                 source.byte(address + 3 * x + 2) << 16;
      return;
    case 32:
      for (std::uint32_t x = 0; x < width; ++x) out[x] = source.unit(address + 4 * x, 4);
      return;
    default:  // each byte is two pixels wide
      for (std::uint32_t x = 0; x < width; x += 2)
        out[x] = out[x + 1] = palette_[source.byte(address + x / 2)];
  }
}

}  // namespace spicebench::qxl
