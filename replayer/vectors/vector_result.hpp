// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <string>

namespace spicebench::replayer {

// What became of one vector of a folder.
struct VectorResult {
  std::string name;     // as the folder's list says
  std::string failure;  // what was wrong and where; empty: passed
  bool passed() const { return failure.empty(); }
  bool operator==(const VectorResult&) const = default;
};

}  // namespace spicebench::replayer
