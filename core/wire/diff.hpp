// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <string>
#include <vector>

#include "core/wire/message.hpp"

namespace spicebench::wire {

struct FieldDifference {
  std::string path;             // "base.box.left", "channels[2].id", "data[17]" for a byte of a run
  std::string expected, found;  // as to_text writes them; "none" where nothing is there
};
// The first `most` differences of two objects of one layout, in the order of the fields. Of lists
// and runs of bytes of unequal size the sizes, then the items both have; of equal runs the first
// byte that differs.
std::vector<FieldDifference> diff(const Layout& layout, const void* expected, const void* found,
                                  const Context& context = {}, std::size_t most = 16);
// Of messages of different kinds the kinds: path "message".
std::vector<FieldDifference> diff(const AnyMessage& expected, const AnyMessage& found,
                                  const Context& context = {}, std::size_t most = 16);

}  // namespace spicebench::wire
