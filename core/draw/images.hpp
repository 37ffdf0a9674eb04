// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <optional>

#include "core/base/result.hpp"
#include "core/image/decode.hpp"
#include "core/image/palette.hpp"
#include "core/image/pixmap.hpp"
#include "core/wire/display_shapes.hpp"
#include "core/wire/display_types.hpp"

namespace spicebench::draw {

// What a command may refer to beside its own bytes. The defaults know of nothing: a server that
// draws what a guest sent has surfaces only.
class Images {
 public:
  virtual ~Images() = default;
  // The current content of a surface; nothing: no such surface.
  virtual std::optional<image::PixelView> surface(std::uint32_t id) const;
  // Where the transform is kept that a composite last read a surface through. The reference leaves
  // it on the surface, and a later composite that names none reads through it again, which is what
  // the pixels of real sessions show. Null: it is not kept.
  virtual wire::display::Transform* surface_transform(std::uint32_t id);
  // A picture by cache key. Errors: not_found.
  virtual Result<image::Pixmap> cached(std::uint64_t id, bool lossless_only);
  // Called for every image with cache_me or cache_replace_me, in the order of the fields; `pixels`
  // is null if there is no decoder for it.
  virtual Result<void> keep(const wire::display::Image& image, const image::Pixmap* pixels);
  virtual image::PaletteCache* palettes();
  // The pixels of an image that is no reference, for a command on a surface of this format. The
  // default is image::decode with palettes() and without a GLZ dictionary.
  virtual Result<image::Pixmap> decode(const wire::display::Image& image, image::Format surface);
};

}  // namespace spicebench::draw
