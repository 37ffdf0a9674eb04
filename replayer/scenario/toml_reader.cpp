// SPDX-License-Identifier: LGPL-2.1-or-later
#include "replayer/scenario/toml_reader.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sstream>

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

namespace spicebench::replayer {
namespace {

using nlohmann::json;

// Moves the tree over to JSON and notes the lines on the way. Dates and times have no use in a
// scenario; they become text, which whoever wants a number will refuse by name.
json converted(const toml::node& node, const std::string& key, TomlDocument& document) {
  document.lines.emplace(key, node.source().begin.line);
  if (const auto* table = node.as_table()) {
    json object = json::object();
    for (const auto& [name, member] : *table) {
      const std::string inner =
          key.empty() ? std::string(name.str()) : fmt::format("{}.{}", key, name.str());
      object[std::string(name.str())] = converted(member, inner, document);
      if (!member.is_table() && !member.is_array())
        document.lines[inner] = name.source().begin.line;
    }
    return object;
  }
  if (const auto* array = node.as_array()) {
    json list = json::array();
    for (const auto& member : *array)
      list.push_back(converted(member, fmt::format("{}[{}]", key, list.size()), document));
    return list;
  }
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return number->get();
  if (const auto* number = node.as_floating_point()) return number->get();
  if (const auto* truth = node.as_boolean()) return truth->get();
  std::ostringstream other;
  node.visit([&other](const auto& value) { other << value; });
  return other.str();
}

}  // namespace

std::uint32_t TomlDocument::line_of(std::string_view key) const {
  for (;;) {
    if (const auto found = lines.find(key); found != lines.end()) return found->second;
    const auto cut = key.find_last_of(".[");
    if (cut == std::string_view::npos) return 0;
    key = key.substr(0, cut);
  }
}

Result<TomlDocument> parse_toml(std::string_view text, const std::string& file_name) {
  const toml::parse_result parsed = toml::parse(text, file_name);
  if (!parsed)
    return fail(
        ErrorCode::malformed,
        fmt::format("{}: {} (line {}, column {})", file_name, parsed.error().description(),
                    parsed.error().source().begin.line, parsed.error().source().begin.column));
  TomlDocument document;
  document.tree = converted(parsed.table(), "", document);
  return document;
}

Result<TomlDocument> read_toml(const std::filesystem::path& file) {
  if (std::filesystem::is_directory(file))
    return fail(ErrorCode::io, fmt::format("{}: is a directory", file.string()));
  std::ifstream in(file, std::ios::binary);
  if (!in)
    return fail(errno == ENOENT ? ErrorCode::not_found : ErrorCode::io,
                fmt::format("{}: {}", file.string(), std::strerror(errno)));
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (in.bad()) return fail(ErrorCode::io, fmt::format("{}: cannot be read", file.string()));
  return parse_toml(text, file.string());
}

}  // namespace spicebench::replayer
