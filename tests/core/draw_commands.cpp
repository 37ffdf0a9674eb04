// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/core/draw_commands.hpp"

namespace spicebench::draw {

using namespace wire::display;

std::int32_t CommandMaker::coordinate(bool nonsense) {
  if (nonsense && chance(60)) return static_cast<std::int32_t>(word());
  if (nonsense && chance(40)) return static_cast<std::int32_t>(below(1 << 21)) - (1 << 20);
  return static_cast<std::int32_t>(below(48)) - 6;
}
Rect CommandMaker::rect(bool nonsense) {
  const std::int32_t top = coordinate(nonsense), left = coordinate(nonsense);
  if (chance(4)) return {top, left, coordinate(nonsense), coordinate(nonsense)};
  const auto beyond = [&](std::int32_t from) {
    return from > (1 << 20) ? from : from + static_cast<std::int32_t>(below(24));
  };
  return {top, left, beyond(top), beyond(left)};
}
Clip CommandMaker::clip() {
  Clip clip;
  if (!chance(3)) return clip;
  clip.type = chance(50) ? 2 : clip_rects;
  for (std::uint32_t i = below(5); i > 0; --i) clip.rects.push_back(rect());
  return clip;
}
DisplayBase CommandMaker::base() {
  return {0, rect(), clip()};
}
std::uint16_t CommandMaker::rop() {
  constexpr std::uint16_t one[] = {ropd_put,       ropd_or,        ropd_and,   ropd_xor,
                                   ropd_blackness, ropd_whiteness, ropd_invers};
  return static_cast<std::uint16_t>(chance(4) ? below(2048) : one[below(7)] | below(8));
}
Bytes CommandMaker::bytes(std::size_t count) {
  Bytes result(count);
  for (std::byte& byte : result) byte = static_cast<std::byte>(choices_.below(256));
  return result;
}

Image CommandMaker::bitmap() {
  Image image;
  image.flags = static_cast<std::uint8_t>(below(8));
  image.width = 1 + below(chance(20) ? 60 : 12);
  image.height = 1 + below(12);
  Bitmap bitmap;
  bitmap.format = static_cast<std::uint8_t>(chance(30) ? below(12) : 1 + below(10));
  bitmap.flags = chance(2) ? top_down : 0;
  bitmap.x = image.width;
  bitmap.y = image.height;
  bitmap.stride = (image.width * bitmap_bits(bitmap.format) + 7) / 8 + below(3);
  if (bitmap.format >= format_1bit_le && bitmap.format <= format_8bit) {
    bitmap.palette.emplace();
    const std::uint32_t entries[] = {2, 16, 256};
    bitmap.palette->entries.resize(entries[below(3)]);
    for (std::uint32_t& entry : bitmap.palette->entries) entry = word();
  }
  bitmap.data = bytes(std::size_t{bitmap.stride} * bitmap.y);
  image.payload = std::move(bitmap);
  return image;
}
Image CommandMaker::image() {
  if (!chance(3)) return bitmap();
  Image image;
  image.type = static_cast<std::uint8_t>(ImageType::surface);
  image.payload = SurfaceReference{below(surfaces_ + (chance(20) ? 1 : 0))};
  return image;
}
QMask CommandMaker::mask() {
  QMask mask{static_cast<std::uint8_t>(below(2)), point(), {}};
  if (chance(3)) return mask;
  mask.bitmap = image();
  if (auto* bits = std::get_if<Bitmap>(&mask.bitmap->payload)) {
    bits->format = chance(2) ? format_1bit_be : format_1bit_le;
    bits->palette.reset();
  }
  return mask;
}
Brush CommandMaker::brush() {
  switch (below(chance(20) ? 4 : 3)) {
    case 0:
      return {};
    case 1:
      return {1, SolidBrush{word()}};
    case 2:
      return {2, PatternBrush{image(), point()}};
    default:
      return {3, {}};
  }
}

DrawStroke CommandMaker::stroke() {
  DrawStroke stroke{base(), {}, {}, brush(), rop(), rop()};
  const auto fixed = [&] {
    if (chance(40)) return static_cast<std::int32_t>(word());
    if (chance(20)) return static_cast<std::int32_t>(below(1 << 25)) - (1 << 24);
    return static_cast<std::int32_t>(below(48 * 16)) - 6 * 16;
  };
  for (std::uint32_t i = below(4); i > 0; --i) {
    PathSegment& segment = stroke.path.segments.emplace_back();
    const bool curve = chance(3), begins = chance(2);
    segment.flags = static_cast<std::uint8_t>((begins || stroke.path.segments.size() == 1) |
                                              (below(2) * path_end) | (below(2) * path_close) |
                                              (curve ? path_bezier : 0));
    std::uint32_t points = curve ? 3 * below(3) : below(5);
    if ((segment.flags & path_begin) != 0) ++points;
    if (chance(30)) ++points;
    for (; points > 0; --points) segment.points.push_back({fixed(), fixed()});
  }
  if (chance(2)) {
    stroke.attr.flags = static_cast<std::uint8_t>(line_styled | below(2) * line_start_with_gap);
    for (std::uint32_t i = 1 + below(4); i > 0; --i)
      stroke.attr.style.push_back(chance(10) ? static_cast<std::int32_t>(word())
                                             : static_cast<std::int32_t>(below(8 * 16)));
  }
  return stroke;
}
DrawText CommandMaker::text() {
  DrawText text{base(),  {},      chance(2) ? Rect{} : rect(),
                brush(), brush(), chance(2) ? std::uint16_t{ropd_put} : rop(),
                rop()};
  text.str.flags = static_cast<std::uint8_t>(1 << below(4));
  const unsigned bits = glyph_bits(text.str.flags);
  for (std::uint32_t i = below(4); i > 0; --i) {
    RasterGlyph glyph{point(), {static_cast<std::int32_t>(below(8)) - 4, coordinate()}, 0, 0, {}};
    glyph.width = static_cast<std::uint16_t>(below(20));
    glyph.height = static_cast<std::uint16_t>(below(12));
    glyph.data = bytes((std::size_t{glyph.width} * bits + 7) / 8 * glyph.height);
    if (chance(40) && !glyph.data.empty()) glyph.data = glyph.data.slice(1, glyph.data.size() - 1);
    text.str.glyphs.push_back(std::move(glyph));
  }
  return text;
}
DrawComposite CommandMaker::composite() {
  const auto entry = [&] {
    return chance(6) ? static_cast<std::int32_t>(word())
                     : static_cast<std::int32_t>(below(1 << 18)) - (1 << 17);
  };
  const auto transform = [&]() -> std::optional<Transform> {
    if (chance(2)) return std::nullopt;
    return Transform{entry(), entry(), entry(), entry(), entry(), entry()};
  };
  const auto origin = [&] {
    return Point16{static_cast<std::int16_t>(below(chance(10) ? 65536 : 12)),
                   static_cast<std::int16_t>(below(12))};
  };
  DrawComposite result{base(), 0, image(), {}, transform(), transform(), origin(), origin()};
  if (chance(2)) result.mask_bitmap = image();
  result.flags = below(chance(20) ? 256 : 0x3f) | below(5) << 8 | below(5) << 11 | below(4) << 14 |
                 below(4) << 16 | below(2) * composite_component_alpha |
                 (result.mask_bitmap ? composite_has_mask : 0u) |
                 below(2) * composite_source_opaque | below(2) * composite_dest_opaque;
  return result;
}

DrawCommand CommandMaker::make() {
  const auto scale_mode = [&] { return static_cast<std::uint8_t>(below(chance(30) ? 3 : 2)); };
  const auto source = [&]() -> std::optional<Image> {
    if (chance(60)) return std::nullopt;
    return image();
  };
  switch (below(14)) {
    case 0:
      return CopyBits{base(), point()};
    case 1:
      return DrawFill{base(), brush(), rop(), mask()};
    case 2:
      return DrawOpaque{base(), source(), rect(), brush(), rop(), scale_mode(), mask()};
    case 3:
      return DrawCopy{base(), source(), rect(), rop(), scale_mode(), mask()};
    case 4:
      return DrawBlend{base(), source(), rect(), rop(), scale_mode(), mask()};
    case 5:
      return DrawBlackness{base(), mask()};
    case 6:
      return DrawWhiteness{base(), mask()};
    case 7:
      return DrawInvers{base(), mask()};
    case 8:
      return DrawRop3{
          base(),       source(), rect(), brush(), static_cast<std::uint8_t>(below(256)),
          scale_mode(), mask()};
    case 9:
      return stroke();
    case 10:
      return text();
    case 11:
      return DrawTransparent{base(), source(), rect(), word(), word()};
    case 12:
      return DrawAlphaBlend{base(), static_cast<std::uint8_t>(below(4)),
                            static_cast<std::uint8_t>(below(256)), source(), rect()};
    default:
      return composite();
  }
}

Canvases::Canvases(wire::Choices& choices, bool bottom_row_first)
    : bottom_row_first_(bottom_row_first) {
  for (std::size_t i = 0; i < all_formats.size(); ++i) {
    pixels_[i].resize(image::row_bytes(all_formats[i], width) * height);
    for (std::byte& byte : pixels_[i]) byte = static_cast<std::byte>(choices.below(256));
  }
  place();
}
Canvases::Canvases(const Canvases& other)
    : Images(other), bottom_row_first_(other.bottom_row_first_), pixels_(other.pixels_) {
  place();
}
void Canvases::place() {
  for (std::size_t i = 0; i < all_formats.size(); ++i) {
    const auto stride = static_cast<std::int64_t>(image::row_bytes(all_formats[i], width));
    surfaces_[i] = Surface::over(pixels_[i], width, height, bottom_row_first_ ? -stride : stride,
                                 all_formats[i])
                       .value();
  }
}
std::optional<PixelView> Canvases::surface(std::uint32_t id) const {
  if (id >= surfaces_.size()) return std::nullopt;
  return surfaces_[id].view();
}
Result<void> Canvases::execute(std::uint32_t id, const DrawCommand& command) {
  return std::visit([&](const auto& c) { return render(surfaces_[id], c, *this); }, command);
}

}  // namespace spicebench::draw
