// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/display/lossy.hpp"

#include <algorithm>

#include "core/draw/region_sets.hpp"

namespace spicebench::server {

using namespace wire::display;
namespace device = wire::device;

namespace {

// What a command does with pixels that are there, and to them.
struct Effect {
  bool reads_old = false;      // the destination's old content decides about the new one
  bool reads_surfaces = true;  // those of its images must be exact
  bool takes_loss = false;     // its image may lose quality, and so do the pixels then
  enum class After : std::uint8_t { unchanged, exact, as_source } after = After::unchanged;
};

bool combines(std::uint16_t rop) {
  return (rop & (ropd_or | ropd_and | ropd_xor)) != 0;
}
bool is_pattern(const Brush& brush) {
  return brush.type != static_cast<std::uint8_t>(BrushType::solid);
}

using After = Effect::After;
Effect effect_of(const DrawFill& c) {
  return {.reads_old = combines(c.rop_descriptor), .after = After::exact};
}
Effect effect_of(const DrawOpaque& c) {
  const bool combined = combines(c.rop_descriptor);
  return {.reads_surfaces = true, .takes_loss = !combined, .after = After::as_source};
}
Effect effect_of(const DrawCopy&) {
  return {.reads_surfaces = false, .takes_loss = true, .after = After::as_source};
}
Effect effect_of(const DrawBlend&) {
  return {.reads_old = true};
}
Effect effect_of(const DrawAlphaBlend&) {
  return {.reads_surfaces = false, .takes_loss = true};
}
Effect effect_of(const DrawTransparent&) {
  return {};
}
Effect effect_of(const CopyBits&) {
  return {.after = After::as_source};
}
Effect effect_of(const DrawBlackness&) {
  return {.after = After::exact};
}
Effect effect_of(const DrawWhiteness&) {
  return {.after = After::exact};
}
Effect effect_of(const DrawInvers&) {
  return {};
}
Effect effect_of(const DrawRop3&) {
  return {.reads_old = true, .after = After::exact};
}
Effect effect_of(const DrawComposite&) {
  return {.reads_old = true, .after = After::exact};
}
Effect effect_of(const DrawStroke& c) {
  return {.reads_old = is_pattern(c.brush) && combines(c.fore_mode)};
}
Effect effect_of(const DrawText& c) {
  return {.reads_old = (is_pattern(c.fore_brush) && combines(c.fore_mode)) ||
                       (is_pattern(c.back_brush) && combines(c.back_mode))};
}
Effect effect_of(const device::Drawable& drawable) {
  return std::visit(
      [](const auto& body) -> Effect {
        if constexpr (requires { body.base; }) return effect_of(body);
        return {};
      },
      drawable.body);
}

}  // namespace

bool may_lose(const device::Drawable& drawable) {
  return effect_of(drawable).takes_loss;
}

const Bitmap* lossy_source(const device::Drawable& drawable) {
  return std::visit(
      [](const auto& body) -> const Bitmap* {
        if constexpr (requires { body.src_bitmap; })
          if (effect_of(body).takes_loss && body.src_bitmap)
            return std::get_if<Bitmap>(&body.src_bitmap->payload);
        return nullptr;
      },
      drawable.body);
}

bool LossyRegions::is_lossy(std::uint32_t surface_id, const draw::Region& region) const {
  const auto found = regions_.find(surface_id);
  return found != regions_.end() && draw::intersects(found->second, region);
}

void LossyRegions::set(std::uint32_t surface_id, const draw::Region& region, bool lossy) {
  const auto found = regions_.find(surface_id);
  if (lossy) {
    draw::Region& here = found == regions_.end() ? regions_[surface_id] : found->second;
    here = draw::united(here, region);
  } else if (found != regions_.end()) {
    found->second = draw::without(found->second, region);
    if (found->second.empty()) regions_.erase(found);
  }
}

void LossyRegions::exact(std::uint32_t surface_id, const draw::Rect& area) {
  set(surface_id, draw::region_of(area), false);
}

void LossyRegions::need(std::uint32_t surface_id, const draw::Region& region,
                        std::vector<Area>& out) {
  const auto found = regions_.find(surface_id);
  if (found == regions_.end()) return;
  const draw::Region lacking = draw::common(found->second, region);
  if (lacking.empty()) return;
  out.emplace_back(surface_id, draw::bounds_of(lacking));
  exact(surface_id, out.back().second);
}

std::vector<LossyRegions::Area> LossyRegions::make_exact(const Drawing& drawing) {
  std::vector<Area> out;
  if (regions_.empty()) return out;
  const Effect effect = effect_of(drawing.drawable());
  if (effect.reads_old) need(drawing.surface_id, drawing.region, out);
  if (effect.reads_surfaces)
    for (const std::uint32_t id : drawing.surfaces_read)
      if (const auto found = regions_.find(id); found != regions_.end())
        need(id, draw::Region(found->second), out);
  return out;
}

void LossyRegions::drawn(const Drawing& drawing, bool loses) {
  const Effect effect = effect_of(drawing.drawable());
  bool lossy = loses;
  if (drawing.moved_from)
    lossy = is_lossy(drawing.surface_id, draw::region_of(*drawing.moved_from));
  else if (!lossy && effect.takes_loss)
    lossy = std::ranges::any_of(drawing.surfaces_read,
                                [this](std::uint32_t id) { return regions_.contains(id); });
  if (lossy)
    set(drawing.surface_id, drawing.region, true);
  else if (effect.after != After::unchanged && (drawing.covers || drawing.moved_from))
    set(drawing.surface_id, drawing.region, false);
}

}  // namespace spicebench::server
