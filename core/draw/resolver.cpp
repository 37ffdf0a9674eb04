// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/draw/resolver.hpp"

#include <fmt/format.h>

namespace spicebench::draw {

using namespace wire::display;

std::optional<PixelView> Images::surface(std::uint32_t) const {
  return std::nullopt;
}
Result<image::Pixmap> Images::cached(std::uint64_t id, bool) {
  return fail(ErrorCode::not_found, fmt::format("image {:#x}: there is no cache here", id), 0,
              "id");
}
Result<void> Images::keep(const Image&, const image::Pixmap*) {
  return {};
}
Transform* Images::surface_transform(std::uint32_t) {
  return nullptr;
}
image::PaletteCache* Images::palettes() {
  return nullptr;
}
Result<image::Pixmap> Images::decode(const Image& image, image::Format surface) {
  return image::decode(image, {surface, palettes(), nullptr});
}

static bool is_cached(const Image& image) {
  const auto type = static_cast<ImageType>(image.type);
  return type == ImageType::from_cache || type == ImageType::from_cache_lossless;
}
static bool is_indexed(const Image& image) {
  const auto* bitmap = std::get_if<Bitmap>(&image.payload);
  return bitmap != nullptr && bitmap->format <= format_8bit;
}

Result<image::Pixmap> Resolver::pixmap(const Image& image, As as) {
  if (is_cached(image))
    return images_.cached(image.id,
                          static_cast<ImageType>(image.type) == ImageType::from_cache_lossless);
  auto pixmap =
      as == As::mask ? image::decode_mask(image) : images_.decode(image, target_.format());
  const bool known = pixmap || pixmap.error().code == ErrorCode::unsupported;
  if (known && (image.flags & (cache_me | cache_replace_me)) != 0)
    CHECKED(images_.keep(image, pixmap ? &*pixmap : nullptr));
  return pixmap;
}

Result<PixelView> Resolver::view(const Image& image, As as) {
  if (const auto* reference = std::get_if<SurfaceReference>(&image.payload)) {
    const auto found = images_.surface(reference->surface_id);
    if (!found)
      return fail(ErrorCode::not_found,
                  fmt::format("surface {} does not exist", reference->surface_id), 0, "surface_id");
    return *found;
  }
  image::Pixmap& held = held_[used_++];
  held = TRY(pixmap(image, as));
  if (held.width == 0 || held.height == 0)
    return fail(ErrorCode::out_of_range, "an image without pixels", 0, "width");
  if (as != As::canvas) return held.view();
  // The reference reads the entries of a palette as colours without alpha, and unpacks compressed
  // pixels of 16 bits without pad: a surface with alpha shows both.
  if (held.format == surface_32_argb && is_indexed(image)) held.format = surface_32_xrgb;
  const Format wanted = image::canvas_format(held.format, target_.format());
  const bool gets_pad = image.type == static_cast<std::uint8_t>(ImageType::bitmap) ||
                        is_cached(image) || (image.flags & high_bits_set) != 0;
  if (held.format != wanted) held = image::convert(held.view(), wanted, gets_pad ? 0xff : 0);
  return held.view();
}

void Resolver::put(std::optional<PixelView>& place, const Image& image, As as,
                   std::string_view field) {
  if (&place == &resolved_.source)
    resolved_.source_is_surface = std::holds_alternative<SurfaceReference>(image.payload);
  if (auto found = view(image, as))
    place = *found;
  else if (!error_)
    error_ = std::move(found.error()).within(field);
}

void Resolver::colours(std::optional<PixelView>& place, const std::optional<Image>& image,
                       std::string_view field) {
  if (image) put(place, *image, As::canvas, field);
}
void Resolver::native(std::optional<PixelView>& place, const std::optional<Image>& image,
                      std::string_view field) {
  if (image) put(place, *image, As::native, field);
}
void Resolver::pattern(std::optional<PixelView>& place, const Brush& brush,
                       std::string_view field) {
  if (const auto* body = std::get_if<PatternBrush>(&brush.body))
    put(place, body->pattern, As::canvas, fmt::format("{}.pattern", field));
}
void Resolver::mask(std::optional<PixelView>& place, const QMask& mask) {
  if (mask.bitmap) put(place, *mask.bitmap, As::mask, "mask.bitmap");
}

Result<void> Resolver::done() const {
  if (error_) return std::unexpected(*error_);
  return {};
}

}  // namespace spicebench::draw
