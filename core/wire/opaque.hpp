// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/wire/layout.hpp"

namespace spicebench::wire {

// Bytes that a description reaches but does not explain: the runs of bytes that are not text. Built
// once for a layout; adding an object walks only through fields that can hold some.
class OpaqueCount {
 public:
  explicit OpaqueCount(const Layout& layout);
  void add(const void* object, const Context& context);
  // One entry for each opaque field, in the order of the description, with what was added so far.
  struct Entry {
    std::string path;  // without indices: "src_bitmap.payload.data", a list's items "glyphs.data"
    std::uint64_t bytes = 0;
  };
  std::span<const Entry> entries() const { return entries_; }

 private:
  struct Node {  // a field that is opaque itself, or holds what is
    const Field* field = nullptr;
    const Layout* layout = nullptr;  // choice: the node is for the case of this layout only
    std::size_t entry = 0;           // of an opaque field
    std::vector<Node> children;
  };
  std::vector<Node> nodes_of(const Layout& layout, const std::string& path,
                             std::vector<const Layout*>& open);
  void walk(std::span<const Node> nodes, const void* object, const Context& context);

  std::vector<Entry> entries_;
  std::vector<Node> nodes_;
};

}  // namespace spicebench::wire
