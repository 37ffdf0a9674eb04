// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/guest/paint_pictures.hpp"

#include <algorithm>
#include <cassert>

#include "core/image/quic.hpp"
#include "qxl-model/guest/paint_rules.hpp"

namespace spicebench::qxl {

using namespace wire::display;

namespace {
constexpr std::size_t recurring_count = 12;

bool is_indexed(std::uint8_t format) {
  return format <= format_8bit;
}
bool is_deep(const Canvas& canvas) {
  return canvas.format == surface_32_xrgb || canvas.format == surface_32_argb;
}
// Colours times alpha, as blending expects them.
void premultiply(Bytes& pixels) {
  for (std::size_t i = 0; i < pixels.size(); i += 4) {
    const auto alpha = std::to_integer<unsigned>(pixels[i + 3]);
    for (std::size_t k = 0; k < 3; ++k)
      pixels[i + k] =
          static_cast<std::byte>(std::to_integer<unsigned>(pixels[i + k]) * alpha / 255);
  }
}
}  // namespace

PaintPictures::PaintPictures(Random random, std::vector<Canvas> canvases)
    : random_(random), canvases_(std::move(canvases)) {
  while (recurring_.size() < recurring_count) {
    const std::uint8_t format = recurring_.size() % 2 == 0 ? format_32bit : format_rgba;
    const std::uint32_t width = size(120), height = size(120);
    Image image = bitmap(format, width, height, {});
    image.id = next_id_++ << 32;
    image.flags |= cache_me;
    recurring_.push_back(std::move(image));
  }
}

// Small ones are frequent: they have the corner cases.
std::uint32_t PaintPictures::size(std::uint32_t most) {
  const std::uint32_t bound = random_.chance(1, 3) ? std::min(most, 9u) : most;
  return 1 + static_cast<std::uint32_t>(random_.below(bound));
}

Image PaintPictures::bitmap(std::uint8_t format, std::uint32_t width, std::uint32_t height,
                            const Canvas& target) {
  const unsigned bits = bitmap_bits(format);
  Bitmap out{.format = format, .flags = 0, .x = width, .y = height};
  // Rows of whole words, as drivers have them; sometimes longer than they need be.
  out.stride = (width * bits + 31) / 32 * 4;
  if (random_.chance(1, 4)) out.stride += 4 * static_cast<std::uint32_t>(random_.below(4));
  if (random_.chance(1, 2)) out.flags = top_down;
  Bytes pixels = random_.bytes(std::size_t{out.stride} * height);
  // Noise is what no codec makes smaller: half of them are stripes.
  if (is_indexed(format) && random_.chance(1, 2))
    for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = pixels[i / 16 * 16];
  if (format == format_rgba) premultiply(pixels);
  out.data = SharedBytes(std::move(pixels));
  if (is_indexed(format)) {
    out.palette = palette(bits, is_deep(target));
  }
  Image image{.type = static_cast<std::uint8_t>(ImageType::bitmap),
              .width = width,
              .height = height,
              .payload = std::move(out)};
  if (format == format_32bit && random_.chance(1, 4)) image.flags = high_bits_set;
  return image;
}

// Often one that came before, so that clients have it.
Palette PaintPictures::palette(std::size_t bits, bool deep) {
  Palette& palette = palettes_[{bits, deep}];
  if (palette.unique != 0 && random_.chance(1, 2)) return palette;
  palette.unique = next_id_++;
  palette.entries.resize(std::size_t{1} << bits);
  const std::uint32_t used = deep ? 0x00ff'ffff : 0x7fff;
  for (auto& entry : palette.entries) entry = static_cast<std::uint32_t>(random_.next()) & used;
  return palette;
}

Image PaintPictures::quic(std::uint8_t format, std::uint32_t width, std::uint32_t height) {
  // Longer runs than chance alone would make: one word a row, with some noise.
  const std::size_t row = (std::size_t{width} * bitmap_bits(format) + 7) / 8;
  Bytes pixels(row * height);
  for (std::size_t i = 0; i < pixels.size(); ++i)
    pixels[i] = static_cast<std::byte>(random_.chance(1, 5) ? random_.below(256) : i / row * 37);
  if (format == format_rgba) premultiply(pixels);
  auto stream = image::encode_quic({.format = static_cast<BitmapFormat>(format),
                                    .width = width,
                                    .height = height,
                                    .top = pixels.data(),
                                    .stride = static_cast<std::ptrdiff_t>(row)});
  assert(stream);
  return {.id = next_id_++ << 32,
          .type = static_cast<std::uint8_t>(ImageType::quic),
          .width = width,
          .height = height,
          .payload = SizedData{SharedBytes(*std::move(stream))}};
}

Image PaintPictures::picture(const Canvas& target, std::uint32_t width, std::uint32_t height) {
  const auto formats = rules::bitmap_formats(target.format);
  const std::uint8_t format = formats[random_.below(formats.size())];
  if (rules::has_quic(format, target.format) && random_.chance(1, 3))
    return quic(format, width, height);
  return bitmap(format, width, height, target);
}

Image PaintPictures::any_picture(const Canvas& target) {
  if (is_deep(target) && random_.chance(1, 4)) return recurring_[random_.below(recurring_.size())];
  if (random_.chance(1, 3)) {
    const Canvas& canvas = canvases_[random_.below(canvases_.size())];
    if (canvas.id != target.id && rules::may_read(canvas.format, target.format))
      return {.id = next_id_++ << 32,
              .type = static_cast<std::uint8_t>(ImageType::surface),
              .width = canvas.width,
              .height = canvas.height,
              .payload = SurfaceReference{canvas.id}};
  }
  const std::uint32_t width = size(150);
  const std::uint32_t height = size(100);
  return picture(target, width, height);
}

Image PaintPictures::with_alpha(std::uint32_t width, std::uint32_t height) {
  return bitmap(format_rgba, width, height, {});
}

Brush PaintPictures::brush(const Canvas& target) {
  switch (random_.below(4)) {
    case 0: {
      const std::uint32_t width = size(40);
      const std::uint32_t height = size(40);
      PatternBrush pattern{.pattern = picture(target, width, height)};
      pattern.position.x = static_cast<std::int32_t>(random_.between(-50, 50));
      pattern.position.y = static_cast<std::int32_t>(random_.between(-50, 50));
      return {static_cast<std::uint8_t>(BrushType::pattern), std::move(pattern)};
    }
    case 1:
      if (random_.chance(1, 3)) return {};
      [[fallthrough]];
    default:
      return {static_cast<std::uint8_t>(BrushType::solid),
              SolidBrush{static_cast<std::uint32_t>(random_.below(0x100'0000))}};
  }
}

QMask PaintPictures::mask() {
  if (!random_.chance(1, 4)) return {};
  const std::uint32_t width = size(200);
  const std::uint32_t height = size(200);
  const std::uint8_t format = random_.chance(1, 2) ? format_1bit_le : format_1bit_be;
  QMask out{.bitmap = bitmap(format, width, height, {})};
  std::get<Bitmap>(out.bitmap->payload).palette.reset();  // nobody looks at it
  out.flags = static_cast<std::uint8_t>(random_.below(2));
  out.position.x = static_cast<std::int32_t>(random_.below(width));
  out.position.y = static_cast<std::int32_t>(random_.below(height));
  return out;
}

}  // namespace spicebench::qxl
