// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>

#include "core/image/bitmap_view.hpp"

namespace spicebench::server {

// How smooth a picture is: photographs are, pictures of programs are not (display-pipeline.md
// §14.2).
enum class Graduality : std::uint8_t { low, medium, high };

// Precondition: 16BIT, 24BIT, 32BIT or RGBA.
//
// DIFFERS: the reference looks at each chunk of guest memory by itself; here a picture is one.
Graduality graduality_of(const image::BitmapView& picture);

}  // namespace spicebench::server
