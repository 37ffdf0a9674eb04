// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <filesystem>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"

namespace spicebench::cli {

// Writes a file anew, whole or not at all. Errors: io, with the file's name.
Result<void> write_file(const std::filesystem::path& path, BytesView bytes);

}  // namespace spicebench::cli
