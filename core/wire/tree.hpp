// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/wire/message.hpp"

namespace spicebench::wire {

// One field of a body and the bytes it came from.
struct TreeNode {
  std::string name;   // "box"; items of lists "[2]"; the target of a pointer "*src_bitmap"
  std::string type;   // "u32", "rect", "list of rect", "*image"
  std::string value;  // "10", "cache_me", "3 items", "→ 77"; empty where the children say it all
  std::size_t offset = 0;  // bytes from the body start
  std::size_t size = 0;    // bytes; targets of pointers are not part of the pointer's size
  std::vector<TreeNode> children;
};
struct Tree {
  TreeNode root;               // all of the body, or as far as it could be read
  std::size_t used = 0;        // bytes that the layout covers; all before the error if there is one
  std::optional<Error> error;  // why decoding stopped; its offset is the byte
};
// The field tree of a body, made by the same decoding as a value, so the two cannot disagree.
Tree tree_of(const Layout& layout, const SharedBytes& body, const Context& context = {});

}  // namespace spicebench::wire
