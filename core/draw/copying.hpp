// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <optional>

#include "core/base/result.hpp"
#include "core/draw/command.hpp"
#include "core/draw/rop.hpp"
#include "core/draw/sampler.hpp"

namespace spicebench::draw {

// A picture's area put over a box, as copy, opaque, transparent and alpha_blend do it: pixel by
// pixel where the sizes agree, else stretched (canvas.md §6.2, §7.2). The picture is read as it was
// before the command.
class Copying {
 public:
  // Errors: out_of_range (coordinates), those of region_of().
  static Result<Copying> of(const PixelView& source, const Rect& area,
                            const wire::display::DisplayBase& base, Filter filter,
                            const Surface& surface);
  // box ∩ surface ∩ clip; unless stretched, also only where the picture is: other pixels stay as
  // they are. Empty if there is nothing to stretch or nothing to stretch it over.
  const Region& region() const { return region_; }
  bool is_stretched() const { return sampler_.has_value(); }
  Format source_format() const { return source_.format; }

  // For a run of the region that begins at (x, y):
  // the picture's pixels themselves. Precondition: not stretched, not 1_A.
  const std::byte* words(std::int32_t x, std::int32_t y) const;
  // their colours
  void colours(std::int32_t x, std::int32_t y, std::span<Argb> out) const;

 private:
  PixelView source_;
  std::optional<OldContent> held_;
  std::optional<Sampler> sampler_;
  Region region_;
  std::int32_t dx_ = 0,
               dy_ = 0;  // from a surface pixel to that of source_, or to the offset in box
};

// D = rop(source, D) in the region, where the mask lets it through. A stretched picture is stored
// in the surface's format, or, if it is combined with what is there, in its own format first
// (canvas.md §6.6). Precondition: check_raw_source().
void put(Surface& surface, const Copying& copying, const std::optional<PlacedMask>& mask, Rop rop);

}  // namespace spicebench::draw
