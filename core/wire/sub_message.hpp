// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <vector>

#include "core/base/result.hpp"
#include "core/base/shared_bytes.hpp"

namespace spicebench::wire {

struct SubMessage {
  std::uint16_t type = 0;
  std::size_t offset = 0;  // of its six-byte header in the enclosing body
  SharedBytes body;
};
// The sub-messages of a body, in the order of their list (protocol.md §2.3).
//   body     of the enclosing message
//   list_at  where the SubMessageList stands: 0 in the body of a LIST message, `sub_list` of the
//            full header otherwise
// A stated size that runs past the end of the body is clamped to it, since spice-server overstates
// sizes: decode by layout, which ignores what is left over. Errors: a list or header outside the
// body, more than 64 entries, a LIST inside the list.
Result<std::vector<SubMessage>> split_sub_messages(const SharedBytes& body, std::size_t list_at);

}  // namespace spicebench::wire
