// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/draw/sampler.hpp"

#include <algorithm>
#include <optional>
#include <type_traits>

#include "core/draw/command.hpp"

namespace spicebench::draw {
namespace {

using namespace wire::display;

// A pixel number as the repeat rule sees it; nothing: outside.
template <Repeat repeat>
std::optional<std::uint32_t> repeated(std::int64_t index, std::uint32_t size) {
  if (index >= 0 && index < size) return static_cast<std::uint32_t>(index);
  switch (repeat) {
    case Repeat::none:
      return std::nullopt;
    case Repeat::normal:
      return modulo(index, size);
    case Repeat::pad:
      return index < 0 ? 0 : size - 1;
    case Repeat::reflect: {
      const std::uint32_t rest = modulo(index, 2 * size);
      return rest < size ? rest : 2 * size - 1 - rest;
    }
  }
  return std::nullopt;
}

// A row of a picture, or nothing beyond its edges.
template <Format format, Repeat repeat>
class Row {
 public:
  Row(const PixelView& picture, std::int64_t y) : width_(picture.width) {
    if (const auto row = repeated<repeat>(y, picture.height)) row_ = picture.row(*row);
  }
  Argb at(std::int64_t x) const {
    if (!row_) return 0;
    const auto column = repeated<repeat>(x, width_);
    return column ? image::argb_of_word(format, image::word_at(format, row_, *column)) : 0;
  }

