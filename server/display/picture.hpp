// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include "core/draw/surface.hpp"
#include "core/wire/display_channel.hpp"

namespace spicebench::server {

// The message that puts the whole present content of a surface on a client's screen: raw, lossless,
// never cached. The pixels are copied.
//
// Source: display-pipeline.md §13.2, §7.1. Formats without a bitmap of their own travel as the next
// wider one.
wire::display::DrawCopy picture_of(std::uint32_t surface_id, const draw::Surface& surface,
                                   std::uint64_t image_id);

}  // namespace spicebench::server
