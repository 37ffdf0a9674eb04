// SPDX-License-Identifier: LGPL-2.1-or-later
#include "replayer/cli/temporary_folder.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

namespace spicebench::cli {

Result<TemporaryFolder> TemporaryFolder::make() {
  std::error_code failed;
  std::string name = (std::filesystem::temp_directory_path(failed) / "spicebench-XXXXXX").string();
  if (failed || ::mkdtemp(name.data()) == nullptr)
    return fail(ErrorCode::io, fmt::format("{}: a temporary folder cannot be made", name));
  return TemporaryFolder(name);
}
TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

}  // namespace spicebench::cli
