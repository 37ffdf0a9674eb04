// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/guest/paint_rules.hpp"

#include <algorithm>

#include "core/wire/display_drawing.hpp"

namespace spicebench::qxl::rules {

using namespace wire::display;

std::span<const LeftOut> left_out() {
  static constexpr LeftOut list[] = {
      {"4-bit images, low nibble first; 1-bit images, low bit first, as colours", "errors"},
      {"indexed images on 565, 8-bit and 1-bit surfaces", "errors"},
      {"8-bit alpha images on surfaces with alpha", "what alpha they become is undefined"},
      {"surfaces without alpha as images for those with alpha, and the flag by which they are read "
       "as having one",
       "the pad that blending leaves becomes visible"},
      {"surfaces of another depth as images", "the process ends, or garbage"},
      {"the target itself as an image", "the result depends on the order of reading"},
      {"38 ternary operations of fewer than two operands", "the process ends"},
      {"ternary operations whose source does not cover the box", "the process ends"},
      {"glyphs of 8 bits and of vectors", "read beside their memory; not drawn"},
      {"patterns of ternary operations that begin right of the box or below its top",
       "read beside their memory"},
      {"stretched images without alpha on surfaces with alpha",
       "what alpha they have is undefined"},
      {"lines clipped by several rectangles", "spans are changed in place and wrong afterwards"},
      {"dashes of length 0, curves with pieces shorter than a quarter pixel", "endless"},
      {"composite operators that are computed in floating point",
       "the last bit depends on the processor"},
  };
  return list;
}

std::span<const std::uint8_t> bitmap_formats(std::uint32_t surface) {
  static constexpr std::uint8_t deep[] = {format_1bit_be, format_4bit_be, format_8bit,
                                          format_16bit,   format_24bit,   format_32bit,
                                          format_rgba,    format_8bit_a};
  static constexpr std::uint8_t high[] = {format_16bit, format_24bit, format_32bit, format_rgba};
  switch (surface) {
    case surface_32_xrgb:
      return deep;
    case surface_32_argb:
      return std::span(deep).first(7);
    case surface_16_555:
      return std::span(deep).first(7);
    default:
      return high;
  }
}

bool has_quic(std::uint8_t bitmap, std::uint32_t surface) {
  if (bitmap == format_16bit) return surface != surface_16_565;
  return bitmap == format_24bit || bitmap == format_32bit || bitmap == format_rgba;
}

bool has_alpha(const Image& image) {
  const auto* bitmap = std::get_if<Bitmap>(&image.payload);
  return bitmap != nullptr && bitmap->format == format_rgba;
}

bool may_read(std::uint32_t source, std::uint32_t target) {
  return source == target || (source == surface_32_argb && target == surface_32_xrgb);
}

bool has_rop3(std::uint8_t code) {
  static constexpr std::uint8_t trivial[] = {
      0x00, 0x03, 0x05, 0x0a, 0x0c, 0x0f, 0x11, 0x22, 0x30, 0x33, 0x3c, 0x3f, 0x44,
      0x50, 0x55, 0x5a, 0x5f, 0x66, 0x77, 0x88, 0x99, 0xa0, 0xa5, 0xaa, 0xaf, 0xbb,
      0xc0, 0xc3, 0xcc, 0xcf, 0xdd, 0xee, 0xf0, 0xf3, 0xf5, 0xfa, 0xfc, 0xff};
  return !std::ranges::binary_search(trivial, code);
}

std::span<const std::uint8_t> composite_operators() {
  static constexpr std::uint8_t list[] = {0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06,
                                          0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x30,
                                          0x31, 0x32, 0x33, 0x34, 0x37, 0x39, 0x3a};
  return list;
}

}  // namespace spicebench::qxl::rules
