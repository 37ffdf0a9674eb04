// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>

#include "core/base/random.hpp"
#include "core/wire/cursor_channel.hpp"
#include "qxl-model/guest/command_block.hpp"

// Things to look at, made from integers and a random stream alone.
namespace spicebench::qxl {

// From `from` in the top left corner to `to` in the bottom right one, component by component.
Picture gradient(std::uint32_t width, std::uint32_t height, std::uint32_t from, std::uint32_t to);
// A line of words of dark strokes on `paper`.
Picture text_line(std::uint32_t width, std::uint32_t height, std::uint32_t paper, Random random);
// A symmetric pattern of three colours with a border.
Picture icon(std::uint32_t side, Random random);
// A texture that repeats without seams.
Picture tile(std::uint32_t side, std::uint32_t base, Random random);

// As a camera sees it: colours that pass into each other, hard edges here and there, some noise.
//   moment  the colours move with it
//   random  its seed decides what is to be seen, its draws the noise
Picture photo(std::uint32_t width, std::uint32_t height, std::uint32_t moment, Random& random);

struct CursorShape {
  wire::cursor::CursorHeader header;
  Bytes data;
};
// An arrow with a soft edge: 32-bit premultiplied ARGB.
CursorShape arrow_cursor(std::uint16_t side, std::uint64_t unique);
// A beam between two bars: AND plane, then XOR plane.
CursorShape beam_cursor(std::uint16_t width, std::uint16_t height, std::uint64_t unique);

}  // namespace spicebench::qxl
