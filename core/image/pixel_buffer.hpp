// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "core/base/result.hpp"
#include "core/base/shared_bytes.hpp"
#include "core/image/pixmap.hpp"

namespace spicebench::image {

inline constexpr std::uint32_t longest_image_side = 32768;  // protocol.md §10.5

// Bytes that a codec is about to fill, not cleared before: a frame that is written once should be
// touched once. `slack` bytes behind the asked-for size may be overwritten freely.
class PixelBuffer {
 public:
  static constexpr std::size_t slack = 64;

  explicit PixelBuffer(std::size_t size)
      : bytes_(std::make_shared_for_overwrite<std::byte[]>(size + slack)), size_(size) {}

  std::byte* data() { return bytes_.get(); }
  std::size_t size() const { return size_; }
  // The first `used` bytes, shared from now on. Copied when they are less than half, so that a
  // small result does not hold a large buffer. Precondition: used <= size().
  SharedBytes take(std::size_t used) && {
    assert(used <= size_);
    const BytesView view(bytes_.get(), used);
    if (used < size_ / 2) return SharedBytes::copy_of(view);
    return {std::move(bytes_), view};
  }
  SharedBytes take() && { return std::move(*this).take(size_); }

 private:
  std::shared_ptr<std::byte[]> bytes_;
  std::size_t size_;
};

// What every decoder of a compressed image asks before it allocates: sides of 1 to
// longest_image_side, four bytes a pixel at most 2^31 - 1 (protocol.md §10.5).
//   errors  out_of_range
Result<void> check_image_size(std::uint32_t width, std::uint32_t height);

// A picture whose rows lie tight in `stored`, the bottom one first unless top_down: shared when
// they are in order already. Precondition: stored holds row_bytes(format, width) * height bytes.
Pixmap pixmap_of_rows(std::uint32_t width, std::uint32_t height, Format format, SharedBytes stored,
                      bool top_down);

}  // namespace spicebench::image
