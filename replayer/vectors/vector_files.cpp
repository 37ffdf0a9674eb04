// SPDX-License-Identifier: LGPL-2.1-or-later
#include "replayer/vectors/vector_files.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

namespace spicebench::replayer {

Result<Bytes> read_vector_file(const std::filesystem::path& path) {
  std::error_code failed;
  if (!std::filesystem::is_regular_file(path, failed))
    return fail(ErrorCode::not_found, fmt::format("{}: no such file", path.string()));
  std::ifstream in(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  if (in.bad()) return fail(ErrorCode::io, fmt::format("{}: cannot be read", path.string()));
  const BytesView bytes = as_bytes(text);
  return Bytes(bytes.begin(), bytes.end());
}

Result<nlohmann::json> read_vector_json(const std::filesystem::path& path) {
  const Bytes bytes = TRY(read_vector_file(path));
  try {
    return nlohmann::json::parse(as_text(bytes));
  } catch (const nlohmann::json::exception& error) {
    return fail(ErrorCode::malformed, fmt::format("{}: {}", path.string(), error.what()));
  }
}

}  // namespace spicebench::replayer
