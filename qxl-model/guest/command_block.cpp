// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/guest/command_block.hpp"

#include <algorithm>

namespace spicebench::qxl {

using namespace wire::display;

namespace {
constexpr std::size_t drawable_header = 123, body_at = 123, chunk_header = 20;
constexpr std::size_t cursor_command = 150, cursor_header = 22, image_bytes = 48;
constexpr std::uint8_t effect_blend = 0, effect_opaque = 1;
constexpr std::uint8_t type_fill = 1, type_copy = 3, type_copy_bits = 4;
}  // namespace

BytesView CommandBlock::place(std::uint64_t encoded_address, std::uint64_t release_id) {
  put(0, release_id, 8);
  for (const std::uint32_t at : pointers_)
    put(at, load_little_endian(&bytes_[at], 8) + encoded_address, 8);
  pointers_.clear();
  return bytes_;
}

void CommandBlock::put(std::size_t at, const Rect& rect) {
  std::size_t place = at;
  for (const std::int32_t field : {rect.top, rect.left, rect.bottom, rect.right}) {
    put(place, static_cast<std::uint32_t>(field), 4);
    place += 4;
  }
}
void CommandBlock::point_to_end(std::size_t at) {
  put(at, bytes_.size(), 8);
  pointers_.push_back(static_cast<std::uint32_t>(at));
}
std::size_t CommandBlock::grow(std::size_t bytes) {
  const std::size_t at = bytes_.size();
  bytes_.resize(at + bytes);
  return at;
}

CommandBlock CommandBlock::drawable(std::uint8_t type, std::uint8_t effect, std::size_t body_bytes,
                                    const Rect& box, std::span<const Rect> clip) {
  // The device reads a drawable in its full size, whatever its operation.
  constexpr std::size_t whole = 191;
  CommandBlock out(std::max(whole, drawable_header + body_bytes));
  out.put(12, effect, 1);
  out.put(13, type, 1);
  out.put(31, box);
  for (std::size_t i = 0; i < 3; ++i) out.put(63 + 4 * i, UINT32_MAX, 4);
  if (!clip.empty()) {
    out.put(47, clip_rects, 4);
    out.point_to_end(51);
    const std::size_t at = out.grow(4 + chunk_header + 16 * clip.size());
    out.put(at, clip.size(), 4);
    out.put(at + 4, 16 * clip.size(), 4);
    for (std::size_t i = 0; i < clip.size(); ++i) out.put(at + 4 + chunk_header + 16 * i, clip[i]);
  }
  return out;
}

CommandBlock CommandBlock::fill(const Rect& box, std::span<const Rect> clip, std::uint32_t color,
                                std::uint16_t rop) {
  const bool replaces = rop == ropd_put;
  auto out = drawable(type_fill, replaces ? effect_opaque : effect_blend, 39, box, clip);
  out.put(body_at, static_cast<std::uint32_t>(BrushType::solid), 4);
  out.put(body_at + 4, color, 4);
  out.put(body_at + 20, rop, 2);
  return out;
}

CommandBlock CommandBlock::copy(const Rect& box, std::span<const Rect> clip, const Picture& picture,
                                Point source, std::uint16_t rop, const CopyStyle& style) {
  const bool replaces = rop == ropd_put;
  auto out = drawable(type_copy, replaces ? effect_opaque : effect_blend, 44, box, clip);
  out.put(body_at + 8,
          Rect{source.y, source.x, source.y + static_cast<std::int32_t>(height_of(box)),
               source.x + static_cast<std::int32_t>(width_of(box))});
  out.put(body_at + 24, rop, 2);
  out.put(body_at + 26, style.scales_nearest ? 1 : 0, 1);
  if (style.reads_target) {
    out.put(63, 0, 4);
    out.put(75, box);
  }

  out.point_to_end(body_at);
  const std::size_t image = out.grow(image_bytes), row_bytes = 4 * std::size_t{picture.width};
  out.put(image, picture.id, 8);
  out.put(image + 9, picture.cache ? 1 : 0, 1);
  out.put(image + 10, picture.width, 4);
  out.put(image + 14, picture.height, 4);
  out.put(image + 18, style.pixels_have_alpha ? format_rgba : format_32bit, 1);
  out.put(image + 19, style.rows == Rows::top_down ? top_down : 0, 1);
  out.put(image + 20, picture.width, 4);
  out.put(image + 24, picture.height, 4);
  out.put(image + 28, row_bytes, 4);

  std::size_t link = image + 40;  // the address of the next chunk
  const std::uint32_t rows_per_chunk =
      style.rows_per_chunk == 0 ? picture.height : style.rows_per_chunk;
  for (std::uint32_t y = 0; y < picture.height; y += rows_per_chunk) {
    const std::uint32_t count = std::min(rows_per_chunk, picture.height - y);
    out.point_to_end(link);
    const std::size_t chunk = out.grow(chunk_header + count * row_bytes);
    out.put(chunk, count * row_bytes, 4);
    link = chunk + 12;
    std::size_t to = chunk + chunk_header;
    for (std::uint32_t row = y; row < y + count; ++row) {
      const std::uint32_t from = style.rows == Rows::top_down ? row : picture.height - 1 - row;
      for (std::uint32_t x = 0; x < picture.width; ++x, to += 4)
        out.put(to, picture.pixels[std::size_t{from} * picture.width + x], 4);
    }
  }
  return out;
}

CommandBlock CommandBlock::copy_bits(const Rect& box, std::span<const Rect> clip, Point source) {
  auto out = drawable(type_copy_bits, effect_opaque, 8, box, clip);
  out.put(body_at, static_cast<std::uint32_t>(source.x), 4);
  out.put(body_at + 4, static_cast<std::uint32_t>(source.y), 4);
  // It reads surface 0, and says so.
  out.put(63, 0, 4);
  out.put(75, Rect{source.y, source.x, source.y + static_cast<std::int32_t>(height_of(box)),
                   source.x + static_cast<std::int32_t>(width_of(box))});
  return out;
}

CommandBlock CommandBlock::set_cursor(Point16 position, const wire::cursor::CursorHeader& shape,
                                      BytesView data) {
  CommandBlock out(cursor_command);
  out.put(9, static_cast<std::uint16_t>(position.x), 2);
  out.put(11, static_cast<std::uint16_t>(position.y), 2);
  out.put(13, 1, 1);
  out.point_to_end(14);
  const std::size_t at = out.grow(cursor_header + chunk_header + data.size());
  out.put(at, shape.unique, 8);
  out.put(at + 8, shape.type, 2);
  out.put(at + 10, shape.width, 2);
  out.put(at + 12, shape.height, 2);
  out.put(at + 14, shape.hot_spot_x, 2);
  out.put(at + 16, shape.hot_spot_y, 2);
  out.put(at + 18, data.size(), 4);
  out.put(at + cursor_header, data.size(), 4);
  std::ranges::copy(
      data, out.bytes_.begin() + static_cast<std::ptrdiff_t>(at + cursor_header + chunk_header));
  return out;
}
CommandBlock CommandBlock::move_cursor(Point16 position) {
  CommandBlock out(cursor_command);
  out.put(8, 1, 1);
  out.put(9, static_cast<std::uint16_t>(position.x), 2);
  out.put(11, static_cast<std::uint16_t>(position.y), 2);
  return out;
}
CommandBlock CommandBlock::hide_cursor() {
  CommandBlock out(cursor_command);
  out.put(8, 2, 1);
  return out;
}

}  // namespace spicebench::qxl
