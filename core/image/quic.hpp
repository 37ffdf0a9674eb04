// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"
#include "core/image/bitmap_view.hpp"
#include "core/image/pixmap.hpp"

// QUIC, the lossless predictive coder for photographs (image-codecs.md §4). Rows are coded from the
// top of the picture to its bottom; stride and direction of the source never show in a stream.
namespace spicebench::image {

enum class QuicType : std::uint32_t { gray = 1, rgb16 = 2, rgb24 = 3, rgb32 = 4, rgba = 5 };

struct QuicHeader {
  QuicType type = QuicType::rgb32;
  std::uint32_t width = 0, height = 0;  // within the limits of check_image_size
};

// The five words before the codes. Errors: truncated (less than 24 bytes), malformed (magic,
// version, type), out_of_range (size); the offset is from the start of the stream.
Result<QuicHeader> read_quic_header(BytesView stream);

// Gray travels in no message, and clients refuse it; the coder itself knows it.
enum class QuicGray : std::uint8_t { refused, accepted };

// The picture of a stream whose image descriptor says width x height: surface_16_555 (bit 15 clear)
// of rgb16, surface_32_xrgb (pad 0) of rgb24 and rgb32, surface_32_argb of rgba, surface_8_a of
// gray.
//   errors  those of the header; out_of_range (not the descriptor's size, a run that leaves its
//           segment); malformed (gray where refused, a symbol that no encoder writes); truncated
//           (codes missing, or the zero word behind them, without which clients drop the image).
//           The offset is where in the stream the decoder stood.
//   memory  the picture, if the stream has as many bits as its pixels need at least; 12 bytes a
//           column for each plane; the stream once more
Result<Pixmap> decode_quic(BytesView stream, std::uint32_t width, std::uint32_t height,
                           QuicGray gray = QuicGray::refused);

// The stream of a picture: 16BIT as rgb16, 24BIT as rgb24, 32BIT as rgb32 (pad not coded), RGBA as
// rgba, 8BIT_A as gray; byte for byte what the reference encoder writes.
// Errors: unsupported (indexed pixels), out_of_range (no size that an image may have).
Result<Bytes> encode_quic(const BitmapView& picture);

}  // namespace spicebench::image
