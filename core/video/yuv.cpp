// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/video/yuv.hpp"

#include <algorithm>

#include "core/image/pixel.hpp"

namespace spicebench::video {
namespace {

constexpr int one = 1 << 16;
constexpr int rounded(double value) {
  return static_cast<int>(value * one + (value < 0 ? -0.5 : 0.5));
}

// Both directions of a matrix by its weights of red and blue in luma.
struct Matrix {
  int y_to_rgb, cr_to_r, cb_to_g, cr_to_g, cb_to_b;
  int r_to_y, g_to_y, b_to_y, r_to_cb, g_to_cb, b_to_cb, r_to_cr, g_to_cr, b_to_cr;

  // luma_span, chroma_span: of limited or full range
  constexpr Matrix(double kr, double kb, double luma_span = 219, double chroma_span = 224)
      : y_to_rgb(rounded(255 / luma_span)),
        cr_to_r(rounded(510 / chroma_span * (1 - kr))),
        cb_to_g(rounded(-510 / chroma_span * (1 - kb) * kb / (1 - kr - kb))),
        cr_to_g(rounded(-510 / chroma_span * (1 - kr) * kr / (1 - kr - kb))),
        cb_to_b(rounded(510 / chroma_span * (1 - kb))),
        r_to_y(rounded(219.0 / 255 * kr)),
        g_to_y(rounded(219.0 / 255 * (1 - kr - kb))),
        b_to_y(rounded(219.0 / 255 * kb)),
        r_to_cb(rounded(-112.0 / 255 * kr / (1 - kb))),
        g_to_cb(rounded(-112.0 / 255 * (1 - kr - kb) / (1 - kb))),
        b_to_cb(rounded(112.0 / 255)),
        r_to_cr(rounded(112.0 / 255)),
        g_to_cr(rounded(-112.0 / 255 * (1 - kr - kb) / (1 - kr))),
        b_to_cr(rounded(-112.0 / 255 * kb / (1 - kr))) {}
};
// In the order of YuvMatrix; limited, then full range.
constexpr Matrix matrices[][2] = {
    {{0.299, 0.114}, {0.299, 0.114, 255, 255}},
    {{0.2126, 0.0722}, {0.2126, 0.0722, 255, 255}},
    {{0.2627, 0.0593}, {0.2627, 0.0593, 255, 255}},
};

const Matrix& matrix_of(YuvMatrix named, bool full_range, std::uint32_t height) {
  if (named == YuvMatrix::by_height)
    named = height <= 576 ? YuvMatrix::bt601 : height < 2160 ? YuvMatrix::bt709 : YuvMatrix::bt2020;
  return matrices[static_cast<std::size_t>(named) - 1][full_range ? 1 : 0];
}

constexpr int byte_of(int fixed) {
  return std::clamp((fixed + one / 2) >> 16, 0, 255);
}

void convert_row(const Matrix& m, int black, const std::uint8_t* y, const std::uint8_t* u,
                 const std::uint8_t* v, std::byte* out, std::size_t width) {
  for (std::size_t x = 0; x < width; ++x) {
    const int luma = m.y_to_rgb * (y[x] - black), cb = u[x] - 128, cr = v[x] - 128;
    const int r = byte_of(luma + m.cr_to_r * cr);
    const int g = byte_of(luma + m.cb_to_g * cb + m.cr_to_g * cr);
    const int b = byte_of(luma + m.cb_to_b * cb);
    image::store_word(out + 4 * x, static_cast<std::uint32_t>(r << 16 | g << 8 | b));
  }
}

// A row of chroma, one sample for each pixel: `samples` itself, or a copy in `wide` where a sample
// covers two pixels.
const std::uint8_t* spread(const std::uint8_t* samples, unsigned shift,
                           std::vector<std::uint8_t>& wide) {
  if (shift == 0) return samples;
  std::uint8_t* to = wide.data();
  for (std::size_t x = 0; x < wide.size() / 2; ++x) to[2 * x] = to[2 * x + 1] = samples[x];
  return to;
}

// A row of colours, each in a plane of its own.
struct RgbRow {
  std::vector<std::uint8_t> r, g, b;
  explicit RgbRow(std::size_t width) : r(width), g(width), b(width) {}
  void set(std::size_t x, std::uint32_t word) {
    r[x] = static_cast<std::uint8_t>(word >> 16);
    g[x] = static_cast<std::uint8_t>(word >> 8);
    b[x] = static_cast<std::uint8_t>(word);
  }
};

// The last pixel of the source is repeated up to the even width of `row`.
void load_row(const image::BitmapView& picture, std::uint32_t y, RgbRow& row) {
  const std::byte* from = picture.row(std::min(y, picture.height - 1));
  switch (wire::display::bitmap_bits(picture.format)) {
    case 16:
      for (std::size_t x = 0; x < picture.width; ++x)
        row.set(x, image::argb_of_word(wire::display::surface_16_555,
                                       image::load_word<std::uint16_t>(from + 2 * x)));
      break;
    case 24:
      for (std::size_t x = 0; x < picture.width; ++x)
        row.set(x, static_cast<std::uint32_t>(load_little_endian(from + 3 * x, 3)));
      break;
    default:
      for (std::size_t x = 0; x < picture.width; ++x)
        row.set(x, image::load_word<std::uint32_t>(from + 4 * x));
  }
  for (auto* plane : {&row.r, &row.g, &row.b})
    if (plane->size() > picture.width) plane->back() = (*plane)[picture.width - 1];
}

void luma_row(const Matrix& m, const RgbRow& row, std::uint8_t* y) {
  const std::uint8_t *r = row.r.data(), *g = row.g.data(), *b = row.b.data();
  const std::size_t width = row.r.size();
  for (std::size_t x = 0; x < width; ++x)
    y[x] = static_cast<std::uint8_t>(
        byte_of(16 * one + m.r_to_y * r[x] + m.g_to_y * g[x] + m.b_to_y * b[x]));
}

void chroma_row(const Matrix& m, const RgbRow& upper, const RgbRow& lower, std::uint8_t* u,
                std::uint8_t* v) {
  const auto mean = [](const std::vector<std::uint8_t>& above,
                       const std::vector<std::uint8_t>& below, std::size_t x) {
    return (above[2 * x] + above[2 * x + 1] + below[2 * x] + below[2 * x + 1] + 2) >> 2;
  };
  for (std::size_t x = 0; x < upper.r.size() / 2; ++x) {
    const int r = mean(upper.r, lower.r, x), g = mean(upper.g, lower.g, x),
              b = mean(upper.b, lower.b, x);
    u[x] = static_cast<std::uint8_t>(
        byte_of(128 * one + m.r_to_cb * r + m.g_to_cb * g + m.b_to_cb * b));
    v[x] = static_cast<std::uint8_t>(
        byte_of(128 * one + m.r_to_cr * r + m.g_to_cr * g + m.b_to_cr * b));
  }
}

}  // namespace

void yuv_to_bgrx(const YuvView& picture, std::uint32_t width, std::uint32_t height,
                 image::RowOrder order, std::byte* out) {
  const Matrix& matrix = matrix_of(picture.matrix, picture.full_range, height);
  const int black = picture.full_range ? 0 : 16;
  std::vector<std::uint8_t> wide_u((width + 1) & ~1u), wide_v(wide_u.size());
  for (std::uint32_t row = 0; row < height; ++row) {
    const auto chroma = static_cast<std::ptrdiff_t>(row >> picture.chroma_shift_y);
    const std::uint32_t place = order == image::RowOrder::top_down ? row : height - 1 - row;
    convert_row(matrix, black, picture.y + static_cast<std::ptrdiff_t>(row) * picture.y_stride,
                spread(picture.u + chroma * picture.u_stride, picture.chroma_shift_x, wide_u),
                spread(picture.v + chroma * picture.v_stride, picture.chroma_shift_x, wide_v),
                out + std::size_t{place} * width * 4, width);
  }
}

void bitmap_to_yuv(const image::BitmapView& picture, YuvPicture& out) {
  const Matrix& m = matrix_of(YuvMatrix::by_height, false, picture.height);
  out.width = (picture.width + 1) & ~1u;
  out.height = (picture.height + 1) & ~1u;
  out.y.resize(std::size_t{out.width} * out.height);
  out.u.resize(out.y.size() / 4);
  out.v.resize(out.y.size() / 4);
  RgbRow upper(out.width), lower(out.width);
  for (std::uint32_t row = 0; row < out.height; row += 2) {
    load_row(picture, row, upper);
    load_row(picture, row + 1, lower);
    luma_row(m, upper, out.y.data() + std::size_t{row} * out.width);
    luma_row(m, lower, out.y.data() + std::size_t{row + 1} * out.width);
    const std::size_t chroma = std::size_t{row / 2} * (out.width / 2);
    chroma_row(m, upper, lower, out.u.data() + chroma, out.v.data() + chroma);
  }
}

}  // namespace spicebench::video
