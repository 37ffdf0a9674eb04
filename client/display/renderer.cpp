// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/display/renderer.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/image/decode.hpp"
#include "core/wire/tables.hpp"
#include "core/wire/visit.hpp"

namespace spicebench::client {

using namespace wire::display;

struct Renderer::Row {
  wire::MessageKey message;
  Result<void> (*handle)(Renderer& renderer, const void* message);
};
template <class T>
constexpr Renderer::Row Renderer::row() {
  return {T::message, [](Renderer& renderer, const void* message) {
            return renderer.handle(*static_cast<const T*>(message));
          }};
}
const Renderer::Row* Renderer::row_of(const wire::MessageKey& key) {
  static constexpr Row rows[] = {
      row<Mode>(),
      row<Reset>(),
      row<SurfaceCreate>(),
      row<SurfaceDestroy>(),
      row<InvalList>(),
      row<InvalAllPixmaps>(),
      row<InvalPalette>(),
      row<InvalAllPalettes>(),
      row<StreamCreate>(),
      row<StreamData>(),
      row<StreamDataSized>(),
      row<StreamClip>(),
      row<StreamDestroy>(),
      row<StreamDestroyAll>(),
      row<CopyBits>(),
      row<DrawFill>(),
      row<DrawOpaque>(),
      row<DrawCopy>(),
      row<DrawBlend>(),
      row<DrawBlackness>(),
      row<DrawWhiteness>(),
      row<DrawInvers>(),
      row<DrawRop3>(),
      row<DrawStroke>(),
      row<DrawText>(),
      row<DrawTransparent>(),
      row<DrawAlphaBlend>(),
      row<DrawComposite>(),
  };
  const auto found = std::ranges::find(rows, key, &Row::message);
  return found == std::end(rows) ? nullptr : found;
}
bool Renderer::takes(const wire::MessageKey& key) {
  return row_of(key) != nullptr;
}
Result<void> Renderer::handle(const wire::MessageKey& key, const void* message) {
  return row_of(key)->handle(*this, message);
}

// Surfaces

void Renderer::all_damaged(std::uint32_t surface_id) const {
  if (const draw::Surface* surface = surfaces_.find(surface_id))
    damaged(surface_id, {0, 0, static_cast<std::int32_t>(surface->height()),
                         static_cast<std::int32_t>(surface->width())});
}
Result<Surfaces::Created> Renderer::create(const SurfaceCreate& message) {
  const auto created = TRY(surfaces_.create(message));
  all_damaged(message.surface_id);
  return created;
}
Result<std::span<std::byte>> Renderer::restore_surface(const SurfaceCreate& surface,
                                                       const Transform& transform) {
  CHECKED(surfaces_.create(surface));
  *surfaces_.transform(surface.surface_id) = transform;
  return surfaces_.pixels(surface.surface_id);
}
Result<void> Renderer::handle(const SurfaceCreate& message) {
  CHECKED(create(message));
  return {};
}
// From before there were surfaces: the primary surface, 32 bits or else 16.
Result<Surfaces::Created> Renderer::create(const Mode& message) {
  if (message.bits != 16 && message.bits != 32)
    return fail(ErrorCode::out_of_range, fmt::format("{} bits, 16 or 32", message.bits), 0, "bits");
  return create(SurfaceCreate{0, message.x_res, message.y_res,
                              message.bits == 32 ? surface_32_xrgb : surface_16_555,
                              surface_primary});
}
Result<void> Renderer::handle(const Mode& message) {
  CHECKED(create(message));
  return {};
}
Result<void> Renderer::handle(const SurfaceDestroy& message) {
  if (!surfaces_.destroy(message.surface_id))
    note_({ErrorCode::not_found, 0, "surface_destroy.surface_id",
           fmt::format("surface {} does not exist", message.surface_id)});
  return {};
}
Result<void> Renderer::handle(const Reset&) {
  palettes_.clear();
  if (draw::Surface* primary = surfaces_.primary()) {
    primary->clear();
    all_damaged(*surfaces_.primary_id());
  }
  return {};
}

// Caches

Result<void> Renderer::handle(const InvalList& message) {
  for (const ResourceId& resource : message.resources)
    if (resource.type == resource_pixmap) shared_.images.release(resource.id);
  return {};
}
Result<void> Renderer::handle(const InvalAllPixmaps&) {
  shared_.images.clear();
  return {};
}
Result<void> Renderer::handle(const InvalPalette& message) {
  palettes_.erase(message.id);
  return {};
}
Result<void> Renderer::handle(const InvalAllPalettes&) {
  palettes_.clear();
  return {};
}

std::optional<draw::PixelView> Renderer::surface(std::uint32_t id) const {
  const draw::Surface* found = surfaces_.find(id);
  if (!found) return std::nullopt;
  return found->view();
}

Result<image::Pixmap> Renderer::cached(std::uint64_t id, bool lossless_only) {
  const ImageCache::Entry* entry = shared_.images.find(id);
  if (!entry || (lossless_only && entry->lossy))
    return fail(ErrorCode::not_found,
                fmt::format("image {:#x} is not in the cache{}", id, entry ? " without loss" : ""),
                0, "id");
  if (!entry->picture)
    return fail(ErrorCode::unsupported,
                fmt::format("image {:#x} came in a form without a decoder here", id), 0, "id");
  return *entry->picture;
}

Result<void> Renderer::keep(const Image& image, const image::Pixmap* pixels) {
  const auto type = static_cast<ImageType>(image.type);
  const bool lossy = type == ImageType::jpeg || type == ImageType::jpeg_alpha;
  const std::uint64_t area = std::uint64_t{image.width} * image.height;
  auto picture = pixels ? std::optional(*pixels) : std::nullopt;
  ImageCache& images = shared_.images;
  if ((image.flags & cache_me) != 0) return images.put(image.id, area, std::move(picture), lossy);
  if (lossy) return fail(ErrorCode::malformed, "a lossy image to replace a lossy one", 0, "flags");
  return images.replace(image.id, area, std::move(picture));
}

Result<image::Pixmap> Renderer::decode(const Image& image, image::Format surface) {
  if (auto done = decoded_.extract(&image)) return std::move(done.mapped());
  return image::decode(image, {surface, &palettes_, &shared_.glz});
}

bool Renderer::is_missing(const Image& image) {
  const auto type = static_cast<ImageType>(image.type);
  if (type == ImageType::from_cache || type == ImageType::from_cache_lossless) {
    const ImageCache::Entry* entry = shared_.images.find(image.id);
    return !entry || (type == ImageType::from_cache_lossless && entry->lossy);
  }
  if (!is_of_dictionary(image.type) || decoded_.contains(&image)) return false;
  // Only its stream tells what it refers to. Every image of the dictionary must be decoded anyway.
  auto pixmap = image::decode(image, {surface_32_xrgb, &palettes_, &shared_.glz});
  if (!pixmap) return pixmap.error().code == ErrorCode::not_found;
  decoded_.emplace(&image, std::move(*pixmap));
  return false;
}

bool Renderer::is_waiting_for_images(const wire::AnyMessage& message) {
  bool waiting = false;
  wire::visit(*message.info().layout, message.object(), wire::display::image_layout,
              [&](const std::string&, const void* image) {
                waiting = is_missing(*static_cast<const Image*>(image)) || waiting;
              });
  return waiting;
}

// Drawing

template <class Command>
requires requires(const Command& command) {
  command.base.surface_id;
}
Result<void> Renderer::handle(const Command& command) {
  draw::Surface* target = surfaces_.find(command.base.surface_id);
  auto drawn = target ? draw::render(*target, command, *this)
                      : fail(ErrorCode::not_found,
                             fmt::format("surface {} does not exist", command.base.surface_id), 0,
                             "base.surface_id");
  decoded_.clear();
  if (target) damaged(command.base.surface_id, command.base.box);
  // What has no defined effect is noted and left out.
  if (drawn || drawn.error().code != ErrorCode::unsupported) return drawn;
  note_(std::move(drawn.error()).within(wire::info_of<Command>().name));
  return {};
}

// Streams

Result<void> Renderer::handle(const StreamCreate& message) {
  auto created =
      surfaces_.find(message.surface_id)
          ? streams_.create(message)
          : fail(ErrorCode::not_found, fmt::format("surface {} does not exist", message.surface_id),
                 0, "surface_id");
  if (created || created.error().code != ErrorCode::unsupported) return created;
  note_(std::move(created.error()).within("stream_create"));
  return {};
}
Result<void> Renderer::handle(const StreamClip& message) {
  streams_.clip(message);
  return {};
}
Result<void> Renderer::handle(const StreamDestroy& message) {
  streams_.destroy(message.id);
  return {};
}
Result<void> Renderer::handle(const StreamDestroyAll&) {
  streams_.destroy_all();
  return {};
}
// A frame that does not decode, or belongs nowhere, is noted: the stream may go on.
template <class Frame>
Result<void> Renderer::show(const Frame& message) {
  const auto name = wire::info_of<Frame>().name;
  auto frame = streams_.decode(message);
  if (!frame) return note_(std::move(frame.error()).within(name)), Result<void>{};
  if (!*frame) return {};
  draw::Surface* target = surfaces_.find((*frame)->surface_id);
  if (!target) return {};  // destroyed under the stream
  auto drawn = draw::put_image(*target, (*frame)->picture.view(), (*frame)->dest, *(*frame)->clip);
  if (!drawn) return note_(std::move(drawn.error()).within(name)), Result<void>{};
  damaged((*frame)->surface_id, (*frame)->dest);
  return {};
}
Result<void> Renderer::handle(const StreamData& message) {
  return show(message);
}
Result<void> Renderer::handle(const StreamDataSized& message) {
  return show(message);
}

}  // namespace spicebench::client
