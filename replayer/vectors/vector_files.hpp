// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string_view>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"

// The files of a folder of vectors.
namespace spicebench::replayer {

// The whole file. Errors: not_found, out_of_range (over 256 MiB), io.
Result<Bytes> read_vector_file(const std::filesystem::path& path);
// Errors: those, and malformed (no JSON).
Result<nlohmann::json> read_vector_json(const std::filesystem::path& path);
// Errors: malformed.
Result<Bytes> from_base64(std::string_view text);

}  // namespace spicebench::replayer
