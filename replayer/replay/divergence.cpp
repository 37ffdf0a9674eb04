// SPDX-License-Identifier: LGPL-2.1-or-later
#include "replayer/replay/divergence.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace spicebench::replayer {

std::string seconds_text(Instant at) {
  const std::int64_t ns = nanoseconds(at);
  return fmt::format("{}.{:09} s", ns / 1'000'000'000, ns % 1'000'000'000);
}

std::string Divergence::text() const {
  std::string where = connection;
  if (by) where += fmt::format(" {}", name_of(*by));
  if (number > 0) where += fmt::format(" message {}", number);
  if (!where.empty()) where += ' ';
  where += message > 0 ? fmt::format("(id {}, {})", message, seconds_text(at))
                       : fmt::format("({})", seconds_text(at));
  std::string what = name;
  if (!field.empty()) what += (what.empty() ? "" : " ") + field;
  if (area)
    what +=
        fmt::format(" [x {} to {}, y {} to {}]", area->left, area->right, area->top, area->bottom);
  return fmt::format("{}: {}: expected {}, found {}", where, what, expected, found);
}

nlohmann::json to_json(const Divergence& divergence) {
  nlohmann::json json = {{"at_ns", nanoseconds(divergence.at)},
                         {"connection", divergence.connection},
                         {"message", divergence.message},
                         {"number", divergence.number},
                         {"name", divergence.name},
                         {"field", divergence.field},
                         {"expected", divergence.expected},
                         {"found", divergence.found}};
  if (divergence.by) json["side"] = name_of(*divergence.by);
  if (divergence.area)
    json["area"] = {{"left", divergence.area->left},
                    {"top", divergence.area->top},
                    {"right", divergence.area->right},
                    {"bottom", divergence.area->bottom}};
  return json;
}

}  // namespace spicebench::replayer
