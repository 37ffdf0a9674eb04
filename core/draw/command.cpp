// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/draw/command.hpp"

#include <fmt/format.h>

namespace spicebench::draw {

Result<void> check_coordinate(std::int64_t coordinate, std::string_view field) {
  if (coordinate < -farthest || coordinate > farthest)
    return fail(ErrorCode::out_of_range,
                fmt::format("coordinate {}, at most ± {}", coordinate, farthest), 0,
                std::string(field));
  return {};
}

Result<void> check_coordinates(const Rect& rect, std::string_view field) {
  for (const std::int32_t edge : {rect.top, rect.left, rect.bottom, rect.right})
    CHECKED(check_coordinate(edge, field));
  return {};
}

Result<void> check_scale_mode(std::uint8_t scale_mode) {
  if (scale_mode > 1)
    return fail(ErrorCode::malformed, fmt::format("scale mode {}, known: 0, 1", scale_mode), 0,
                "scale_mode");
  return {};
}

std::unexpected<Error> no_effect(std::string_view what, Format format) {
  return fail(ErrorCode::unsupported, fmt::format("{} on a surface of format {}", what,
                                                  static_cast<std::uint32_t>(format)));
}

std::unexpected<Error> no_source() {
  return fail(ErrorCode::malformed, "a command without its source image", 0, "src_bitmap");
}

Result<void> check_raw_source(const PixelView& source, Format surface) {
  if (surface == wire::display::surface_1_a) return no_effect("whole words", surface);
  if (image::bits_per_pixel(source.format) != image::bits_per_pixel(surface))
    return no_effect("a picture of another depth", surface);
  return {};
}

Result<std::optional<PlacedMask>> place(const wire::display::QMask& mask, const Rect& box,
                                        const std::optional<PixelView>& bits,
                                        const Surface& surface) {
  if (!mask.bitmap) return std::nullopt;
  if (!bits || bits->format != wire::display::surface_1_a)
    return fail(ErrorCode::malformed, "a mask without one bit per pixel", 0, "mask.bitmap");
  return PlacedMask{OldContent(*bits, surface), std::int64_t{box.left} - mask.position.x,
                    std::int64_t{box.top} - mask.position.y, (mask.flags & 1) != 0};
}

}  // namespace spicebench::draw
