// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <optional>

#include "core/base/result.hpp"
#include "core/draw/images.hpp"
#include "core/draw/surface.hpp"
#include "core/wire/display_drawing.hpp"

// The pixel-exact effect of the drawing commands (canvas.md). The same functions serve the client,
// the server and whoever draws guest commands into guest memory.
namespace spicebench::draw {

// The images of a command, found, decoded and as the command sees them (canvas.md §2.3: render()
// converts decoded images to the format that canvas_format() names, surfaces stay; the source of
// alpha_blend stays in its native format). A view may be of the very surface that is drawn to: the
// old content is read.
struct Resolved {
  std::optional<PixelView> source{};
  std::optional<PixelView> pattern{};       // of the brush; of text: of fore_brush
  std::optional<PixelView> back_pattern{};  // of text: of back_brush
  std::optional<PixelView> mask{};          // surface_1_a; of composite: any format. Absent: none
  bool source_is_surface = false;
  // Of composite, where the command has none: left on the surfaces that it reads.
  std::optional<wire::display::Transform> source_transform{}, mask_transform{};
};

// Each draws exactly what lies in box ∩ surface ∩ clip ∩ mask and nothing else.
// Errors: unsupported (a combination of formats that has no defined effect, §17), malformed (brush,
// clip type, raster operation, missing source …), out_of_range (coordinates beyond ± 2^20, more
// work than a command may make …). Nothing is drawn then.
Result<void> fill(Surface& surface, const wire::display::DrawFill& command,
                  const Resolved& images = {});
Result<void> blackness(Surface& surface, const wire::display::DrawBlackness& command,
                       const Resolved& images = {});
Result<void> whiteness(Surface& surface, const wire::display::DrawWhiteness& command,
                       const Resolved& images = {});
Result<void> invers(Surface& surface, const wire::display::DrawInvers& command,
                    const Resolved& images = {});
Result<void> copy(Surface& surface, const wire::display::DrawCopy& command, const Resolved& images);
Result<void> blend(Surface& surface, const wire::display::DrawBlend& command,
                   const Resolved& images);
Result<void> opaque(Surface& surface, const wire::display::DrawOpaque& command,
                    const Resolved& images);
Result<void> transparent(Surface& surface, const wire::display::DrawTransparent& command,
                         const Resolved& images);
Result<void> alpha_blend(Surface& surface, const wire::display::DrawAlphaBlend& command,
                         const Resolved& images);
Result<void> rop3(Surface& surface, const wire::display::DrawRop3& command, const Resolved& images);
Result<void> stroke(Surface& surface, const wire::display::DrawStroke& command,
                    const Resolved& images = {});
Result<void> text(Surface& surface, const wire::display::DrawText& command,
                  const Resolved& images = {});
Result<void> composite(Surface& surface, const wire::display::DrawComposite& command,
                       const Resolved& images);
Result<void> copy_bits(Surface& surface, const wire::display::CopyBits& command);

// A picture of a video stream into `dest`, stretched if the sizes differ (canvas.md §14.2).
//   frame     top row first, whatever the stream's TOP_DOWN says: whoever decodes turns it over
//   clip      of the stream
Result<void> put_image(Surface& surface, const PixelView& frame, const wire::display::Rect& dest,
                       const wire::display::Clip& clip);

// Finds and decodes what the command names, then draws. Images take effect on the caches even if
// nothing is drawn (canvas.md §12.2).
Result<void> render(Surface& surface, const wire::display::DrawFill& command, Images& images);
Result<void> render(Surface& surface, const wire::display::DrawBlackness& command, Images& images);
Result<void> render(Surface& surface, const wire::display::DrawWhiteness& command, Images& images);
Result<void> render(Surface& surface, const wire::display::DrawInvers& command, Images& images);
Result<void> render(Surface& surface, const wire::display::DrawCopy& command, Images& images);
Result<void> render(Surface& surface, const wire::display::DrawBlend& command, Images& images);
Result<void> render(Surface& surface, const wire::display::DrawOpaque& command, Images& images);
Result<void> render(Surface& surface, const wire::display::DrawTransparent& command,
                    Images& images);
Result<void> render(Surface& surface, const wire::display::DrawAlphaBlend& command, Images& images);
Result<void> render(Surface& surface, const wire::display::DrawRop3& command, Images& images);
Result<void> render(Surface& surface, const wire::display::DrawStroke& command, Images& images);
Result<void> render(Surface& surface, const wire::display::DrawText& command, Images& images);
Result<void> render(Surface& surface, const wire::display::DrawComposite& command, Images& images);
Result<void> render(Surface& surface, const wire::display::CopyBits& command, Images& images);

}  // namespace spicebench::draw
