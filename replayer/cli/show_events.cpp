// SPDX-License-Identifier: LGPL-2.1-or-later
#include "replayer/cli/show_events.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "replayer/cli/console.hpp"
#include "replayer/replay/divergence.hpp"

namespace spicebench::cli {

using nlohmann::ordered_json;

namespace {

// One line; false when nobody reads on.
bool print_line(const ShowVerb& verb, Instant at, std::string_view event, std::string_view text) {
  if (verb.json)
    return print(ordered_json{{"at_ns", nanoseconds(at)}, {"event", event}, {"text", text}}.dump() +
                 "\n");
  return print(fmt::format("{:>17}  {:15}  {}\n", replayer::seconds_text(at), event, text));
}

}  // namespace

Result<void> show_trace(const recorder::Reader& recording, const ShowVerb& verb) {
  std::uint64_t shown = 0;
  return recording.device_events([&](const recorder::DeviceEventRow& row) {
    return print_line(verb, row.at, row.event, row.fields) && ++shown != verb.limit;
  });
}

Result<void> show_notices(const recorder::Reader& recording, const ShowVerb& verb) {
  std::uint64_t shown = 0;
  for (const recorder::NoticeRow& row : TRY(recording.notices()))
    if (!print_line(verb, row.at, "notice", row.text) || ++shown == verb.limit) break;
  return {};
}

}  // namespace spicebench::cli
