// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "core/draw/region.hpp"
#include "server/display/drawing.hpp"

namespace spicebench::server {

// Whether a bitmap that is the source of this command may lose quality.
bool may_lose(const wire::device::Drawable& drawable);
// That bitmap; null: there is none, or it may not lose quality.
const wire::display::Bitmap* lossy_source(const wire::device::Drawable& drawable);

// Where one client may have pixels that lost quality to JPEG.
//
// Source: display-pipeline.md §16. DIFFERS: it is kept as commands are queued, not as they are
// sent: what may be lossy counts as such, and what must be exact is sent as a picture ahead of the
// command that reads it, taken before that command is drawn.
class LossyRegions {
 public:
  using Area = std::pair<std::uint32_t, draw::Rect>;  // surface, rectangle

  // What the client has to get exactly before the command. Those areas count as exact from now on.
  std::vector<Area> make_exact(const Drawing& drawing);
  // The command was queued.
  //   loses  its image will be coded with loss
  void drawn(const Drawing& drawing, bool loses);
  // An image that was to be exact may lose quality after all.
  void add(const Drawing& drawing) { set(drawing.surface_id, drawing.region, true); }
  // A lossless picture was queued.
  void exact(std::uint32_t surface_id, const draw::Rect& area);
  void forget(std::uint32_t surface_id) { regions_.erase(surface_id); }
  draw::Region of(std::uint32_t surface_id) const {
    const auto found = regions_.find(surface_id);
    return found == regions_.end() ? draw::Region{} : found->second;
  }

 private:
  bool is_lossy(std::uint32_t surface_id, const draw::Region& region) const;
  void need(std::uint32_t surface_id, const draw::Region& region, std::vector<Area>& out);
  void set(std::uint32_t surface_id, const draw::Region& region, bool lossy);

  std::map<std::uint32_t, draw::Region> regions_;
};

}  // namespace spicebench::server
