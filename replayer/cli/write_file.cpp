// SPDX-License-Identifier: LGPL-2.1-or-later
#include "replayer/cli/write_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>

namespace spicebench::cli {

Result<void> write_file(const std::filesystem::path& path, BytesView bytes) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(as_text(bytes).data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (out) return {};
  const int reason = errno;
  std::error_code ignored;
  if (std::filesystem::is_regular_file(path, ignored)) std::filesystem::remove(path, ignored);
  return fail(ErrorCode::io, fmt::format("{}: {}", path.string(), std::strerror(reason)));
}

}  // namespace spicebench::cli
