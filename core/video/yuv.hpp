// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/image/bitmap_view.hpp"
#include "core/image/row_order.hpp"

// Colour of the codecs other than MJPEG: planar YCbCr, 8 bits. SPICE itself does not say which
// matrix; where the codec does not either, both ends of the reference leave it to GStreamer, which
// goes by the height (BT.601 up to 576 rows, BT.709 below 2160, then BT.2020).
namespace spicebench::video {

enum class YuvMatrix : std::uint8_t { by_height, bt601, bt709, bt2020 };

struct YuvView {
  const std::uint8_t *y = nullptr, *u = nullptr, *v = nullptr;
  std::ptrdiff_t y_stride = 0, u_stride = 0, v_stride = 0;
  unsigned chroma_shift_x = 1, chroma_shift_y = 1;  // 1: u and v have half the size, rounded up
  YuvMatrix matrix = YuvMatrix::by_height;
  bool full_range = false;  // Y 0..255 instead of 16..235
};

// Writes width * height words of B, G, R, 0 without row padding, top row first. A chroma sample
// goes to all the pixels it covers. 16.16 fixed point, rounded to nearest:
// e.g. BT.601: R = clamp((76309 (Y-16) + 104597 (Cr-128) + 32768) >> 16).
void yuv_to_bgrx(const YuvView& picture, std::uint32_t width, std::uint32_t height,
                 image::RowOrder order, std::byte* out);

// A 4:2:0 picture of even sides; the last column and row are repeated where the source's are odd.
struct YuvPicture {
  std::uint32_t width = 0, height = 0;
  std::vector<std::uint8_t> y, u, v;
};
// The picture as YCbCr of limited range, matrix by height, chroma from the mean of four pixels. The
// buffers of `out` are reused. Precondition: format 16BIT, 24BIT, 32BIT or RGBA.
void bitmap_to_yuv(const image::BitmapView& picture, YuvPicture& out);

}  // namespace spicebench::video
