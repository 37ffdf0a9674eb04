// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstdint>
#include <optional>
#include <vector>

namespace spicebench::qxl {

// Command memory of the guest: blocks of powers of two, taken from the start on and kept in a list
// per size when they come back. Knows offsets only.
class MemoryPool {
 public:
  explicit MemoryPool(std::uint64_t bytes = 0) : bytes_(bytes) {}

  struct Block {
    std::uint64_t offset = 0;
    unsigned size_class = 0;
  };
  // A block holds 2^class bytes.
  static unsigned size_class(std::uint64_t bytes) {
    return static_cast<unsigned>(std::bit_width(std::max<std::uint64_t>(bytes, smallest) - 1));
  }
  std::optional<Block> allocate(std::uint64_t bytes) {
    const unsigned which = size_class(bytes);
    assert(which < free_.size());
    if (auto& list = free_[which]; !list.empty()) {
      const Block block{list.back(), which};
      list.pop_back();
      return block;
    }
    const std::uint64_t size = std::uint64_t{1} << which;
    if (size > bytes_ - used_) return std::nullopt;
    const Block block{used_, which};
    used_ += size;
    return block;
  }
  void release(const Block& block) { free_[block.size_class].push_back(block.offset); }

 private:
  static constexpr std::uint64_t smallest = 256;
  std::uint64_t bytes_;
  std::uint64_t used_ = 0;
  std::array<std::vector<std::uint64_t>, 40> free_;
};

}  // namespace spicebench::qxl