 private:
  const std::byte* row_ = nullptr;
  std::uint32_t width_;
};

template <class Colour>
Colour as(Argb colour) {
  if constexpr (std::is_same_v<Colour, Argb>)
    return colour;
  else
    return real_colour(colour);
}

// Two components of a colour, far enough apart for products with 14-bit weights.
std::uint64_t red_and_blue(Argb c) {
  return std::uint64_t{c & 0xff'0000u} << 16 | (c & 0xffu);
}
std::uint64_t alpha_and_green(Argb c) {
  return red_and_blue(c >> 8);
}
void mix(const Argb (&corners)[4], std::uint32_t fx, std::uint32_t fy, Argb& out) {
  const std::uint64_t wx = fx >> 9, wy = fy >> 9;
  const std::uint64_t weights[] = {(128 - wx) * (128 - wy), wx * (128 - wy), (128 - wx) * wy,
                                   wx * wy};
  std::uint64_t rb = 0, ag = 0;
  for (std::size_t k = 0; k < 4; ++k) {
    rb += red_and_blue(corners[k]) * weights[k];
    ag += alpha_and_green(corners[k]) * weights[k];
  }
  const auto byte = [](std::uint64_t sum, int shift) {
    return static_cast<Argb>(sum >> (shift + 14) & 255);
  };
  out = byte(ag, 32) << 24 | byte(rb, 32) << 16 | byte(ag, 0) << 8 | byte(rb, 0);
}
void mix(const Argb (&corners)[4], std::uint32_t fx, std::uint32_t fy, RealColour& out) {
  const double wx = fx / 65536.0, wy = fy / 65536.0;
  const double weights[] = {(1 - wx) * (1 - wy), wx * (1 - wy), (1 - wx) * wy, wx * wy};
  out = {};
  for (std::size_t k = 0; k < 4; ++k) {
    const RealColour c = real_colour(corners[k]);
    out.a += c.a * weights[k];
    out.r += c.r * weights[k];
    out.g += c.g * weights[k];
    out.b += c.b * weights[k];
  }
}

constexpr std::int64_t half = 0x8000;
struct Position {
  std::int64_t u, v;    // of the first sample
  std::int64_t du, dv;  // to the next one
};

template <class PictureRow, class Colour>
void sample_nearest(const PixelView& picture, Position p, std::span<Colour> out) {
  --p.u;  // a tie goes left and up
  --p.v;
  PictureRow row(picture, p.v >> 16);
  for (Colour& colour : out) {
    if (p.dv != 0) row = PictureRow(picture, p.v >> 16);
    colour = as<Colour>(row.at(p.u >> 16));
    p.u += p.du;
    p.v += p.dv;
  }
}

template <class PictureRow, class Colour>
void sample_bilinear(const PixelView& picture, Position p, std::span<Colour> out) {
  for (Colour& colour : out) {
    const PictureRow upper(picture, p.v >> 16), lower(picture, (p.v >> 16) + 1);
    const std::int64_t x = p.u >> 16;
    const Argb corners[] = {upper.at(x), upper.at(x + 1), lower.at(x), lower.at(x + 1)};
    mix(corners, static_cast<std::uint32_t>(p.u & 0xffff), static_cast<std::uint32_t>(p.v & 0xffff),
        colour);
    p.u += p.du;
    p.v += p.dv;
  }
}

// The same between two rows of the picture, which is all that stretching needs.
template <class PictureRow>
void sample_between_rows(const PixelView& picture, Position p, std::span<Argb> out) {
  const PictureRow upper(picture, p.v >> 16), lower(picture, (p.v >> 16) + 1);
  Corners corners;
  for (std::size_t done = 0; done < out.size();) {
    const std::size_t count = std::min(out.size() - done, piece_pixels);
    for (std::size_t i = 0; i < count; ++i, p.u += p.du) {
      const std::int64_t x = p.u >> 16;
      corners.upper_left[i] = upper.at(x);
      corners.upper_right[i] = upper.at(x + 1);
      corners.lower_left[i] = lower.at(x);
      corners.lower_right[i] = lower.at(x + 1);
      corners.x_weights[i] = in_every_byte(static_cast<std::uint32_t>(p.u >> 9 & 127));
    }
    interpolate_row(out.data() + done, corners, static_cast<std::uint32_t>(p.v >> 9 & 127), count);
    done += count;
  }
}

template <Format format, Repeat repeat, class Colour>
void sample(const PixelView& picture, Filter filter, Position p, std::span<Colour> out) {
  using PictureRow = Row<format, repeat>;
  if (filter == Filter::nearest) return sample_nearest<PictureRow>(picture, p, out);
  p.u -= half;
  p.v -= half;
  if constexpr (std::is_same_v<Colour, Argb>)
    if (p.dv == 0) return sample_between_rows<PictureRow>(picture, p, out);
  sample_bilinear<PictureRow>(picture, p, out);
}

template <Format format, class Colour>
void sample(const PixelView& picture, Filter filter, Repeat repeat, const Position& p,
            std::span<Colour> out) {
  switch (repeat) {
    case Repeat::none:
      return sample<format, Repeat::none>(picture, filter, p, out);
    case Repeat::normal:
      return sample<format, Repeat::normal>(picture, filter, p, out);
    case Repeat::pad:
      return sample<format, Repeat::pad>(picture, filter, p, out);
    case Repeat::reflect:
      return sample<format, Repeat::reflect>(picture, filter, p, out);
  }
}

template <class Colour>
void sample(const PixelView& picture, const Affine& t, Filter filter, Repeat repeat, std::int64_t i,
            std::int64_t j, std::span<Colour> out) {
  // canvas.md §6.1 for pixel centres: the parts below a pixel are the same for all of them.
  const auto at = [i, j](std::int64_t a, std::int64_t b, std::int64_t c) {
    return a * i + b * j + c + ((a * half + b * half + half) >> 16);
  };
  const Position p{at(t.t00, t.t01, t.t02), at(t.t10, t.t11, t.t12), t.t00, t.t10};
  switch (picture.format) {
    case surface_32_argb:
      return sample<surface_32_argb>(picture, filter, repeat, p, out);
    case surface_32_xrgb:
      return sample<surface_32_xrgb>(picture, filter, repeat, p, out);
    case surface_16_555:
      return sample<surface_16_555>(picture, filter, repeat, p, out);
    case surface_16_565:
      return sample<surface_16_565>(picture, filter, repeat, p, out);
    case surface_8_a:
      return sample<surface_8_a>(picture, filter, repeat, p, out);
    case surface_1_a:
      return sample<surface_1_a>(picture, filter, repeat, p, out);
  }
}

}  // namespace

Affine stretched(const Rect& area, const Rect& box) {
  return {.t00 = width_of(area) * 65536 / width_of(box),
          .t02 = std::int64_t{area.left} * 65536,
          .t11 = height_of(area) * 65536 / height_of(box),
          .t12 = std::int64_t{area.top} * 65536};
}

RealColour real_colour(Argb colour) {
  return {(colour >> 24) / 255.0, (colour >> 16 & 255) / 255.0, (colour >> 8 & 255) / 255.0,
          (colour & 255) / 255.0};
}

Sampler::Sampler(const PixelView& picture, const Affine& transform, Filter filter, Repeat repeat)
    : picture_(picture), transform_(transform), filter_(filter), repeat_(repeat) {}

void Sampler::row(std::int64_t i, std::int64_t j, std::span<Argb> out) const {
  const bool in_place = transform_ == Affine{} && repeat_ == Repeat::none;
  if (in_place && i >= 0 && j >= 0 && j < picture_.height &&
      i + static_cast<std::int64_t>(out.size()) <= picture_.width)
    return load_row(out.data(), picture_.format, picture_.row(static_cast<std::uint32_t>(j)),
                    static_cast<std::size_t>(i), out.size());
  sample(picture_, transform_, filter_, repeat_, i, j, out);
}

void Sampler::row(std::int64_t i, std::int64_t j, std::span<RealColour> out) const {
  sample(picture_, transform_, filter_, repeat_, i, j, out);
}

}  // namespace spicebench::draw
