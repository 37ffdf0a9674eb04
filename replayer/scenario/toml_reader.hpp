// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace spicebench::replayer {

// A TOML file as a tree of JSON values, and where each of its keys stands.
struct TomlDocument {
  nlohmann::json tree;
  std::map<std::string, std::uint32_t, std::less<>> lines;  // "user.steps[2].at_ms" → line, from 1

  // The line of a key, or of the innermost table around it that has one; 0: none.
  std::uint32_t line_of(std::string_view key) const;
};

// Errors: not_found, io, malformed; the text names the file, and the line where it is the content's
// fault.
Result<TomlDocument> read_toml(const std::filesystem::path& file);
Result<TomlDocument> parse_toml(std::string_view text, const std::string& file_name);

}  // namespace spicebench::replayer
