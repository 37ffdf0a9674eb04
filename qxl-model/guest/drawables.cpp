// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/guest/drawables.hpp"

namespace spicebench::qxl {

using namespace wire::display;
using wire::device::Drawable;
using wire::device::DrawEffect;
using wire::device::DrawType;

static Drawable made(DrawType type, DrawEffect effect, decltype(Drawable::body) body) {
  return {.effect = static_cast<std::uint8_t>(effect),
          .type = static_cast<std::uint8_t>(type),
          .body = std::move(body)};
}

Drawable filled(DisplayBase base, std::uint32_t color) {
  DrawFill draw{.base = std::move(base)};
  draw.brush = {static_cast<std::uint8_t>(BrushType::solid), SolidBrush{color}};
  return made(DrawType::fill, DrawEffect::opaque, std::move(draw));
}

Drawable copied(DisplayBase base, Image image, Rect area) {
  DrawCopy draw{.base = std::move(base), .src_bitmap = std::move(image), .src_area = area};
  return made(DrawType::copy, DrawEffect::opaque, std::move(draw));
}

Drawable composed(DisplayBase base, Image image, std::optional<Image> mask) {
  constexpr std::uint32_t over = 3, nearest = 3u << 8 | 3u << 11;
  DrawComposite draw{.base = std::move(base), .flags = over | nearest};
  draw.src_bitmap = std::move(image);
  if (mask) draw.flags |= composite_has_mask;
  draw.mask_bitmap = std::move(mask);
  return made(DrawType::composite, DrawEffect::blend, std::move(draw));
}

Drawable drawn(DrawText text, std::uint32_t surface) {
  text.base.surface_id = surface;
  return made(DrawType::text, DrawEffect::blend, std::move(text));
}

Image image_of(const wire::device::SurfaceCreate& surface) {
  return {.type = static_cast<std::uint8_t>(ImageType::surface),
          .width = surface.width,
          .height = surface.height,
          .payload = SurfaceReference{surface.surface_id}};
}

}  // namespace spicebench::qxl
