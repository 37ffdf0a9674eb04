// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "replayer/coverage/occurrences.hpp"

namespace spicebench::replayer {

// What is known not to occur, each name with its reason.
struct Absences {
  std::map<std::string, std::string> messages, codecs, caches;
};
// TOML: tables `messages`, `codecs`, `caches` of NAME = "reason".
//   errors  not_found, io; malformed (a table that is none of these, a reason that is no text or
//           empty); the text names the file
Result<Absences> load_absences(const std::filesystem::path& file);

// What does not fit, a line each, in order: a zero that is not listed, a listed one that occurs, a
// listed name that there is not. Empty: all fits.
std::vector<std::string> judge(const Occurrences& occurrences, const Absences& absences);

}  // namespace spicebench::replayer
