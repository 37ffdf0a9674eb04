// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cmath>

#include "core/draw/brush.hpp"
#include "core/draw/command.hpp"
#include "core/draw/draw.hpp"
#include "core/draw/sampler.hpp"

// Pattern, source and destination in any of the 256 ways (canvas.md §7.7).
namespace spicebench::draw {
namespace {

using namespace wire::display;
using image::load_word;
using image::store_word;

// Bit 4p + 2s + d of the code is the result for a bit of each of the three. Every pair of code bits
// (d = 0, d = 1) as words: result = low ^ (d & (low ^ high)).
template <class Word>
class Ternary {
 public:
  explicit Ternary(std::uint8_t code) {
    for (unsigned pair = 0; pair < 4; ++pair) {
      const auto all = [code](unsigned bit) { return static_cast<Word>(-(code >> bit & 1)); };
      low_[pair] = all(2 * pair);
      both_[pair] = static_cast<Word>(all(2 * pair) ^ all(2 * pair + 1));
    }
  }
  void apply(std::byte* dest, const std::byte* source, const std::byte* pattern,
             std::size_t count) const {
    const auto choose = [](Word selector, Word zero, Word one) {
      return static_cast<Word>(zero ^ (selector & (zero ^ one)));
    };
    for (std::size_t i = 0; i < count * sizeof(Word); i += sizeof(Word)) {
      const auto d = load_word<Word>(dest + i), s = load_word<Word>(source + i),
                 p = load_word<Word>(pattern + i);
      const auto of = [&](unsigned pair) {
        return static_cast<Word>(low_[pair] ^ (d & both_[pair]));
      };
      store_word(dest + i, choose(p, choose(s, of(0), of(1)), choose(s, of(2), of(3))));
    }
  }

 private:
  Word low_[4], both_[4];
};

// Where the source's words for a run come from.
class Source {
 public:
  Source(const PixelView& picture, const DrawRop3& command, const Surface& surface)
      : held_(picture, surface), box_(command.base.box), area_(command.src_area) {
    const Rect& box = command.base.box;
    if (width_of(box) == width_of(area_) && height_of(box) == height_of(area_)) return;
    // Unlike in copies the area's corner is an offset in the stretched picture, a rounded one.
    const double sx = static_cast<double>(width_of(area_)) / static_cast<double>(width_of(box)),
                 sy = static_cast<double>(height_of(area_)) / static_cast<double>(height_of(box));
    left_ = static_cast<std::int64_t>(std::floor(area_.left / sx + 0.5));
    top_ = static_cast<std::int64_t>(std::floor(area_.top / sy + 0.5));
    sampler_.emplace(held_.view(),
                     Affine{.t00 = static_cast<std::int64_t>(sx * 65536),
                            .t11 = static_cast<std::int64_t>(sy * 65536)},
                     static_cast<Filter>(command.scale_mode));
  }
  const std::byte* words(std::int32_t x, std::int32_t y, std::size_t count) {
    const PixelView& picture = held_.view();
    if (!sampler_)
      return picture.row(static_cast<std::uint32_t>(y - box_.top + area_.top)) +
             static_cast<std::size_t>(x - box_.left + area_.left) * word_bytes(picture.format);
    sampler_->row(x - box_.left + left_, y - box_.top + top_, std::span(colours_.data(), count));
    auto* const stored = reinterpret_cast<std::byte*>(words_.data());
    store_row(picture.format, stored, 0, colours_.data(), count);
    return stored;
  }

 private:
  OldContent held_;
  Rect box_, area_;
  std::int64_t left_ = 0, top_ = 0;
  std::optional<Sampler> sampler_;
  Piece colours_, words_;
};

template <class Word>
void draw_words(Surface& surface, const Region& region, const std::optional<PlacedMask>& mask,
                Source& source, const Paint& paint, std::uint8_t code) {
  const Ternary<Word> ternary(code);
  std::array<std::byte, piece_pixels * sizeof(Word)> pattern;
  if (const auto word = paint.plain())
    paint.words(pattern.data(), 0, 0, piece_pixels, sizeof(Word));
  for_each_run(region, mask, [&](std::int32_t y, std::int32_t from, std::int32_t to) {
    for_each_piece(from, to, [&](std::int32_t x, std::size_t count) {
      if (!paint.plain()) paint.words(pattern.data(), y, x, count, sizeof(Word));
      ternary.apply(pixels_at(surface, y, x, sizeof(Word)), source.words(x, y, count),
                    pattern.data(), count);
    });
  });
}

}  // namespace

Result<void> rop3(Surface& surface, const DrawRop3& command, const Resolved& images) {
  const Rect &box = command.base.box, &area = command.src_area;
  if (!images.source) return no_source();
  CHECKED(check_coordinates(box, "base.box"));
  CHECKED(check_coordinates(area, "src_area"));
  CHECKED(check_scale_mode(command.scale_mode));
  const bool wide = image::bits_per_pixel(surface.format()) == 32;
  if (!wide && image::bits_per_pixel(surface.format()) != 16)
    return no_effect("rop3", surface.format());
  CHECKED(check_raw_source(*images.source, surface.format()));
  const Paint paint = TRY(Paint::of(command.brush, images.pattern, surface, "brush"));
  const Region region = TRY(region_of(box, bounds_of(surface), command.base.clip));
  const auto mask = TRY(place(command.mask, box, images.mask, surface));
  if (is_empty(box) || is_empty(area)) return {};
  const bool scaled = width_of(box) != width_of(area) || height_of(box) != height_of(area);
  if (!scaled && intersection(area, bounds_of(*images.source)) != area)
    return fail(ErrorCode::out_of_range, "the area reaches beyond the image", 0, "src_area");
  Source source(*images.source, command, surface);
  if (wide)
    draw_words<std::uint32_t>(surface, region, mask, source, paint, command.rop3);
  else
    draw_words<std::uint16_t>(surface, region, mask, source, paint, command.rop3);
  return {};
}

}  // namespace spicebench::draw
