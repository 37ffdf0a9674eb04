// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace spicebench::qxl {

// Which pages of a memory were written since they were looked at last. What lies beyond the memory
// is clean.
class DirtyPages {
 public:
  static constexpr std::size_t page = 4096;

  explicit DirtyPages(std::size_t bytes) : pages_((bytes + page - 1) / page, 0) {}

  void mark(std::size_t offset, std::size_t length) { set(offset, length, 1); }
  bool any(std::size_t offset, std::size_t length) const {
    const auto [first, last] = range(offset, length);
    return std::find(pages_.begin() + first, pages_.begin() + last, 1) != pages_.begin() + last;
  }
  void clear() { std::ranges::fill(pages_, std::uint8_t{0}); }

  template <class Archive>
  void transfer(Archive& archive) {
    for (std::uint8_t& is_dirty : pages_)
      archive.value("page", is_dirty, std::uint8_t{0}, std::uint8_t{1});
  }

 private:
  struct Range {
    std::ptrdiff_t first, last;
  };
  Range range(std::size_t offset, std::size_t length) const {
    const auto bounded = [this](std::size_t number) {
      return static_cast<std::ptrdiff_t>(std::min(number, pages_.size()));
    };
    return {bounded(offset / page), bounded((offset + length + page - 1) / page)};
  }
  void set(std::size_t offset, std::size_t length, std::uint8_t value) {
    const auto [first, last] = range(offset, length);
    std::fill(pages_.begin() + first, pages_.begin() + last, value);
  }

  std::vector<std::uint8_t> pages_;
};

}  // namespace spicebench::qxl
