// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace spicebench::cli {

// The word of a list that a mistyped word most likely was meant to be; empty: none is near.
std::string nearest(std::string_view word, const std::vector<std::string>& known);

}  // namespace spicebench::cli
