// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/draw/draw.hpp"

#include <fmt/format.h>

#include <cstring>
#include <functional>

#include "core/draw/region.hpp"
#include "core/draw/rop.hpp"
#include "core/draw/scale.hpp"
#include "core/image/decode.hpp"

namespace spicebench::draw {
namespace {

using namespace wire::display;

constexpr std::int32_t farthest = 1 << 20;  // of coordinates, protocol.md §10.5

Result<void> check_coordinates(const Rect& rect, std::string_view name) {
  for (const std::int32_t edge : {rect.top, rect.left, rect.bottom, rect.right})
    if (edge < -farthest || edge > farthest)
      return fail(ErrorCode::out_of_range,
                  fmt::format("coordinate {}, at most ± {}", edge, farthest), 0, std::string(name));
  return {};
}

std::size_t word_bytes(Format format) {
  return image::bits_per_pixel(format) / 8;
}

std::unexpected<Error> no_effect(std::string_view what, Format format) {
  return fail(ErrorCode::unsupported, fmt::format("{} on a surface of format {}", what,
                                                  static_cast<std::uint32_t>(format)));
}

Result<std::optional<PlacedMask>> place(const QMask& mask, const Rect& box,
                                        const Resolved& images) {
  if (!mask.bitmap) return std::nullopt;
  if (!images.mask || images.mask->format != surface_1_a)
    return fail(ErrorCode::malformed, "a mask without one bit per pixel", 0, "mask.bitmap");
  return PlacedMask{*images.mask, std::int64_t{box.left} - mask.position.x,
                    std::int64_t{box.top} - mask.position.y, (mask.flags & 1) != 0};
}

// The picture, or a copy of it if it lies in the pixels that are about to be drawn on.
class OldContent {
 public:
  OldContent(const PixelView& picture, const Surface& surface) : view_(picture) {
    const std::less<const std::byte*> before;
    const auto [from, to] = memory_of(picture);
    const auto [surface_from, surface_to] = memory_of(surface.view());
    if (!before(from, surface_to) || !before(surface_from, to)) return;
    const std::size_t stride = image::row_bytes(picture.format, picture.width);
    copy_.resize(stride * picture.height);
    for (std::uint32_t y = 0; y < picture.height; ++y)
      std::memcpy(copy_.data() + stride * y, picture.row(y), stride);
    view_.top = copy_.data();
    view_.stride = static_cast<std::ptrdiff_t>(stride);
  }
  const PixelView& view() const { return view_; }

