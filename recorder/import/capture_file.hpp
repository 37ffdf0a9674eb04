// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <filesystem>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"

namespace spicebench::recorder {

// A capture file as bytes: as it is, or unpacked if it is compressed by gzip or zstd (recognised by
// their first bytes).
//   errors  not_found, io, out_of_range (more than `most` bytes), malformed (damaged or cut off:
//           offset is that in the compressed file)
Result<Bytes> read_capture_file(const std::filesystem::path& path, std::uint64_t most);

}  // namespace spicebench::recorder
