// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include "core/base/bytes.hpp"
#include "core/base/result.hpp"
#include "core/wire/display_shapes.hpp"

// Paths and strings as a QXL guest lays them out (qxl-device.md §12.3), which is not how they go
// over the wire. Guest memory has them in chunks; here the chunks are joined.
namespace spicebench::wire::device {

// {u32 flags, u32 count, PointFix[count]} …; a rest too short for a segment and one byte more is
// ignored, as the reference does.
//   errors  malformed (more points than bytes, flags that a wire segment has no room for); the
//           offset is in `bytes`
Result<display::Path> read_guest_path(BytesView bytes);
void append_guest_path(Bytes& out, const display::Path& path);

// Glyphs {Point render_pos, Point origin, u16 width, u16 height, rows} …, the string's flags say
// how many bits a pixel has.
//   length  of the string, in glyphs
//   errors  malformed (bytes that are no `length` glyphs, or more; flags without a kind of raster)
Result<display::String> read_guest_string(SharedBytes bytes, std::uint16_t length,
                                          std::uint16_t flags);
void append_guest_string(Bytes& out, const display::String& string);  // the glyphs

}  // namespace spicebench::wire::device
