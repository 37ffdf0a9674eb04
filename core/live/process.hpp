// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.hpp"

namespace spicebench::live {

struct ProcessResult {
  int exit_code = 0;   // 128 + signal if it was killed
  std::string output;  // all of its standard output
};
using Environment = std::vector<std::pair<std::string, std::string>>;

// Runs this very program again with other arguments (argv[0] not among them) and waits for it.
// `environment` is added to our own; standard error is shared.
//   errors  io: the system could not start or read it
Result<ProcessResult> run_self(const std::vector<std::string>& arguments,
                               const Environment& environment = {});

// Writing to a pipe that nobody reads becomes an error of that write instead of the end of the
// process.
void ignore_broken_pipes();

}  // namespace spicebench::live
