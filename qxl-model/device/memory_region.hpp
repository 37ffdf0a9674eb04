// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdlib>
#include <memory>
#include <new>
#include <span>

#include "core/base/bytes.hpp"

namespace spicebench::qxl {

// A run of memory that starts as zeros and can be shared with who draws into it. From calloc, which
// takes untouched pages from the system as zeros: 128 MiB of video memory cost what is used of it.
class MemoryRegion {
 public:
  explicit MemoryRegion(std::size_t size) {
    auto* raw = static_cast<std::byte*>(std::calloc(size, 1));
    if (raw == nullptr) throw std::bad_alloc();
    owner_ = std::shared_ptr<std::byte>(raw, [](std::byte* memory) { std::free(memory); });
    bytes_ = {raw, size};
  }
  std::span<std::byte> bytes() { return bytes_; }
  BytesView bytes() const { return bytes_; }
  std::size_t size() const { return bytes_.size(); }
  std::shared_ptr<const void> owner() const { return owner_; }

 private:
  std::shared_ptr<std::byte> owner_;
  std::span<std::byte> bytes_;
};

}  // namespace spicebench::qxl
