// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/display/drawing.hpp"

namespace spicebench::server {

using namespace wire::display;
namespace device = wire::device;

namespace {

void note_surface(const Image& image, std::vector<std::uint32_t>& surfaces) {
  if (const auto* reference = std::get_if<SurfaceReference>(&image.payload))
    surfaces.push_back(reference->surface_id);
}
void note_surface(const std::optional<Image>& image, std::vector<std::uint32_t>& surfaces) {
  if (image) note_surface(*image, surfaces);
}
void note_surface(const Brush& brush, std::vector<std::uint32_t>& surfaces) {
  if (const auto* pattern = std::get_if<PatternBrush>(&brush.body))
    note_surface(pattern->pattern, surfaces);
}

template <class Command>
void note_surfaces(const Command& command, std::vector<std::uint32_t>& surfaces) {
  if constexpr (requires { command.src_bitmap; }) note_surface(command.src_bitmap, surfaces);
  if constexpr (requires { command.brush; }) note_surface(command.brush, surfaces);
  if constexpr (requires { command.fore_brush; }) note_surface(command.fore_brush, surfaces);
  if constexpr (requires { command.back_brush; }) note_surface(command.back_brush, surfaces);
  if constexpr (requires { command.mask.bitmap; }) note_surface(command.mask.bitmap, surfaces);
  if constexpr (requires { command.mask_bitmap; }) note_surface(command.mask_bitmap, surfaces);
}

// The guest's word is taken, but a mask leaves pixels as they were.
template <class Command>
bool covers(const Command& command, std::uint8_t effect) {
  if (effect != static_cast<std::uint8_t>(device::DrawEffect::opaque)) return false;
  if constexpr (requires { command.mask.bitmap; })
    if (command.mask.bitmap) return false;
  return true;
}

}  // namespace

DrawItem drawing_of(const wire::AnyMessage& command, ResourceHold hold, draw::Region region,
                    Instant now) {
  auto made = std::make_shared<Drawing>(Drawing{.command = command,
                                                .hold = std::move(hold),
                                                .region = std::move(region),
                                                .accepted = now,
                                                .surfaces_read = {},
                                                .moved_from = {}});
  const device::Drawable& drawable = made->drawable();
  std::visit(
      [&]<class Command>(const Command& body) {
        if constexpr (requires { body.base; }) {
          made->surface_id = body.base.surface_id;
          made->covers = covers(body, drawable.effect);
          note_surfaces(body, made->surfaces_read);
          if constexpr (std::is_same_v<Command, CopyBits>)
            made->moved_from = draw::moved(body.base.box, body.src_pos.x - body.base.box.left,
                                           body.src_pos.y - body.base.box.top);
        }
      },
      drawable.body);
  return made;
}

}  // namespace spicebench::server
