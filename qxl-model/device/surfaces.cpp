// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/device/surfaces.hpp"

#include <fmt/format.h>

#include "core/wire/display_types.hpp"

namespace spicebench::qxl {

namespace {

unsigned bits_of_format(std::uint32_t format) {
  switch (format) {
    case wire::display::surface_1_a:
      return 1;
    case wire::display::surface_8_a:
      return 8;
    case wire::display::surface_16_555:
    case wire::display::surface_16_565:
      return 16;
    case wire::display::surface_32_xrgb:
    case wire::display::surface_32_argb:
      return 32;
    default:
      return 0;
  }
}

}  // namespace

Result<std::uint64_t> surface_bytes(const LiveSurface& geometry) {
  constexpr std::uint64_t most_bytes = 0x7fff'ffff;
  const std::int64_t stride = geometry.stride;
  const auto row = static_cast<std::uint64_t>(stride < 0 ? -stride : stride);
  const std::uint64_t needed =
      (std::uint64_t{geometry.width} * bits_of_format(geometry.format) + 7) / 8;
  if (needed == 0 || geometry.height == 0 || stride == INT32_MIN || needed > row ||
      row * geometry.height > most_bytes)
    return fail(ErrorCode::out_of_range,
                fmt::format("{} x {}, stride {}, format {}", geometry.width, geometry.height,
                            geometry.stride, geometry.format));
  return row * geometry.height;
}

}  // namespace spicebench::qxl
