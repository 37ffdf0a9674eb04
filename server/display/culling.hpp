// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstddef>
#include <deque>

#include "server/display/display_client.hpp"

namespace spicebench::server {

// Takes commands out of a pipe whose whole effect `cover`, which will follow, hides, if nothing
// between reads it. Returns how many.
//
// Source: display-pipeline.md §8, whose first paragraph allows a list instead of the tree. Commands
// that hold the frame of a stream count as any other.
std::size_t drop_hidden(std::deque<DisplayItem>& pipe, const Drawing& cover);

}  // namespace spicebench::server
