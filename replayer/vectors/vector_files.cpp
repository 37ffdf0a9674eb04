// SPDX-License-Identifier: LGPL-2.1-or-later
#include "replayer/vectors/vector_files.hpp"

#include <fmt/format.h>

#include <fstream>

namespace spicebench::replayer {

Result<Bytes> read_vector_file(const std::filesystem::path& path) {
  constexpr std::uintmax_t most = 256u << 20;
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (error) return fail(ErrorCode::not_found, fmt::format("{}: no such file", path.string()));
  if (size > most)
    return fail(ErrorCode::out_of_range,
                fmt::format("{}: {} bytes, at most {}", path.string(), size, most));
  Bytes bytes(size);
  std::ifstream in(path, std::ios::binary);
  if (!in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size)))
    return fail(ErrorCode::io, fmt::format("{}: cannot be read", path.string()));
  return bytes;
}

Result<nlohmann::json> read_vector_json(const std::filesystem::path& path) {
  const Bytes bytes = TRY(read_vector_file(path));
  const std::string_view text = as_text(bytes);
  auto json = nlohmann::json::parse(text.begin(), text.end(), nullptr, false);
  if (json.is_discarded())
    return fail(ErrorCode::malformed, fmt::format("{}: not JSON", path.string()));
  return json;
}

Result<Bytes> from_base64(std::string_view text) {
  constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  Bytes bytes;
  bytes.reserve(text.size() / 4 * 3);
  const std::size_t end = text.find_last_not_of('=') + 1;
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < end; ++i) {
    const std::size_t value = digits.find(text[i]);
    if (value == std::string_view::npos || text.size() % 4 != 0)
      return fail(ErrorCode::malformed, "not base64", i);
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    if (i % 4 != 0) bytes.push_back(static_cast<std::byte>(bits >> (6 - i % 4 * 2)));
  }
  return bytes;
}

}  // namespace spicebench::replayer
