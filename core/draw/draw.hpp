// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <optional>

#include "core/base/result.hpp"
#include "core/draw/surface.hpp"
#include "core/image/palette.hpp"
#include "core/wire/display_channel.hpp"

// The pixel-exact effect of the drawing commands (canvas.md). The same functions serve the client,
// the server and whoever draws guest commands into guest memory.
namespace spicebench::draw {

// The images of a command, found, decoded and as the command sees them (canvas.md §2.3: render()
// converts decoded images to the format that canvas_format() names, surfaces stay). A view may
// be of the very surface that is drawn to: the old content is read.
struct Resolved {
  std::optional<PixelView> source;   // of copy
  std::optional<PixelView> pattern;  // of a pattern brush
  std::optional<PixelView> mask;     // surface_1_a; absent: no mask
};

// Each draws exactly what lies in box ∩ surface ∩ clip ∩ mask and nothing else.
// Errors: unsupported (a combination of formats that has no defined effect, §17), malformed (brush,
// clip type, raster operation, missing source), out_of_range (coordinates beyond ± 2^20, palette
// index …). Nothing is drawn then.
Result<void> fill(Surface& surface, const wire::display::DrawFill& command,
                  const Resolved& images = {});
Result<void> copy(Surface& surface, const wire::display::DrawCopy& command, const Resolved& images);
Result<void> copy_bits(Surface& surface, const wire::display::CopyBits& command);

// What a command may refer to beside its own bytes. The defaults know of nothing: a server that
// draws what a guest sent has surfaces only.
class Images {
 public:
  virtual ~Images() = default;
  // The current content of a surface; nothing: no such surface.
  virtual std::optional<PixelView> surface(std::uint32_t id) const;
  // A picture by cache key. Errors: not_found.
  virtual Result<image::Pixmap> cached(std::uint64_t id, bool lossless_only);
  // Called for every image with cache_me or cache_replace_me, in the order of the fields; `pixels`
  // is null if there is no decoder for it.
  virtual Result<void> keep(const wire::display::Image& image, const image::Pixmap* pixels);
  virtual image::PaletteCache* palettes();
};

// Finds and decodes what the command names, then draws. Images take effect on the caches even if
// nothing is drawn (canvas.md §12.2).
Result<void> render(Surface& surface, const wire::display::DrawFill& command, Images& images);
Result<void> render(Surface& surface, const wire::display::DrawCopy& command, Images& images);
Result<void> render(Surface& surface, const wire::display::CopyBits& command, Images& images);

}  // namespace spicebench::draw
