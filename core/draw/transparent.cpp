// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/draw/copying.hpp"
#include "core/draw/draw.hpp"

// A picture with holes where it has the key colour (canvas.md §7.4).
namespace spicebench::draw {
namespace {

using namespace wire::display;
using image::load_word;
using image::store_word;

template <class Word>
void put_unless(std::byte* to, const std::byte* from, std::size_t count, Word key, Word compared) {
  for (std::size_t i = 0; i < count * sizeof(Word); i += sizeof(Word)) {
    const auto word = load_word<Word>(from + i), old = load_word<Word>(to + i);
    store_word(to + i, ((word ^ key) & compared) == 0 ? old : word);
  }
}

void put_unless_key(Format format, std::byte* to, const std::byte* from, std::size_t count,
                    Argb colour) {
  switch (image::bits_per_pixel(format)) {
    case 32:
      return put_unless<std::uint32_t>(to, from, count, colour, 0x00ff'ffff);
    case 16:
      return put_unless<std::uint16_t>(
          to, from, count, static_cast<std::uint16_t>(image::word_of_argb(format, colour)), 0xffff);
    default:
      return put_unless<std::uint8_t>(to, from, count, 0, 0xff);
  }
}

}  // namespace

Result<void> transparent(Surface& surface, const DrawTransparent& command, const Resolved& images) {
  if (!images.source) return no_source();
  CHECKED(check_raw_source(*images.source, surface.format()));
  const auto copying =
      TRY(Copying::of(*images.source, command.src_area, command.base, Filter::nearest, surface));
  const std::size_t bytes = word_bytes(surface.format());
  const auto keyed = [&](std::int32_t x, std::int32_t y, const std::byte* words, std::size_t n) {
    put_unless_key(surface.format(), pixels_at(surface, y, x, bytes), words, n, command.true_color);
  };
  Piece colours, words;
  for_each_run(
      copying.region(), std::nullopt, [&](std::int32_t y, std::int32_t from, std::int32_t to) {
        if (!copying.is_stretched())
          return keyed(from, y, copying.words(from, y), static_cast<std::size_t>(to - from));
        for_each_piece(from, to, [&](std::int32_t x, std::size_t count) {
          copying.colours(x, y, {colours.data(), count});
          auto* const stored = reinterpret_cast<std::byte*>(words.data());
          store_row(copying.source_format(), stored, 0, colours.data(), count);
          keyed(x, y, stored, count);
        });
      });
  return {};
}

}  // namespace spicebench::draw
