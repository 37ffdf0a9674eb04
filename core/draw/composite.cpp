// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fmt/format.h>

#include "core/draw/command.hpp"
#include "core/draw/draw.hpp"
#include "core/draw/operators.hpp"
#include "core/draw/sampler.hpp"

// A picture, through a mask, onto the surface with any operator (canvas.md §10).
namespace spicebench::draw {
namespace {

using namespace wire::display;

Result<Filter> filter_of(std::uint8_t number, std::string_view picture) {
  switch (number) {
    case 0:  // fast
    case 3:  // nearest
      return Filter::nearest;
    case 1:  // good
    case 2:  // best
    case 4:  // bilinear
      return Filter::bilinear;
    default:
      return fail(ErrorCode::malformed, fmt::format("{} filter {}, known: 0 to 4", picture, number),
                  0, "flags");
  }
}

Affine affine_of(const std::optional<Transform>& transform) {
  if (!transform) return {};
  return {transform->t00, transform->t01, transform->t02,
          transform->t10, transform->t11, transform->t12};
}

// A source or a mask at its place.
class Picture {
 public:
  Picture(const PixelView& view, const Surface& surface, const Affine& transform, Filter filter,
          std::uint8_t repeat, const Rect& box, const Point16& origin)
      : held_(view, surface),
        sampler_(held_.view(), transform, filter, static_cast<Repeat>(repeat)),
        dx_(std::int64_t{origin.x} - box.left),
        dy_(std::int64_t{origin.y} - box.top) {}
  template <class Colour>
  void row(std::int32_t x, std::int32_t y, std::span<Colour> out) const {
    sampler_.row(x + dx_, y + dy_, out);
  }

 private:
  OldContent held_;
  Sampler sampler_;
  std::int64_t dx_, dy_;
};

struct Pictures {
  Picture source;
  std::optional<Picture> mask;
  bool component_alpha;
};

constexpr std::uint8_t composite_over = 0x03;  // the most used, and quicker than as one of many

// The rows of a piece, for operators on bytes.
struct ByteRows {
  Piece source, mask, alphas;
  void combine(std::uint8_t number, const Pictures& pictures, std::int32_t x, std::int32_t y,
               std::span<Argb> dest) {
    const std::size_t count = dest.size();
    pictures.source.row(x, y, std::span(source.data(), count));
    if (pictures.mask) {
      pictures.mask->row(x, y, std::span(mask.data(), count));
      if (!pictures.component_alpha)
        for (std::size_t i = 0; i < count; ++i) mask[i] = in_every_byte(mask[i] >> 24);
    }
    if (number == composite_over && !(pictures.mask && pictures.component_alpha)) {
      if (pictures.mask) multiply_row(source.data(), mask.data(), count);
      return over_row(dest.data(), source.data(), count);
    }
    for (std::size_t i = 0; i < count; ++i) alphas[i] = in_every_byte(source[i] >> 24);
    if (pictures.mask) {  // both ways, the product of the source's alpha covers
      multiply_row(alphas.data(), mask.data(), count);
      multiply_row(source.data(), mask.data(), count);
    }
    combine_row(number, dest.data(), source.data(), alphas.data(), count);
  }
};

Argb bytes_of(const RealColour& colour) {
  const auto byte = [](double value) -> Argb {
    if (!(value > 0)) return 0;
    const auto u = static_cast<Argb>(std::min(value, 1.0) * 256);
    return u - (u >> 8);
  };
  return byte(colour.a) << 24 | byte(colour.r) << 16 | byte(colour.g) << 8 | byte(colour.b);
}

// The same for operators on real numbers.
struct RealRows {
  std::array<RealColour, piece_pixels> source, mask;
  void combine(std::uint8_t number, const Pictures& pictures, std::int32_t x, std::int32_t y,
               std::span<Argb> dest) {
    const std::size_t count = dest.size();
    pictures.source.row(x, y, std::span(source.data(), count));
    if (pictures.mask) pictures.mask->row(x, y, std::span(mask.data(), count));
    for (std::size_t i = 0; i < count; ++i) {
      RealColour s = source[i], m{1, 1, 1, 1};
      if (pictures.mask)
        m = pictures.component_alpha ? mask[i]
                                     : RealColour{mask[i].a, mask[i].a, mask[i].a, mask[i].a};
      const RealColour alphas{s.a * m.a, s.a * m.r, s.a * m.g, s.a * m.b};
      s = {s.a * m.a, s.r * m.r, s.g * m.g, s.b * m.b};
      dest[i] = bytes_of(combine_real(number, s, alphas, real_colour(dest[i])));
    }
  }
};

template <class Rows>
void draw(Surface& surface, const Region& region, std::uint8_t number, const Pictures& pictures) {
  Rows rows;
  Piece dest;
  for_each_run(region, std::nullopt, [&](std::int32_t y, std::int32_t from, std::int32_t to) {
    std::byte* row = surface.row(static_cast<std::uint32_t>(y));
    for_each_piece(from, to, [&](std::int32_t x, std::size_t count) {
      load_row(dest.data(), surface.format(), row, static_cast<std::size_t>(x), count);
      rows.combine(number, pictures, x, y, std::span(dest.data(), count));
      store_row(surface.format(), row, static_cast<std::size_t>(x), dest.data(), count);
    });
  });
}

}  // namespace

Result<void> composite(Surface& surface, const DrawComposite& command, const Resolved& images) {
  const DisplayBase& base = command.base;
  const std::uint32_t flags = command.flags;
  const std::uint8_t number = composite_operator(flags);
  if (!images.source) return no_source();
  if ((flags & composite_has_mask) != 0 && !images.mask)
    return fail(ErrorCode::malformed, "a mask is announced, and there is none", 0, "mask_bitmap");
  if (!is_byte_operator(number) && !is_real_operator(number))
    return fail(ErrorCode::unsupported, fmt::format("operator {:#04x}", number), 0, "flags");
  const Filter source_filter = TRY(filter_of(composite_source_filter(flags), "source")),
               mask_filter = TRY(filter_of(composite_mask_filter(flags), "mask"));
  CHECKED(check_coordinates(base.box, "base.box"));
  const Region region = TRY(region_of(base.box, bounds_of(surface), base.clip));
  if (region.empty()) return {};
  PixelView source = *images.source;
  if (images.source_is_surface && source.format == surface_32_argb &&
      (flags & composite_source_opaque) != 0)
    source.format = surface_32_xrgb;

  Pictures pictures{
      Picture(source, surface,
              affine_of(command.src_transform ? command.src_transform : images.source_transform),
              source_filter, composite_source_repeat(flags), base.box, command.src_origin),
      std::nullopt, (flags & composite_component_alpha) != 0};
  if (images.mask && (flags & composite_has_mask) != 0)
    pictures.mask.emplace(
        *images.mask, surface,
        affine_of(command.mask_transform ? command.mask_transform : images.mask_transform),
        mask_filter, composite_mask_repeat(flags), base.box, command.mask_origin);
  if (is_real_operator(number))
    draw<RealRows>(surface, region, number, pictures);
  else
    draw<ByteRows>(surface, region, number, pictures);
  return {};
}

}  // namespace spicebench::draw
