// SPDX-License-Identifier: LGPL-2.1-or-later
#include "replayer/coverage/absences.hpp"

#include <fmt/format.h>

#include "replayer/scenario/toml_reader.hpp"

namespace spicebench::replayer {

Result<Absences> load_absences(const std::filesystem::path& file) {
  const Result<TomlDocument> read = read_toml(file);
  if (!read) return std::unexpected(read.error());
  const TomlDocument& document = *read;
  Absences absences;
  const std::map<std::string, std::map<std::string, std::string>*> tables = {
      {"messages", &absences.messages}, {"codecs", &absences.codecs}, {"caches", &absences.caches}};
  const auto wrong = [&](const std::string& key, const char* why) {
    return fail(ErrorCode::malformed,
                fmt::format("{}:{}: {}: {}", file.string(), document.line_of(key), key, why));
  };
  for (const auto& [table, entries] : document.tree.items()) {
    const auto known = tables.find(table);
    if (known == tables.end() || !entries.is_object())
      return wrong(table, "wanted are the tables messages, codecs and caches");
    for (const auto& [name, reason] : entries.items()) {
      if (!reason.is_string() || reason.get<std::string>().empty())
        return wrong(table + "." + name, "a reason is wanted, as text");
      known->second->emplace(name, reason.get<std::string>());
    }
  }
  return absences;
}

std::vector<std::string> judge(const Occurrences& occurrences, const Absences& absences) {
  std::vector<std::string> complaints;
  const auto compare = [&](const char* kind, const Occurrences::Counts& counts,
                           const std::map<std::string, std::string>& listed) {
    for (const auto& [name, count] : counts) {
      const bool excused = listed.contains(name);
      if (count == 0 && !excused)
        complaints.push_back(fmt::format("{} {}: does not occur, and has no reason", kind, name));
      if (count > 0 && excused)
        complaints.push_back(
            fmt::format("{} {}: occurs {} times, but is listed as absent", kind, name, count));
    }
    for (const auto& [name, reason] : listed)
      if (!counts.contains(name))
        complaints.push_back(fmt::format("{} {}: is listed, but there is no such", kind, name));
  };
  compare("message", occurrences.messages, absences.messages);
  compare("codec", occurrences.codecs, absences.codecs);
  compare("cache", occurrences.caches, absences.caches);
  return complaints;
}

}  // namespace spicebench::replayer
