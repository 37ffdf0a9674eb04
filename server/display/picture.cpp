// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/display/picture.hpp"

#include <cstring>

#include "core/draw/old_content.hpp"
#include "core/image/decode.hpp"

namespace spicebench::server {

using namespace wire::display;

namespace {

BitmapFormat bitmap_format(SurfaceFormat format) {
  switch (format) {
    case surface_32_argb:
      return format_rgba;
    case surface_16_555:
      return format_16bit;
    case surface_8_a:
      return format_8bit_a;
    default:
      return format_32bit;
  }
}

// What the pad bytes of 32-bit pixels say: on other surfaces than the primary one they are kept,
// either as a flag or as an alpha channel.
void keep_pad_bytes(Image& image, Bitmap& bitmap) {
  const BytesView pixels = bitmap.data;
  bool all_clear = true, all_set = true;
  for (std::size_t i = 3; i < pixels.size(); i += 4) {
    all_clear = all_clear && pixels[i] == std::byte{0};
    all_set = all_set && pixels[i] == std::byte{0xff};
  }
  if (all_clear) return;
  if (all_set)
    image.flags |= high_bits_set;
  else
    bitmap.format = format_rgba;
}

}  // namespace

DrawCopy picture_of(std::uint32_t surface_id, const draw::Surface& surface, const Rect& area,
                    std::uint64_t image_id) {
  image::PixelView view = draw::part_of(surface.view(), area);
  image::Pixmap converted;
  if (view.format == surface_16_565) {
    converted = image::convert(view, surface_32_xrgb);
    view = converted.view();
  }
  const std::size_t row = image::row_bytes(view.format, view.width);
  const std::size_t stride = (row + 3) / 4 * 4;
  Bytes pixels(stride * view.height);
  for (std::uint32_t y = 0; y < view.height; ++y)
    std::memcpy(pixels.data() + y * stride, view.row(y), row);

  Image image{.id = image_id,
              .type = static_cast<std::uint8_t>(ImageType::bitmap),
              .width = view.width,
              .height = view.height};
  Bitmap bitmap{.format = bitmap_format(view.format),
                .x = view.width,
                .y = view.height,
                .stride = static_cast<std::uint32_t>(stride),
                .data = SharedBytes(std::move(pixels))};
  if (surface_id != 0 && bitmap.format == format_32bit) keep_pad_bytes(image, bitmap);
  image.payload = std::move(bitmap);
  const Rect whole{0, 0, static_cast<std::int32_t>(view.height),
                   static_cast<std::int32_t>(view.width)};
  return {.base = {.surface_id = surface_id, .box = area},
          .src_bitmap = std::move(image),
          .src_area = whole};
}

std::vector<DrawFill> set_bits_of(std::uint32_t surface_id, const draw::Surface& surface) {
  const image::PixelView view = surface.view();
  const auto is_set = [&view](std::uint32_t x, std::uint32_t y) {
    return (std::to_integer<unsigned>(view.row(y)[x / 8]) >> (x % 8) & 1) != 0;
  };
  const Rect whole{0, 0, static_cast<std::int32_t>(view.height),
                   static_cast<std::int32_t>(view.width)};
  std::vector<DrawFill> out;
  const auto append = [&](const Rect& run) {
    if (out.empty() || out.back().base.clip.rects.size() == max_runs_per_fill)
      out.push_back({.base = {.surface_id = surface_id, .box = whole, .clip = {clip_rects, {}}},
                     .brush = {static_cast<std::uint8_t>(BrushType::solid), SolidBrush{1}}});
    out.back().base.clip.rects.push_back(run);
  };
  for (std::uint32_t y = 0; y < view.height; ++y) {
    for (std::uint32_t x = 0; x < view.width; ++x) {
      if (!is_set(x, y)) continue;
      const std::uint32_t start = x;
      while (x < view.width && is_set(x, y)) ++x;
      append({static_cast<std::int32_t>(y), static_cast<std::int32_t>(start),
              static_cast<std::int32_t>(y + 1), static_cast<std::int32_t>(x)});
    }
  }
  return out;
}

}  // namespace spicebench::server
