// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <span>
#include <string_view>

#include "core/wire/display_types.hpp"

// What the workload `paint` leaves out, in one place: valid commands which the reference draws at
// random, or on which it ends (canvas.md §17, qxl-device.md §13.2).
namespace spicebench::qxl::rules {

struct LeftOut {
  std::string_view what, why;
};
std::span<const LeftOut> left_out();

// The bitmap formats that a picture for a surface of this format may have.
std::span<const std::uint8_t> bitmap_formats(std::uint32_t surface);
// Whether pictures of this bitmap format come compressed too.
bool has_quic(std::uint8_t bitmap, std::uint32_t surface);
// Whether an image is a bitmap with alpha, or compressed or a surface.
bool has_alpha(const wire::display::Image& image);
// Whether a surface of the first format may be an image for one of the second.
bool may_read(std::uint32_t source, std::uint32_t target);
// Whether a ternary operation is one that the reference has.
bool has_rop3(std::uint8_t code);
// The operators of composite.
std::span<const std::uint8_t> composite_operators();

}  // namespace spicebench::qxl::rules
