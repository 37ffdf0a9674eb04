// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/draw/draw.hpp"
#include "core/draw/resolver.hpp"

// Commands as they come from a message or from a guest: with images yet to be found and decoded, in
// the order of the fields (protocol.md §4.2.4).
namespace spicebench::draw {

using namespace wire::display;

namespace {

// Each draws what a command names, once all of it was found.
template <class Command, class Draw>
Result<void> with_mask(Surface& surface, const Command& command, Images& images, Draw draw) {
  Resolver resolver(images, surface);
  Resolved& resolved = resolver.resolved();
  resolver.mask(resolved.mask, command.mask);
  CHECKED(resolver.done());
  return draw(surface, command, resolved);
}
template <class Command, class Draw>
Result<void> with_source(Surface& surface, const Command& command, Images& images, Draw draw) {
  Resolver resolver(images, surface);
  Resolved& resolved = resolver.resolved();
  resolver.colours(resolved.source, command.src_bitmap, "src_bitmap");
  if constexpr (requires { command.brush; })
    resolver.pattern(resolved.pattern, command.brush, "brush");
  if constexpr (requires { command.mask; }) resolver.mask(resolved.mask, command.mask);
  CHECKED(resolver.done());
  return draw(surface, command, resolved);
}

// What a composite that names no transform of its own reads a surface through.
std::optional<Transform> kept_transform(const std::optional<Image>& image,
                                        const std::optional<Transform>& own, Images& images) {
  const auto* reference = image ? std::get_if<SurfaceReference>(&image->payload) : nullptr;
  Transform* kept = reference ? images.surface_transform(reference->surface_id) : nullptr;
  if (!kept) return std::nullopt;
  if (own) *kept = *own;
  return *kept;
}

}  // namespace

Result<void> render(Surface& surface, const DrawFill& command, Images& images) {
  Resolver resolver(images, surface);
  Resolved& resolved = resolver.resolved();
  resolver.pattern(resolved.pattern, command.brush, "brush");
  resolver.mask(resolved.mask, command.mask);
  CHECKED(resolver.done());
  return fill(surface, command, resolved);
}
Result<void> render(Surface& surface, const DrawBlackness& command, Images& images) {
  return with_mask(surface, command, images, blackness);
}
Result<void> render(Surface& surface, const DrawWhiteness& command, Images& images) {
  return with_mask(surface, command, images, whiteness);
}
Result<void> render(Surface& surface, const DrawInvers& command, Images& images) {
  return with_mask(surface, command, images, invers);
}
Result<void> render(Surface& surface, const DrawCopy& command, Images& images) {
  return with_source(surface, command, images, copy);
}
Result<void> render(Surface& surface, const DrawBlend& command, Images& images) {
  return with_source(surface, command, images, blend);
}
Result<void> render(Surface& surface, const DrawOpaque& command, Images& images) {
  return with_source(surface, command, images, opaque);
}
Result<void> render(Surface& surface, const DrawTransparent& command, Images& images) {
  return with_source(surface, command, images, transparent);
}
Result<void> render(Surface& surface, const DrawRop3& command, Images& images) {
  return with_source(surface, command, images, rop3);
}
Result<void> render(Surface& surface, const DrawAlphaBlend& command, Images& images) {
  Resolver resolver(images, surface);
  Resolved& resolved = resolver.resolved();
  resolver.native(resolved.source, command.src_bitmap, "src_bitmap");
  CHECKED(resolver.done());
  return alpha_blend(surface, command, resolved);
}
Result<void> render(Surface& surface, const DrawStroke& command, Images& images) {
  Resolver resolver(images, surface);
  Resolved& resolved = resolver.resolved();
  resolver.pattern(resolved.pattern, command.brush, "brush");
  CHECKED(resolver.done());
  return stroke(surface, command, resolved);
}
Result<void> render(Surface& surface, const DrawText& command, Images& images) {
  Resolver resolver(images, surface);
  Resolved& resolved = resolver.resolved();
  resolver.pattern(resolved.pattern, command.fore_brush, "fore_brush");
  resolver.pattern(resolved.back_pattern, command.back_brush, "back_brush");
  CHECKED(resolver.done());
  return text(surface, command, resolved);
}
Result<void> render(Surface& surface, const DrawComposite& command, Images& images) {
  Resolver resolver(images, surface);
  Resolved& resolved = resolver.resolved();
  resolver.colours(resolved.source, command.src_bitmap, "src_bitmap");
  resolver.colours(resolved.mask, command.mask_bitmap, "mask_bitmap");
  CHECKED(resolver.done());
  // An ARGB surface that is to be read as opaque is another picture to the reference.
  const bool reads_other = (command.flags & composite_source_opaque) != 0 && resolved.source &&
                           resolved.source->format == surface_32_argb;
  if (!reads_other)
    resolved.source_transform = kept_transform(command.src_bitmap, command.src_transform, images);
  resolved.mask_transform = kept_transform(command.mask_bitmap, command.mask_transform, images);
  return composite(surface, command, resolved);
}
Result<void> render(Surface& surface, const CopyBits& command, Images&) {
  return copy_bits(surface, command);
}

}  // namespace spicebench::draw
