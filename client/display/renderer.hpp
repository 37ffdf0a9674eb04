// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <functional>
#include <map>

#include "client/display/image_cache.hpp"
#include "client/display/streams.hpp"
#include "client/display/surfaces.hpp"
#include "core/base/hash.hpp"
#include "core/draw/draw.hpp"
#include "core/image/glz_window.hpp"
#include "core/wire/display_channel.hpp"
#include "core/wire/message.hpp"

namespace spicebench::client {

// What the display channels of a session share (protocol.md §4.2.7, image-codecs.md §6.3).
struct SharedPictures {
  explicit SharedPictures(std::int64_t cache_pixels) : images(cache_pixels) {}
  ImageCache images;
  image::GlzWindow glz;
};

// All that the server's messages on one display channel do to pictures: surfaces, what is drawn on
// them, caches, streams. A client's display channel hands its messages on to one of these; so does
// whoever wants to see a recording.
class Renderer final : private draw::Images {
 public:
  using Note = std::function<void(Error)>;  // of what was left out
  // Of the area of a surface that a message may have changed: the box of a command, the destination
  // of a frame, all of a surface that was made or cleared (canvas.md §13.1).
  using Damage = std::function<void(std::uint32_t surface_id, const wire::display::Rect&)>;
  Renderer(SharedPictures& shared, Note note, Damage damage = {})
      : shared_(shared), note_(std::move(note)), damage_(std::move(damage)) {}

  const draw::Surface* find_surface(std::uint32_t id) const { return surfaces_.find(id); }
  const Surfaces& surfaces() const { return surfaces_; }
  const draw::Surface* screen() const { return surfaces_.primary(); }
  const Streams& streams() const { return streams_; }
  const image::PaletteCache& palette_cache() const { return palettes_; }

  // Whether the message refers to images that have not come. With other display channels in the
  // session they may be on their way there (canvas.md §12.1).
  bool is_waiting_for_images(const wire::AnyMessage& message);

  // Whether handle() takes such a message.
  static bool takes(const wire::MessageKey& key);
  // Precondition: takes(key); `message` is of that type. Errors end a session; what only cannot be
  // drawn is noted.
  Result<void> handle(const wire::MessageKey& key, const void* message);
  Result<void> handle(const wire::AnyMessage& message) {
    return handle(message.info().key, message.object());
  }

  // Brings back what there was (picture_state.hpp). Errors: those of the messages.
  Result<std::span<std::byte>> restore_surface(const wire::display::SurfaceCreate& surface,
                                               const wire::display::Transform& transform);
  bool restore_palette(const wire::display::Palette& palette) { return palettes_.put(palette); }
  Result<void> restore_stream(const wire::display::StreamCreate& stream) {
    return streams_.create(stream);
  }
  // Lets the decoder of a stream hear a frame that was shown before.
  void hear(const wire::display::StreamData& frame) { (void)streams_.decode(frame); }
  void hear(const wire::display::StreamDataSized& frame) { (void)streams_.decode(frame); }

  // As handle(), for two whose outcome matters.
  Result<Surfaces::Created> create(const wire::display::SurfaceCreate& message);
  Result<Surfaces::Created> create(const wire::display::Mode& message);

 private:
  struct Row;
  static const Row* row_of(const wire::MessageKey& key);
  template <class T>
  static constexpr Row row();
  Result<void> handle(const wire::display::Mode& message);
  Result<void> handle(const wire::display::Reset& message);
  Result<void> handle(const wire::display::SurfaceCreate& message);
  Result<void> handle(const wire::display::SurfaceDestroy& message);
  Result<void> handle(const wire::display::InvalList& message);
  Result<void> handle(const wire::display::InvalAllPixmaps& message);
  Result<void> handle(const wire::display::InvalPalette& message);
  Result<void> handle(const wire::display::InvalAllPalettes& message);
  Result<void> handle(const wire::display::StreamCreate& message);
  Result<void> handle(const wire::display::StreamData& message);
  Result<void> handle(const wire::display::StreamDataSized& message);
  Result<void> handle(const wire::display::StreamClip& message);
  Result<void> handle(const wire::display::StreamDestroy& message);
  Result<void> handle(const wire::display::StreamDestroyAll& message);
  // A drawing command, copy_bits among them.
  template <class Command>
  requires requires(const Command& command) { command.base.surface_id; }
  Result<void> handle(const Command& command);
  template <class Frame>
  Result<void> show(const Frame& message);
  bool is_missing(const wire::display::Image& image);
  void damaged(std::uint32_t surface_id, const wire::display::Rect& area) const {
    if (damage_) damage_(surface_id, area);
  }
  void all_damaged(std::uint32_t surface_id) const;

  // draw::Images
  std::optional<draw::PixelView> surface(std::uint32_t id) const override;
  wire::display::Transform* surface_transform(std::uint32_t id) override {
    return surfaces_.transform(id);
  }
  Result<image::Pixmap> cached(std::uint64_t id, bool lossless_only) override;
  Result<void> keep(const wire::display::Image& image, const image::Pixmap* pixels) override;
  Result<image::Pixmap> decode(const wire::display::Image& image, image::Format surface) override;
  image::PaletteCache* palettes() override { return &palettes_; }

  SharedPictures& shared_;
  Note note_;
  Damage damage_;
  Surfaces surfaces_;
  image::PaletteCache palettes_;
  Streams streams_;
  // Images of the message at hand that were decoded to see whether what they refer to is there.
  std::map<const wire::display::Image*, image::Pixmap> decoded_;
};

}  // namespace spicebench::client
