// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/image/stored_rows.hpp"

#include <cstring>

namespace spicebench::image {

StoredRows stored_rows(const BitmapView& picture) {
  const std::size_t bytes = picture.row_bytes();
  const auto tight = static_cast<std::ptrdiff_t>(bytes);
  StoredRows rows{.size = bytes * picture.height};
  if (picture.stride == tight) {
    rows.data = picture.top;
  } else if (picture.stride == -tight) {
    rows.data = picture.row(picture.height - 1);
    rows.top_down = false;
  } else {
    rows.copy.resize(rows.size);
    for (std::uint32_t y = 0; y < picture.height; ++y)
      std::memcpy(rows.copy.data() + bytes * y, picture.row(y), bytes);
    rows.data = rows.copy.data();
  }
  return rows;
}

}  // namespace spicebench::image
