// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <string>

#include "core/base/result.hpp"
#include "core/base/shared_bytes.hpp"

// How the store keeps large runs of bytes: as one LZ4 block. Inside recorder/store only.
namespace spicebench::recorder {

// The packed form, in `scratch`.
BytesView pack(BytesView bytes, Bytes& scratch);
// A run of `size` bytes. LZ4 makes at most 255 bytes of one: a claim beyond that is refused before
// any memory is taken. Errors: malformed, with `what` as path.
Result<SharedBytes> unpack(BytesView packed, std::int64_t size, const std::string& what);

}  // namespace spicebench::recorder
