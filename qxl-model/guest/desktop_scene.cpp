// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/guest/desktop_scene.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace spicebench::qxl {

using namespace wire::display;

PictureStock::PictureStock(const Random& random) {
  constexpr std::size_t tile_count = 6, icon_count = 64, word_count = 40, scancodes = 128;
  constexpr std::uint32_t paper = 0xfafafa;
  std::uint64_t next_id = 1;
  // Ids as drivers make them: a number of their own above, the group "driver" (0) below.
  const auto keep = [&next_id](std::vector<Picture>& list, Picture picture) {
    picture.id = next_id++ << 32;
    picture.cache = true;
    list.push_back(std::move(picture));
  };
  for (std::size_t i = 0; i < tile_count; ++i)
    keep(tiles, tile(tile_side, Painter::background_color, random.fork(fmt::format("tile {}", i))));
  for (std::size_t i = 0; i < icon_count; ++i)
    keep(icons, icon(icon_side, random.fork(fmt::format("icon {}", i))));
  for (std::size_t i = 0; i < word_count; ++i)
    keep(words, text_line(static_cast<std::uint32_t>(30 + 9 * (i % 8)), line, paper,
                          random.fork(fmt::format("word {}", i))));
  for (std::size_t i = 0; i < scancodes; ++i)
    keep(glyphs, text_line(glyph_width, line, paper, random.fork(fmt::format("glyph {}", i))));
}

bool Painter::clip_to_surface(Rect& box) const {
  box = {std::max(box.top, 0), std::max(box.left, 0), std::min(box.bottom, height_),
         std::min(box.right, width_)};
  return !is_empty(box);
}

Task<> Painter::fill(Rect box, std::uint32_t color, std::uint16_t rop) {
  return fill(box, {}, color, rop);
}

Task<> Painter::fill(Rect box, std::span<const Rect> clip, std::uint32_t color, std::uint16_t rop) {
  if (!clip_to_surface(box)) co_return;
  CommandBlock block = CommandBlock::fill(box, clip.empty() ? own_clip(box) : clip, color, rop);
  co_await driver_.draw(std::move(block));
}

// What a driver that always clips gives where nothing is clipped.
std::span<const Rect> Painter::own_clip(const Rect& box) const {
  return driver_.profile().clips_always ? std::span(&box, 1) : std::span<const Rect>();
}

CopyStyle Painter::style_for(const Picture& picture) const {
  const Profile& profile = driver_.profile();
  CopyStyle out{.rows = profile.rows,
                .pixels_have_alpha = profile.pixels_have_alpha,
                .scales_nearest = profile.scales_nearest,
                .reads_target = profile.reads_target};
  if (profile.chunk_bytes != 0)
    out.rows_per_chunk = std::max(1u, profile.chunk_bytes / (4 * picture.width));
  return out;
}

Task<> Painter::picture(Point at, const Picture& picture, std::uint16_t rop,
                        std::optional<CopyStyle> style) {
  Rect box{at.y, at.x, at.y + static_cast<std::int32_t>(picture.height),
           at.x + static_cast<std::int32_t>(picture.width)};
  if (!clip_to_surface(box)) co_return;
  const Point source{box.left - at.x, box.top - at.y};
  CommandBlock block = CommandBlock::copy(box, own_clip(box), picture, source, rop,
                                          style ? *style : style_for(picture));
  co_await driver_.draw(std::move(block));
}

Task<> Painter::text(const Font& font, Point at, std::span<const std::uint8_t> letters, Rect within,
                     std::uint32_t ink, std::optional<std::uint32_t> paper) {
  if (!clip_to_surface(within)) co_return;
  DrawText line = font.line(at, letters, within, ink, paper);
  if (is_empty(line.base.box)) co_return;
  const wire::device::Drawable drawable{
      .type = static_cast<std::uint8_t>(wire::device::DrawType::text), .body = std::move(line)};
  CommandBlock block = CommandBlock::of(drawable);
  co_await driver_.draw(std::move(block));
}

