// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/draw/glyphs.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/draw/command.hpp"

namespace spicebench::draw {
namespace {

using namespace wire::display;

Rect box_of(const RasterGlyph& glyph) {
  const std::int32_t left = glyph.render_pos.x + glyph.glyph_origin.x,
                     top = glyph.render_pos.y + glyph.glyph_origin.y;
  return {top, left, top + glyph.height, left + glyph.width};
}

Result<void> check(const RasterGlyph& glyph, unsigned bits, std::size_t index) {
  for (const std::int32_t c :
       {glyph.render_pos.x, glyph.render_pos.y, glyph.glyph_origin.x, glyph.glyph_origin.y})
    CHECKED(check_coordinate(c, "str.glyphs"));
  const std::size_t needed = (std::size_t{glyph.width} * bits + 7) / 8 * glyph.height;
  if (glyph.data.size() < needed)
    return fail(ErrorCode::truncated,
                fmt::format("{} bytes of a glyph that needs {}", glyph.data.size(), needed), 0,
                fmt::format("str.glyphs[{}].data", index));
  return {};
}

// Merges pixels from … to - 1 of a glyph's row into the coverage.
void merge_bits(std::uint8_t* to, const std::byte* row, std::size_t from, std::size_t end) {
  for (std::size_t x = from; x < end; ++x, ++to)
    if ((std::to_integer<unsigned>(row[x / 8]) << x % 8 & 128) != 0) *to = 255;
}
// The low nibble is compared with the high one still before it: where that is not zero, the low one
// replaces whatever is there.
void merge_nibbles(std::uint8_t* to, const std::byte* row, std::size_t from, std::size_t end) {
  for (std::size_t x = from; x < end; ++x, ++to) {
    const auto byte = std::to_integer<unsigned>(row[x / 2]);
    const unsigned compared = x % 2 == 0 ? byte & 0xf0 : byte << 4;
    if (compared > *to) *to = static_cast<std::uint8_t>(compared);
  }
}
void merge_bytes(std::uint8_t* to, const std::byte* row, std::size_t from, std::size_t end) {
  for (std::size_t x = from; x < end; ++x, ++to)
    *to = std::max(*to, std::to_integer<std::uint8_t>(row[x]));
}

}  // namespace

Result<Coverage> Coverage::of(const String& string, const Rect& bounds) {
  Coverage coverage;
  const unsigned bits = glyph_bits(string.flags);
  if (bits == 0 || string.glyphs.empty()) return coverage;  // there are no vector glyphs
  Rect around = box_of(string.glyphs.front());
  for (std::size_t i = 0; i < string.glyphs.size(); ++i) {
    CHECKED(check(string.glyphs[i], bits, i));
    const Rect box = box_of(string.glyphs[i]);
    around = {std::min(around.top, box.top), std::min(around.left, box.left),
              std::max(around.bottom, box.bottom), std::max(around.right, box.right)};
  }
  coverage.left_ = around.left;
  coverage.top_ = around.top;
  const Rect whole = intersection(around, bounds);
  if (is_empty(whole)) return coverage;
  coverage.box_ = whole;
  const auto width = static_cast<std::size_t>(width_of(whole));
  coverage.values_.resize(width * static_cast<std::size_t>(height_of(whole)));
  const auto merge = bits == 1 ? merge_bits : bits == 4 ? merge_nibbles : merge_bytes;
  for (const RasterGlyph& glyph : string.glyphs) {
    const Rect box = box_of(glyph), part = intersection(box, whole);
    if (is_empty(part)) continue;
    const std::size_t stride = (std::size_t{glyph.width} * bits + 7) / 8;
    for (std::int32_t y = part.top; y < part.bottom; ++y) {
      const auto from_below = static_cast<std::size_t>(box.bottom - 1 - y);
      std::uint8_t* to = coverage.values_.data() + static_cast<std::size_t>(y - whole.top) * width +
                         static_cast<std::size_t>(part.left - whole.left);
      merge(to, glyph.data.data() + from_below * stride,
            static_cast<std::size_t>(part.left - box.left),
            static_cast<std::size_t>(part.right - box.left));
    }
  }
  return coverage;
}

}  // namespace spicebench::draw
