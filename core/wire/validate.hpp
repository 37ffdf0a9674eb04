// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <vector>

#include "core/wire/message.hpp"

namespace spicebench::wire {

// What is wrong with a value: every limit of its tables (protocol.md §10), those that decode
// enforces and those that only its consumer cares about; unknown values of enumerations and bits of
// flags; sizes and alternatives that disagree with their fields. Offsets are 0, paths are set.
// Empty: valid. At most `most` findings.
std::vector<Error> validate(const Layout& layout, const void* object, const Context& context = {},
                            std::size_t most = 16);
inline std::vector<Error> validate(const AnyMessage& message, const Context& context = {},
                                   std::size_t most = 16) {
  return validate(*message.info().layout, message.object(), context, most);
}

}  // namespace spicebench::wire
