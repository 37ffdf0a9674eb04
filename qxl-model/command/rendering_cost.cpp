// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/command/rendering_cost.hpp"

#include <algorithm>
#include <cstdlib>

namespace spicebench::qxl {

using namespace wire::display;

namespace {

// Pixels that a stroke goes through, whether they are painted or not.
std::uint64_t walked(const PathSegment& segment) {
  constexpr std::int64_t fraction = 16, farthest = std::int64_t{1} << 20;
  std::uint64_t pixels = 0;
  for (std::size_t i = 1; i < segment.points.size(); ++i) {
    const PointFix &from = segment.points[i - 1], &to = segment.points[i];
    const std::int64_t longest =
        std::max(std::llabs(std::int64_t{to.x} - from.x), std::llabs(std::int64_t{to.y} - from.y));
    pixels += static_cast<std::uint64_t>(std::min(longest / fraction, farthest));
  }
  return pixels;
}

class RenderingCost {
 public:
  RenderingCost(const CostModel& costs, std::uint64_t painted, const LiveSurface& target)
      : costs_(costs), painted_(painted) {
    if (target.format == surface_16_555 || target.format == surface_16_565)
      extra_ = costs_.pixel_16bit;
  }

  Cycle of(std::monostate) const { return 0; }
  Cycle of(const DrawFill& draw) const {
    const std::uint16_t rop = draw.rop_descriptor;
    const bool plain = rop == ropd_put || rop == ropd_blackness || rop == ropd_whiteness;
    if (std::holds_alternative<PatternBrush>(draw.brush.body))
      return each(costs_.pixel_fill_pattern, draw.mask);
    return each(plain ? costs_.pixel_fill : costs_.pixel_fill_rop, draw.mask);
  }
  Cycle of(const DrawBlackness& draw) const { return each(costs_.pixel_fill, draw.mask); }
  Cycle of(const DrawWhiteness& draw) const { return each(costs_.pixel_fill, draw.mask); }
  Cycle of(const DrawInvers& draw) const { return each(costs_.pixel_fill_rop, draw.mask); }
  Cycle of(const CopyBits&) const { return each(costs_.pixel_copy_bits); }
  Cycle of(const DrawCopy& draw) const { return each(copying(draw), draw.mask); }
  Cycle of(const DrawBlend& draw) const { return each(copying(draw), draw.mask); }
  Cycle of(const DrawOpaque& draw) const { return each(copying(draw), draw.mask); }
  Cycle of(const DrawRop3& draw) const {
    return each(std::max(costs_.pixel_rop3, scaling(draw)), draw.mask);
  }
  Cycle of(const DrawTransparent&) const { return each(costs_.pixel_transparent); }
  Cycle of(const DrawAlphaBlend&) const { return each(costs_.pixel_alpha_blend); }
  Cycle of(const DrawComposite& draw) const {
    return each(costs_.pixel_composite +
                (draw.src_transform || draw.mask_transform ? costs_.pixel_transform : 0) +
                (draw.mask_bitmap ? costs_.pixel_mask : 0));
  }
  Cycle of(const DrawStroke& draw) const {
    std::uint64_t lines = 0, pixels = 0;
    for (const PathSegment& segment : draw.path.segments) {
      lines += segment.points.size();
      pixels += walked(segment);
    }
    return lines * costs_.stroke_segment + CostModel::of_pixels(pixels, costs_.pixel_stroke);
  }
  Cycle of(const DrawText& draw) const {
    std::uint64_t pixels = 0;
    for (const RasterGlyph& glyph : draw.str.glyphs)
      pixels += std::uint64_t{glyph.width} * glyph.height;
    return draw.str.glyphs.size() * costs_.text_glyph +
           CostModel::of_pixels(pixels, costs_.pixel_glyph);
  }

 private:
  Cycle each(Cycle sixteenths) const { return CostModel::of_pixels(painted_, sixteenths + extra_); }
  Cycle each(Cycle sixteenths, const QMask& mask) const {
    return each(sixteenths + (mask.bitmap ? costs_.pixel_mask : 0));
  }
  // 0: the picture keeps its size.
  template <class Draw>
  Cycle scaling(const Draw& draw) const {
    if (width_of(draw.src_area) == width_of(draw.base.box) &&
        height_of(draw.src_area) == height_of(draw.base.box))
      return 0;
    return draw.scale_mode == 1 ? costs_.pixel_scale_nearest : costs_.pixel_scale_interpolate;
  }
  template <class Draw>
  Cycle copying(const Draw& draw) const {
    if (const Cycle scaled = scaling(draw); scaled != 0) return scaled;
    if (draw.rop_descriptor != ropd_put) return costs_.pixel_copy_rop;
    const auto* bitmap = std::get_if<Bitmap>(&draw.src_bitmap->payload);
    return bitmap && bitmap_bits(bitmap->format) != 32 ? costs_.pixel_copy_low : costs_.pixel_copy;
  }

  const CostModel& costs_;
  std::uint64_t painted_;
  Cycle extra_ = 0;
};

}  // namespace

Cycle rendering_cost(const CostModel& costs, const wire::device::Drawable& drawable,
                     std::uint64_t painted, const LiveSurface& target) {
  const RenderingCost cost(costs, painted, target);
  return std::visit(
      [&](const auto& body) {
        Cycle all = costs.render_fixed + cost.of(body);
        if constexpr (requires { body.base; })
          all += body.base.clip.rects.size() * (costs.render_fixed / 8);
        return all;
      },
      drawable.body);
}

}  // namespace spicebench::qxl
