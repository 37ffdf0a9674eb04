// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <memory>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"
#include "core/image/bitmap_view.hpp"
#include "core/image/pixel_buffer.hpp"
#include "core/image/row_order.hpp"

// libjpeg-turbo with errors as values. Images use it through jpeg.hpp, streams through core/video.
namespace spicebench::image {

enum class JpegStyle : std::uint8_t {
  image,   // accurate integer transform, smooth chroma; every file carries all its tables
  stream,  // fast integer transform, replicated chroma; tables are kept from file to file
};

// Reads files one after the other. Tables that a file leaves out are those of the files before it,
// and before the first the standard ones (image-codecs.md §13.2).
class JpegReader {
 public:
  explicit JpegReader(JpegStyle style);
  ~JpegReader();
  // The picture as B, G, R, 0, rows tight, top row first; order: of the file's rows. Otherwise as
  // decode_jpeg().
  Result<PixelBuffer> read(BytesView file, std::uint32_t width, std::uint32_t height,
                           RowOrder order = RowOrder::top_down);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Writes files one after the other; in the style of streams only the first carries Huffman tables.
class JpegWriter {
 public:
  explicit JpegWriter(JpegStyle style);
  ~JpegWriter();
  // As encode_jpeg().
  Result<Bytes> write(const BitmapView& picture, int quality);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace spicebench::image
