// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/draw/glyphs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

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

// The pixels of a byte of eight bits, as eight bytes of 255 or 0 in the order of memory.
constexpr std::array<std::uint64_t, 256> eight_pixels = [] {
  std::array<std::uint64_t, 256> pixels{};
  for (unsigned byte = 0; byte < 256; ++byte)
    for (unsigned x = 0; x < 8; ++x)
      if ((byte << x & 128) != 0) pixels[byte] |= std::uint64_t{255} << (8 * x);
  return pixels;
}();

std::uint64_t load_eight(const std::uint8_t* from) {
  std::uint64_t eight;
  std::memcpy(&eight, from, sizeof eight);
  return eight;
}
void store_eight(std::uint8_t* to, std::uint64_t eight) {
  std::memcpy(to, &eight, sizeof eight);
}

// Each merges pixels from … end - 1 of a glyph's row into the coverage.
void merge_bits(std::uint8_t* to, const std::byte* row, std::size_t from, std::size_t end) {
  for (std::size_t x = from; x < end;) {
    const auto byte = std::to_integer<std::uint8_t>(row[x / 8]);
    if (x % 8 == 0 && end - x >= 8) {
      store_eight(to, load_eight(to) | eight_pixels[byte]);
      x += 8;
      to += 8;
    } else {
      if ((byte << x % 8 & 128) != 0) *to = 255;
      ++x;
      ++to;
    }
  }
}
// The low nibble is compared with the high one still before it: where that is not zero, the low one
// replaces whatever is there.
void merge_nibbles(std::uint8_t* to, const std::byte* row, std::size_t from, std::size_t end) {
  const auto merge = [](std::uint8_t& old, unsigned compared) {
    if (compared > old) old = static_cast<std::uint8_t>(compared);
  };
  const auto high = [row](std::size_t x) { return std::to_integer<unsigned>(row[x / 2]) & 0xf0; };
  const auto low = [row](std::size_t x) { return std::to_integer<unsigned>(row[x / 2]) << 4; };
  std::size_t x = from;
  if (x % 2 != 0 && x < end) merge(*to++, low(x++));
  for (; x + 2 <= end; x += 2, to += 2) {
    merge(to[0], high(x));
    merge(to[1], low(x));
  }
  if (x < end) merge(*to, high(x));
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
  for (std::size_t i = 0; i < string.glyphs.size(); ++i) CHECKED(check(string.glyphs[i], bits, i));
  Rect around = box_of(string.glyphs.front());
  for (const RasterGlyph& glyph : string.glyphs) {
    const Rect box = box_of(glyph);
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
