// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/base/result.hpp"
#include "core/draw/region.hpp"
#include "core/draw/surface.hpp"
#include "core/wire/display_types.hpp"

// What all commands check and prepare in the same way.
namespace spicebench::draw {

constexpr std::int32_t farthest = 1 << 20;  // of coordinates, protocol.md §10.5

// Errors: out_of_range.
Result<void> check_coordinate(std::int64_t coordinate, std::string_view field);
Result<void> check_coordinates(const Rect& rect, std::string_view field);
Result<void> check_scale_mode(std::uint8_t scale_mode);  // malformed

std::unexpected<Error> no_effect(std::string_view what, Format format);  // unsupported
std::unexpected<Error> no_source();                                      // malformed

// Raw operations work on words of the surface. Errors: unsupported (another depth, or 1_A, whose
// words are not bytes).
Result<void> check_raw_source(const PixelView& source, Format surface);
// Bytes of a pixel. Precondition: not 1_A.
inline std::size_t word_bytes(Format format) {
  return image::bits_per_pixel(format) / 8;
}

// The mask of a command at its place. Errors: malformed (no bits).
Result<std::optional<PlacedMask>> place(const wire::display::QMask& mask, const Rect& box,
                                        const std::optional<PixelView>& bits,
                                        const Surface& surface);

// Where the pixels of a run of a surface are.
inline std::byte* pixels_at(Surface& surface, std::int32_t y, std::int32_t x, std::size_t bytes) {
  return surface.row(static_cast<std::uint32_t>(y)) + static_cast<std::size_t>(x) * bytes;
}

inline std::uint32_t modulo(std::int64_t value, std::uint32_t size) {
  const std::int64_t rest = value % size;
  return static_cast<std::uint32_t>(rest < 0 ? rest + size : rest);
}

}  // namespace spicebench::draw
