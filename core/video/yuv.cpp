// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/video/yuv.hpp"

#include <algorithm>
#include <array>

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

// `count` pixels of a row. A count that is known when compiling lets the loop be vectorised.
template <unsigned ShiftX, class Count>
void convert_pixels(const Matrix& m, int black, const std::uint8_t* y, const std::uint8_t* u,
                    const std::uint8_t* v, std::byte* out, Count count) {
  for (std::uint32_t x = 0; x < count; ++x) {
    const int luma = m.y_to_rgb * (y[x] - black);
    const int cb = u[x >> ShiftX] - 128, cr = v[x >> ShiftX] - 128;
    const int r = byte_of(luma + m.cr_to_r * cr);
    const int g = byte_of(luma + m.cb_to_g * cb + m.cr_to_g * cr);
    const int b = byte_of(luma + m.cb_to_b * cb);
    image::store_word(out + 4 * x, static_cast<std::uint32_t>(r << 16 | g << 8 | b));
  }
}
template <unsigned ShiftX>
void convert_row(const Matrix& m, int black, const std::uint8_t* y, const std::uint8_t* u,
                 const std::uint8_t* v, std::byte* out, std::uint32_t width) {
  constexpr std::integral_constant<std::uint32_t, 16> block;
  std::uint32_t x = 0;
  for (; x + block <= width; x += block)
    convert_pixels<ShiftX>(m, black, y + x, u + (x >> ShiftX), v + (x >> ShiftX), out + 4 * x,
                           block);
  convert_pixels<ShiftX>(m, black, y + x, u + (x >> ShiftX), v + (x >> ShiftX), out + 4 * x,
                         width - x);
}

// One row as R, G, B triples, repeated up to the even width `wide`.
void load_row(const image::BitmapView& picture, std::uint32_t row_number, std::uint32_t wide,
              std::uint8_t* rgb) {
  const std::byte* row = picture.row(std::min(row_number, picture.height - 1));
  const std::size_t step = wire::display::bitmap_bits(picture.format) / 8;
  for (std::uint32_t x = 0; x < wide; ++x) {
    const std::byte* from = row + step * std::min(x, picture.width - 1);
    if (step == 2) {
      const auto word =
          image::argb_of_word(wire::display::surface_16_555, image::load_word<std::uint16_t>(from));
      for (int c = 0; c < 3; ++c) rgb[3 * x + c] = static_cast<std::uint8_t>(word >> (16 - 8 * c));
    } else {
      for (int c = 0; c < 3; ++c) rgb[3 * x + c] = std::to_integer<std::uint8_t>(from[2 - c]);
    }
  }
}

}  // namespace

void yuv_to_bgrx(const YuvView& picture, std::uint32_t width, std::uint32_t height,
                 image::RowOrder order, std::byte* out) {
  const Matrix& matrix = matrix_of(picture.matrix, picture.full_range, height);
  const int black = picture.full_range ? 0 : 16;
  const auto convert = picture.chroma_shift_x == 0 ? convert_row<0> : convert_row<1>;
  for (std::uint32_t row = 0; row < height; ++row) {
    const auto chroma_row = static_cast<std::ptrdiff_t>(row >> picture.chroma_shift_y);
    const std::uint32_t place = order == image::RowOrder::top_down ? row : height - 1 - row;
    convert(matrix, black, picture.y + static_cast<std::ptrdiff_t>(row) * picture.y_stride,
            picture.u + chroma_row * picture.u_stride, picture.v + chroma_row * picture.v_stride,
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
  std::array<std::vector<std::uint8_t>, 2> rows;
  for (auto& row : rows) row.resize(std::size_t{3} * out.width);
  for (std::uint32_t row = 0; row < out.height; row += 2) {
    for (std::uint32_t i = 0; i < 2; ++i) {
      load_row(picture, row + i, out.width, rows[i].data());
      std::uint8_t* y = out.y.data() + std::size_t{row + i} * out.width;
      for (std::uint32_t x = 0; x < out.width; ++x) {
        const std::uint8_t* rgb = rows[i].data() + 3 * x;
        y[x] = static_cast<std::uint8_t>(
            byte_of(16 * one + m.r_to_y * rgb[0] + m.g_to_y * rgb[1] + m.b_to_y * rgb[2]));
      }
    }
    const std::size_t chroma = std::size_t{row / 2} * (out.width / 2);
    for (std::uint32_t x = 0; x < out.width; x += 2) {
      std::array<int, 3> mean{};
      for (std::size_t c = 0; c < 3; ++c)
        mean[c] = (rows[0][3 * x + c] + rows[0][3 * x + 3 + c] + rows[1][3 * x + c] +
                   rows[1][3 * x + 3 + c] + 2) >>
                  2;
      const auto [r, g, b] = mean;
      out.u[chroma + x / 2] = static_cast<std::uint8_t>(
          byte_of(128 * one + m.r_to_cb * r + m.g_to_cb * g + m.b_to_cb * b));
      out.v[chroma + x / 2] = static_cast<std::uint8_t>(
          byte_of(128 * one + m.r_to_cr * r + m.g_to_cr * g + m.b_to_cr * b));
    }
  }
}

}  // namespace spicebench::video
