// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <vector>

#include "core/draw/surface.hpp"
#include "core/wire/display_channel.hpp"

namespace spicebench::server {

// The message that puts the present content of a part of a surface on a client's screen: raw,
// lossless, never cached. The pixels are copied.
//
// Source: display-pipeline.md §13.2, §7.1. 16_565, which has no bitmap of its own, travels as 32
// bits. Precondition: the format is not 1_A;
// the area lies in the surface and is not empty.
wire::display::DrawCopy picture_of(std::uint32_t surface_id, const draw::Surface& surface,
                                   const wire::display::Rect& area, std::uint64_t image_id);

// The same of a surface of single bits, which no client can copy to: fills of the bits that are
// set, for a client's surface that is clear. At most max_runs_per_fill runs each.
//
// DIFFERS: the reference cannot show such surfaces, and aborts (display-pipeline.md §13.2).
std::vector<wire::display::DrawFill> set_bits_of(std::uint32_t surface_id,
                                                 const draw::Surface& surface);
constexpr std::size_t max_runs_per_fill = 4096;

}  // namespace spicebench::server
