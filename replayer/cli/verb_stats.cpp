// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "recorder/stats.hpp"
#include "replayer/cli/console.hpp"
#include "replayer/cli/stats_coverage.hpp"
#include "replayer/cli/verbs.hpp"
#include "replayer/replay/divergence.hpp"

namespace spicebench::cli {
namespace {

using nlohmann::json;
using Line = std::array<std::string, 4>;

// Columns as wide as their widest cell: the first two to the left, numbers to the right.
std::string table(const std::vector<Line>& lines) {
  std::array<std::size_t, 4> width{};
  for (const Line& line : lines)
    for (std::size_t i = 0; i < line.size(); ++i) width[i] = std::max(width[i], line[i].size());
  std::string text;
  for (const Line& line : lines)
    text += fmt::format("{:{}}  {:{}}  {:>{}}  {:>{}}\n", line[0], width[0], line[1], width[1],
                        line[2], width[2], line[3], width[3]);
  return text;
}

void add_connection(std::vector<Line>& lines, const json& connection) {
  const auto number = [](const json& value) { return value.is_null() ? "" : value.dump(); };
  const std::string name = fmt::format("{}/{}", connection["channel"].get<std::string>(),
                                       connection["channel_id"].dump());
  const auto carrier = connection["carrier"].get<std::string>();
  lines.push_back({name, carrier == "plain" ? "bytes" : "bytes inside " + carrier,
                   number(connection["bytes"]["client"]), number(connection["bytes"]["server"])});
  if (connection["transport"] == "sasl")
    lines.push_back({name, "of these encrypted by SASL",
                     number(connection["encrypted_bytes"]["client"]),
                     number(connection["encrypted_bytes"]["server"])});
  const auto add_messages = [&lines](const std::string& of, const json& messages) {
    for (const char* side : {"client", "server"})
      for (const auto& [message, count] : messages[side].items()) {
        const bool client = std::string_view(side) == "client";
        lines.push_back({of, message, client ? count.dump() : "", client ? "" : count.dump()});
      }
  };
  add_messages(name, connection["messages"]);
  if (const json& inner = connection["inner"]; !inner.is_null())
    add_messages(name + " " + inner["protocol"].get<std::string>(), inner["messages"]);
}

// What the messages of one protocol add up to.
struct Totals {
  std::uint64_t identical = 0, different = 0, undecoded = 0, opaque = 0;
  void add(const json& counts) {
    identical += counts["reencoded_identical"].get<std::uint64_t>();
    different += counts["reencoded_different"].get<std::uint64_t>();
    undecoded += counts["undecoded_bytes"].get<std::uint64_t>();
    for (const json& side : counts["opaque"])
      for (const json& bytes : side) opaque += bytes.get<std::uint64_t>();
  }
};

}  // namespace

int perform(const StatsVerb& verb) {
  if (verb.coverage) return perform_coverage(verb);
  const std::string file = verb.recording.string();
  const auto recording = recorder::Reader::open(verb.recording);
  if (!recording) return fail_with("stats", recording.error(), file);
  const auto stats = recorder::stats_of(*recording);
  if (!stats) return fail_with("stats", stats.error(), file);
  if (verb.json) {
    print(stats->dump(2) + "\n");
    return exit_as_expected;
  }
  std::vector<Line> lines = {{"channel", "", "client", "server"}};
  Totals totals;
  std::uint64_t errors = 0;
  for (const json& connection : (*stats)["connections"]) {
    add_connection(lines, connection);
    totals.add(connection);
    if (!connection["inner"].is_null()) totals.add(connection["inner"]);
    errors += connection["errors"].size();
  }
  print(table(lines));
  print(fmt::format("duration           {}\n",
                    replayer::seconds_text(instant((*stats)["duration_ns"].get<std::int64_t>()))));
  print(fmt::format("decoded            {} messages encode to the same bytes, {} do not\n",
                    totals.identical, totals.different));
  print(
      fmt::format("not decoded        {} bytes of bodies, {} errors\n", totals.undecoded, errors));
  print(
      fmt::format("opaque             {} bytes of images, sound and the like; --json names them\n",
                  totals.opaque));
  print(fmt::format("digest             {}\n", (*stats)["digest"].get<std::string>()));
  return exit_as_expected;
}

}  // namespace spicebench::cli
