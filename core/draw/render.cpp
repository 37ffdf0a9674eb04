// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fmt/format.h>

#include <list>

#include "core/draw/draw.hpp"
#include "core/image/decode.hpp"

// Commands as they come from a message or from a guest: with images yet to be found and decoded.
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
image::PaletteCache* Images::palettes() {
  return nullptr;
}
Result<image::Pixmap> Images::decode(const Image& image, image::Format surface) {
  return image::decode(image, {surface, palettes(), nullptr});
}

namespace {

// Finds the images of one command and holds them while it is drawn.
class Resolver {
 public:
  Resolver(Images& images, const Surface& target) : images_(images), target_(target) {}

  // As the command sees it: in the surface's format where that is defined (canvas.md §2.3).
  Result<PixelView> colours(const Image& image) {
    if (const auto* reference = std::get_if<SurfaceReference>(&image.payload))
      return surface(*reference);
    return held(TRY(decoded(image, [&] { return images_.decode(image, target_.format()); })));
  }
  Result<PixelView> mask(const Image& image) {
    if (const auto* reference = std::get_if<SurfaceReference>(&image.payload))
      return surface(*reference);
    pixmaps_.push_back(TRY(decoded(image, [&] { return image::decode_mask(image); })));
    return pixmaps_.back().view();
  }

 private:
  Result<PixelView> surface(const SurfaceReference& reference) const {
    const auto view = images_.surface(reference.surface_id);
    if (!view)
      return fail(ErrorCode::not_found,
                  fmt::format("surface {} does not exist", reference.surface_id), 0, "surface_id");
    return *view;
  }
  template <class Decode>
  Result<image::Pixmap> decoded(const Image& image, Decode decode) {
    const auto type = static_cast<ImageType>(image.type);
    if (type == ImageType::from_cache || type == ImageType::from_cache_lossless)
      return images_.cached(image.id, type == ImageType::from_cache_lossless);
    auto pixmap = decode();
    const bool known = pixmap || pixmap.error().code == ErrorCode::unsupported;
    if (known && (image.flags & (cache_me | cache_replace_me)) != 0)
      CHECKED(images_.keep(image, pixmap ? &*pixmap : nullptr));
    return pixmap;
  }
  PixelView held(image::Pixmap pixmap) {
    const Format wanted = image::canvas_format(pixmap.format, target_.format());
    pixmaps_.push_back(pixmap.format == wanted ? std::move(pixmap)
                                               : image::convert(pixmap.view(), wanted));
    return pixmaps_.back().view();
  }

  Images& images_;
  const Surface& target_;
  std::list<image::Pixmap> pixmaps_;
};

// Where a view goes, and the first error of several: the images behind a bad one take effect too.
class Collected {
 public:
  void put(std::optional<PixelView>& place, Result<PixelView> view, std::string_view field) {
    if (view)
      place = *view;
    else if (!error_)
      error_ = std::move(view.error()).within(field);
  }
  Result<void> done() const {
    if (error_) return std::unexpected(*error_);
    return {};
  }

 private:
  std::optional<Error> error_;
};

}  // namespace

Result<void> render(Surface& surface, const DrawFill& command, Images& images) {
  Resolver resolver(images, surface);
  Resolved resolved;
  Collected collected;
  if (const auto* pattern = std::get_if<PatternBrush>(&command.brush.body))
    collected.put(resolved.pattern, resolver.colours(pattern->pattern), "brush.pattern");
  if (command.mask.bitmap)
    collected.put(resolved.mask, resolver.mask(*command.mask.bitmap), "mask.bitmap");
  CHECKED(collected.done());
  return fill(surface, command, resolved);
}

Result<void> render(Surface& surface, const DrawCopy& command, Images& images) {
  Resolver resolver(images, surface);
  Resolved resolved;
  Collected collected;
  if (command.src_bitmap)
    collected.put(resolved.source, resolver.colours(*command.src_bitmap), "src_bitmap");
  if (command.mask.bitmap)
    collected.put(resolved.mask, resolver.mask(*command.mask.bitmap), "mask.bitmap");
  CHECKED(collected.done());
  return copy(surface, command, resolved);
}

Result<void> render(Surface& surface, const CopyBits& command, Images&) {
  return copy_bits(surface, command);
}

}  // namespace spicebench::draw
