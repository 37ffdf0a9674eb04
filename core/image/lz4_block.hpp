// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <optional>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"

namespace spicebench::image {

// One LZ4 block of any bytes, as usbredir, port and webdav channels carry them (protocol.md §4.10).

// Nothing: it would not be smaller.
std::optional<Bytes> lz4_compressed(BytesView bytes);
// Errors: malformed (not a block of exactly so many bytes). Nothing beyond `size` is allocated.
Result<Bytes> lz4_expanded(BytesView block, std::size_t size);

}  // namespace spicebench::image
