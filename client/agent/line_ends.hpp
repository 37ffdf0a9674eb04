// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <string>
#include <string_view>

namespace spicebench::client {

// Texts on their way to and from guests whose lines end in CR LF (channels.md §12.7). Both leave
// alone what has the right form already.
std::string with_crlf(std::string_view text);
std::string without_cr(std::string_view text);
// Without the NULs with which some agents end a text.
std::string_view without_nuls(std::string_view text);

}  // namespace spicebench::client
