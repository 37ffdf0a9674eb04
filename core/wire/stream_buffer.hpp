// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <algorithm>
#include <memory>

#include "core/base/shared_bytes.hpp"

namespace spicebench::wire {

// The bytes of one direction that were fed and not yet taken. What is taken is a slice of a block
// that is only ever appended to. A block grows by doubling, so that feeding is linear in pieces of
// any size, and holds no more than twice of what was fed.
class StreamBuffer {
 public:
  void feed(BytesView bytes) {
    if (!block_ || block_->capacity() - block_->size() < bytes.size()) {
      const BytesView rest = view();
      const std::size_t needed = rest.size() + bytes.size();
      auto block = std::make_shared<Bytes>();
      block->reserve(rest.empty() ? std::max(needed, least_block)
                                  : std::max(2 * needed, least_block));
      append(*block, rest);
      block_ = std::move(block);
      begin_ = 0;
    }
    append(*block_, bytes);
  }
  BytesView view() const { return block_ ? BytesView(*block_).subspan(begin_) : BytesView(); }
  // Precondition: size <= view().size().
  SharedBytes take(std::size_t size) {
    SharedBytes taken(block_, view().first(size));
    begin_ += size, taken_ += size;
    return taken;
  }
  std::uint64_t taken() const { return taken_; }  // bytes: the stream offset of view()

 private:
  static constexpr std::size_t least_block = 4096;
  std::shared_ptr<Bytes> block_;
  std::size_t begin_ = 0;
  std::uint64_t taken_ = 0;
};

}  // namespace spicebench::wire