std::vector<std::uint8_t> Painter::letters(std::size_t most) {
  std::vector<std::uint8_t> out(1 + random_.below(most));
  for (auto& letter : out)
    letter = random_.chance(1, 6) ? 0 : static_cast<std::uint8_t>(random_.below(Font::letters));
  return out;
}

Task<> Painter::move(Rect from, Point to) {
  const Rect box{to.y, to.x, to.y + (from.bottom - from.top), to.x + (from.right - from.left)};
  CommandBlock block = CommandBlock::copy_bits(box, own_clip(box), {from.left, from.top});
  co_await driver_.draw(std::move(block));
}

// What is left of one rectangle without another of the same size: at most two strips.
Task<> Painter::expose(Rect was, Rect is) {
  std::vector<Rect> strips;
  const Rect both{std::max(was.top, is.top), std::max(was.left, is.left),
                  std::min(was.bottom, is.bottom), std::min(was.right, is.right)};
  if (is_empty(both)) {
    strips.push_back(was);
  } else {
    if (was.top < both.top) strips.push_back({was.top, was.left, both.top, was.right});
    if (both.bottom < was.bottom) strips.push_back({both.bottom, was.left, was.bottom, was.right});
    if (was.left < both.left) strips.push_back({both.top, was.left, both.bottom, both.left});
    if (both.right < was.right) strips.push_back({both.top, both.right, both.bottom, was.right});
  }
  if (!strips.empty()) co_await fill(was, strips, background_color);
}

Task<> Painter::background() {
  co_await fill({0, 0, height_, width_}, background_color);
  for (std::int32_t y = 0; y < height_; y += PictureStock::tile_side) {
    for (std::int32_t x = 0; x < width_; x += PictureStock::tile_side) {
      const std::size_t which = random_.below(stock_.tiles.size());
      co_await picture({x, y}, stock_.tiles[which]);
    }
  }
}

Task<> Painter::window(const Window& window) {
  const Rect& frame = window.frame;
  const auto width = static_cast<std::uint32_t>(width_of(frame));
  co_await fill(frame, 0x404040);
  const Picture title = gradient(width, Window::title - 1, 0x1e3c78, 0x82aae6);
  co_await picture({frame.left, frame.top}, title);
  co_await fill(window.body(), window.paper);
}

Task<> Painter::scroll(Rect area, std::int32_t up) {
  return move({area.top + up, area.left, area.bottom, area.right}, {area.left, area.top});
}

// The oldest line goes out at the top, a new one of a few words comes in at the bottom.
Task<> Painter::scroll_line(const Window& window) {
  const Rect body = window.body();
  constexpr std::int32_t line = PictureStock::line;
  co_await scroll(body, line);
  co_await fill({body.bottom - line, body.left, body.bottom, body.right}, window.paper);
  for (std::int32_t x = body.left + 4;;) {
    const Picture& word = stock_.words[random_.below(stock_.words.size())];
    const auto end = x + static_cast<std::int32_t>(word.width);
    if (end > body.right || random_.chance(1, 6)) break;
    co_await picture({x, body.bottom - line}, word);
    x = end + 6;
  }
}

// A selection's frame: inverts what is below, so that a second one takes it away.
Task<> Painter::outline(Rect box) {
  if (!clip_to_surface(box) || width_of(box) < 3 || height_of(box) < 3) co_return;
  const std::vector<Rect> sides{{box.top, box.left, box.top + 1, box.right},
                                {box.bottom - 1, box.left, box.bottom, box.right},
                                {box.top + 1, box.left, box.bottom - 1, box.left + 1},
                                {box.top + 1, box.right - 1, box.bottom - 1, box.right}};
  co_await fill(box, sides, 0xffffff, ropd_xor);
}

}  // namespace spicebench::qxl
