// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <string>

#include "core/base/bytes.hpp"

namespace spicebench::cli {

// "00ff…": two digits a byte.
std::string hex(BytesView bytes);
// Lines of 16 bytes: offset, digits, and the printable ones as text.
std::string hex_dump(BytesView bytes);

}  // namespace spicebench::cli
