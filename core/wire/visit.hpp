// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <functional>
#include <string>

#include "core/wire/message.hpp"

namespace spicebench::wire {

// Calls `found` for every structure of the type that `wanted` describes inside the object behind
// `object`, in the order of the fields: its path ("src_bitmap", "glyphs[2].raster") and the
// structure. Structures inside a found one are not looked for.
void visit(const Layout& layout, const void* object, const Layout& wanted,
           const std::function<void(const std::string& path, const void* found)>& found);

}  // namespace spicebench::wire
