// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>

namespace spicebench::image {

// Of coded rows: whether the first one is the top or the bottom of the picture.
enum class RowOrder : std::uint8_t { top_down, bottom_up };

}  // namespace spicebench::image
