// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <filesystem>
#include <nlohmann/json_fwd.hpp>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"

namespace spicebench::replayer {

// Whole files of a folder of vectors. Errors: not_found, io, and for JSON malformed; they name the
// file.
Result<Bytes> read_vector_file(const std::filesystem::path& path);
Result<nlohmann::json> read_vector_json(const std::filesystem::path& path);

}  // namespace spicebench::replayer