 private:
  static std::pair<const std::byte*, const std::byte*> memory_of(const PixelView& view) {
    const std::byte *first = view.row(0), *last = view.row(view.height - 1);
    return {std::min(first, last, std::less<>{}),
            std::max(first, last, std::less<>{}) + image::row_bytes(view.format, view.width)};
  }
  PixelView view_;
  Bytes copy_;
};

std::uint32_t modulo(std::int64_t value, std::uint32_t size) {
  const std::int64_t rest = value % size;
  return static_cast<std::uint32_t>(rest < 0 ? rest + size : rest);
}

void fill_pattern(Surface& surface, const Region& region, const std::optional<PlacedMask>& mask,
                  const PixelView& tile, Point position, Rop rop) {
  const std::size_t bytes = word_bytes(surface.format());
  for_each_run(region, mask, [&](std::int32_t y, std::int32_t from, std::int32_t to) {
    const std::byte* tile_row = tile.row(modulo(std::int64_t{y} - position.y, tile.height));
    std::byte* row = surface.row(static_cast<std::uint32_t>(y));
    std::uint32_t column = modulo(std::int64_t{from} - position.x, tile.width);
    for (std::int32_t x = from; x < to; column = 0) {
      const auto words = std::min(static_cast<std::uint32_t>(to - x), tile.width - column);
      combine(row + static_cast<std::size_t>(x) * bytes, tile_row + column * bytes, words, bytes,
              rop);
      x += static_cast<std::int32_t>(words);
    }
  });
}

// canvas.md §7.1: on 1_A surfaces a plain colour, and nothing else.
Result<void> fill_bits(Surface& surface, const Region& region,
                       const std::optional<PlacedMask>& mask, const DrawFill& command, Rop rop) {
  const auto* solid = std::get_if<SolidBrush>(&command.brush.body);
  if (!solid || rop != rop_copy) return no_effect("anything but a plain colour", surface.format());
  for_each_run(region, mask, [&](std::int32_t y, std::int32_t from, std::int32_t to) {
    for (std::int32_t x = from; x < to; ++x)
      image::put_word_at(surface_1_a, surface.row(static_cast<std::uint32_t>(y)),
                         static_cast<std::uint64_t>(x), solid->color);
  });
  return {};
}

// The stretched picture goes into the surface's format, or, if it is combined with what is there,
// through a temporary of its own format first (canvas.md §6.6).
void copy_stretched(Surface& surface, const Region& region, const std::optional<PlacedMask>& mask,
                    const Stretch& stretch, Format source, Rop rop) {
  const Format through = rop == rop_copy ? surface.format() : source;
  const std::size_t bytes = word_bytes(surface.format());
  Bytes row(image::row_bytes(through, surface.width()));
  for_each_run(region, mask, [&](std::int32_t y, std::int32_t from, std::int32_t to) {
    for (std::int32_t x = from; x < to; ++x)
      image::put_word_at(through, row.data(), static_cast<std::uint64_t>(x - from),
                         image::word_of_argb(through, stretch.at(x, y)));
    combine(surface.row(static_cast<std::uint32_t>(y)) + static_cast<std::size_t>(from) * bytes,
            row.data(), static_cast<std::size_t>(to - from), bytes, rop);
  });
}

}  // namespace

Result<void> fill(Surface& surface, const DrawFill& command, const Resolved& images) {
  const DisplayBase& base = command.base;
  CHECKED(check_coordinates(base.box, "base.box"));
  const Region region = TRY(region_of(base.box, bounds_of(surface), base.clip));
  const auto mask = TRY(place(command.mask, base.box, images));
  const Rop rop = rop_of(command.rop_descriptor, ropd_invers_brush, ropd_invers_dest);
  if (surface.format() == surface_1_a) return fill_bits(surface, region, mask, command, rop);
  switch (static_cast<BrushType>(command.brush.type)) {
    case BrushType::none:
    case BrushType::solid: {
      const auto* solid = std::get_if<SolidBrush>(&command.brush.body);
      const std::uint32_t word = solid ? solid->color : 0;
      const std::size_t bytes = word_bytes(surface.format());
      for_each_run(region, mask, [&](std::int32_t y, std::int32_t from, std::int32_t to) {
        combine_solid(
            surface.row(static_cast<std::uint32_t>(y)) + static_cast<std::size_t>(from) * bytes,
            word, static_cast<std::size_t>(to - from), bytes, rop);
      });
      return {};
    }
    case BrushType::pattern: {
      const auto* pattern = std::get_if<PatternBrush>(&command.brush.body);
      if (!pattern || !images.pattern)
        return fail(ErrorCode::malformed, "a pattern brush without its image", 0, "brush.pattern");
      if (image::bits_per_pixel(images.pattern->format) != image::bits_per_pixel(surface.format()))
        return no_effect("a pattern of another depth", surface.format());
      const OldContent tile(*images.pattern, surface);
      fill_pattern(surface, region, mask, tile.view(), pattern->position, rop);
      return {};
    }
  }
  return fail(ErrorCode::malformed, fmt::format("brush type {}, known: 0 to 2", command.brush.type),
              0, "brush.type");
}

Result<void> copy(Surface& surface, const DrawCopy& command, const Resolved& images) {
  const DisplayBase& base = command.base;
  const Rect& area = command.src_area;
  CHECKED(check_coordinates(base.box, "base.box"));
  CHECKED(check_coordinates(area, "src_area"));
  if (!images.source)
    return fail(ErrorCode::malformed, "a copy without a source image", 0, "src_bitmap");
  if (command.scale_mode > 1)
    return fail(ErrorCode::malformed, fmt::format("scale mode {}, known: 0, 1", command.scale_mode),
                0, "scale_mode");
  const auto mask = TRY(place(command.mask, base.box, images));
  const Rop rop = rop_of(command.rop_descriptor, ropd_invers_src, ropd_invers_dest);
  if (surface.format() == surface_1_a) return no_effect("copy", surface.format());
  if (image::bits_per_pixel(images.source->format) != image::bits_per_pixel(surface.format()))
    return no_effect("a source of another depth", surface.format());

  const bool scaled =
      width_of(base.box) != width_of(area) || height_of(base.box) != height_of(area);
  if (scaled) {
    if (is_empty(area) || is_empty(base.box)) return {};  // canvas.md §17: ignored
    const Region region = TRY(region_of(base.box, bounds_of(surface), base.clip));
    const OldContent source(*images.source, surface);
    copy_stretched(
        surface, region, mask,
        Stretch(source.view(), area, base.box, static_cast<ScaleMode>(command.scale_mode)),
        source.view().format, rop);
    return {};
  }
  // Pixels whose source lies outside the image stay as they are: the image bounds the region.
  const std::int32_t dx = area.left - base.box.left, dy = area.top - base.box.top;
  const Rect covered{-dy, -dx, static_cast<std::int32_t>(images.source->height) - dy,
                     static_cast<std::int32_t>(images.source->width) - dx};
  const Region region =
      TRY(region_of(base.box, intersection(bounds_of(surface), covered), base.clip));
  const OldContent source(*images.source, surface);
  const std::size_t bytes = word_bytes(surface.format());
  for_each_run(region, mask, [&](std::int32_t y, std::int32_t from, std::int32_t to) {
    combine(surface.row(static_cast<std::uint32_t>(y)) + static_cast<std::size_t>(from) * bytes,
            source.view().row(static_cast<std::uint32_t>(y + dy)) +
                static_cast<std::size_t>(from + dx) * bytes,
            static_cast<std::size_t>(to - from), bytes, rop);
  });
  return {};
}

Result<void> copy_bits(Surface& surface, const CopyBits& command) {
  const DisplayBase& base = command.base;
  CHECKED(check_coordinates(base.box, "base.box"));
  CHECKED(check_coordinates({command.src_pos.y, command.src_pos.x, 0, 0}, "src_pos"));
  if (surface.format() == surface_1_a) return no_effect("copy_bits", surface.format());
  // From a source pixel to its destination.
  const std::int32_t dx = base.box.left - command.src_pos.x, dy = base.box.top - command.src_pos.y;
  const Rect bounds = bounds_of(surface);
  const Rect reachable{dy, dx, bounds.bottom + dy, bounds.right + dx};
  Region region = TRY(region_of(base.box, intersection(bounds, reachable), base.clip));
  if (dx == 0 && dy == 0) return {};
  // Every pixel is read before it is overwritten: bands away from the movement first, and in a band
  // the rectangles likewise. Bands are ordered by top, so each order is a reversal or two.
  const auto order = [dx, dy](const Rect& a, const Rect& b) {
    if (a.top != b.top) return dy > 0 ? a.top > b.top : a.top < b.top;
    return dx > 0 ? a.left > b.left : a.left < b.left;
  };
  std::ranges::sort(region, order);
  const std::size_t bytes = word_bytes(surface.format());
  for (const Rect& rect : region) {
    const auto width = static_cast<std::size_t>(width_of(rect)) * bytes;
    for (std::int32_t i = 0; i < rect.bottom - rect.top; ++i) {
      const std::int32_t y = dy > 0 ? rect.bottom - 1 - i : rect.top + i;
      std::memmove(
          surface.row(static_cast<std::uint32_t>(y)) + static_cast<std::size_t>(rect.left) * bytes,
          surface.row(static_cast<std::uint32_t>(y - dy)) +
              static_cast<std::size_t>(rect.left - dx) * bytes,
          width);
    }
  }
  return {};
}

}  // namespace spicebench::draw
