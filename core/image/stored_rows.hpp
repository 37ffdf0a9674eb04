// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include "core/base/bytes.hpp"
#include "core/image/bitmap_view.hpp"

namespace spicebench::image {

// The rows of a picture as the codecs of the LZ family code them: in the order of memory, without
// padding. Only a picture with padding is copied. Valid as long as the picture.
struct StoredRows {
  const std::byte* data = nullptr;
  std::size_t size = 0;
  bool top_down = true;  // else the first row is the bottom one
  Bytes copy{};
};
StoredRows stored_rows(const BitmapView& picture);

}  // namespace spicebench::image
