// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <optional>

#include "core/base/result.hpp"
#include "core/image/pixmap.hpp"
#include "core/wire/cursor_channel.hpp"

namespace spicebench::image {

// A pointer shape. Without a picture (types that have no decoder) the viewer shows its default.
struct CursorShape {
  std::uint64_t unique = 0;
  std::uint32_t hot_spot_x = 0, hot_spot_y = 0;
  std::uint32_t width = 0, height = 0;
  std::optional<Pixmap> picture;  // surface_32_argb, colours not multiplied by alpha
};

// A shape from its wire form (canvas.md §15). The hot spot is clamped into the picture.
// Errors: out_of_range (sides must be 1 to 1024), truncated (less data than the type needs),
// malformed (no such type).
Result<CursorShape> decode_cursor(const wire::cursor::CursorHeader& header, BytesView data);

}  // namespace spicebench::image
