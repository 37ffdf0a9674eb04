// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <algorithm>
#include <memory>
#include <utility>

#include "core/base/bytes.hpp"

namespace spicebench {

// An immutable run of bytes that may be a part of a larger buffer, which it keeps alive. Copies and
// slices are cheap: pixels travel from guest memory to the wire without being copied at every step.
// Equality is equality of content.
class SharedBytes {
 public:
  SharedBytes() = default;
  SharedBytes(Bytes bytes)  // NOLINT: a buffer given away is shared from now on
      : owner_(std::make_shared<const Bytes>(std::move(bytes))),
        view_(*static_cast<const Bytes*>(owner_.get())) {}
  // A view of memory that `owner` keeps alive and nobody changes.
  SharedBytes(std::shared_ptr<const void> owner, BytesView view)
      : owner_(std::move(owner)), view_(view) {}
  static SharedBytes copy_of(BytesView bytes) {
    return SharedBytes(Bytes(bytes.begin(), bytes.end()));
  }
  static SharedBytes copy_of(std::string_view text) { return copy_of(as_bytes(text)); }

  BytesView view() const { return view_; }
  operator BytesView() const { return view_; }
  std::size_t size() const { return view_.size(); }
  bool empty() const { return view_.empty(); }
  const std::byte* data() const { return view_.data(); }
  std::byte operator[](std::size_t index) const { return view_[index]; }
  // Precondition: offset + count <= size().
  SharedBytes slice(std::size_t offset, std::size_t count) const {
    return {owner_, view_.subspan(offset, count)};
  }
  bool operator==(const SharedBytes& other) const { return std::ranges::equal(view_, other.view_); }

 private:
  std::shared_ptr<const void> owner_;
  BytesView view_;
};

}  // namespace spicebench
