// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/draw/copying.hpp"

namespace spicebench::draw {

using namespace wire::display;

Result<Copying> Copying::of(const PixelView& source, const Rect& area, const DisplayBase& base,
                            Filter filter, const Surface& surface) {
  CHECKED(check_coordinates(base.box, "base.box"));
  CHECKED(check_coordinates(area, "src_area"));
  Copying copying;
  copying.source_ = source;
  if (width_of(base.box) != width_of(area) || height_of(base.box) != height_of(area)) {
    if (is_empty(area) || is_empty(base.box)) return copying;  // canvas.md §17: ignored
    copying.region_ = TRY(region_of(base.box, bounds_of(surface), base.clip));
    copying.held_.emplace(source, surface);
    copying.source_ = copying.held_->view();
    copying.sampler_.emplace(copying.source_, stretched(area, base.box), filter);
    copying.dx_ = -base.box.left;
    copying.dy_ = -base.box.top;
    return copying;
  }
  copying.dx_ = area.left - base.box.left;
  copying.dy_ = area.top - base.box.top;
  const Rect covered = moved(bounds_of(source), -copying.dx_, -copying.dy_);
  copying.region_ = TRY(region_of(base.box, intersection(bounds_of(surface), covered), base.clip));
  if (copying.region_.empty()) return copying;
  // No more of the picture is held than is read.
  Rect read = moved(bounds_of(copying.region_), copying.dx_, copying.dy_);
  if (source.format == surface_1_a) read.left -= read.left % 8;
  copying.held_.emplace(part_of(source, read), surface);
  copying.source_ = copying.held_->view();
  copying.dx_ -= read.left;
  copying.dy_ -= read.top;
  return copying;
}

const std::byte* Copying::words(std::int32_t x, std::int32_t y) const {
  return source_.row(static_cast<std::uint32_t>(y + dy_)) +
         static_cast<std::size_t>(x + dx_) * word_bytes(source_.format);
}

void Copying::colours(std::int32_t x, std::int32_t y, std::span<Argb> out) const {
  if (sampler_) return sampler_->row(x + dx_, y + dy_, out);
  load_row(out.data(), source_.format, source_.row(static_cast<std::uint32_t>(y + dy_)),
           static_cast<std::size_t>(x + dx_), out.size());
}

void put(Surface& surface, const Copying& copying, const std::optional<PlacedMask>& mask, Rop rop) {
  const std::size_t bytes = word_bytes(surface.format());
  if (!copying.is_stretched()) {
    for_each_run(copying.region(), mask, [&](std::int32_t y, std::int32_t from, std::int32_t to) {
      combine(pixels_at(surface, y, from, bytes), copying.words(from, y),
              static_cast<std::size_t>(to - from), bytes, rop);
    });
    return;
  }
  const Format through = rop == rop_copy ? surface.format() : copying.source_format();
  Piece colours, words;
  for_each_run(copying.region(), mask, [&](std::int32_t y, std::int32_t from, std::int32_t to) {
    for_each_piece(from, to, [&](std::int32_t x, std::size_t count) {
      copying.colours(x, y, {colours.data(), count});
      auto* const stored = reinterpret_cast<std::byte*>(words.data());
      store_row(through, stored, 0, colours.data(), count);
      combine(pixels_at(surface, y, x, bytes), stored, count, bytes, rop);
    });
  });
}

}  // namespace spicebench::draw
