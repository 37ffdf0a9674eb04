// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/live/terminal.hpp"
#include "replayer/cli/console.hpp"
#include "replayer/cli/verbs.hpp"
#include "replayer/diff/diff.hpp"

namespace spicebench::cli {

int perform(const DiffVerb& verb) {
  const auto a = recorder::Reader::open(verb.a);
  if (!a) return fail_with("diff", a.error(), verb.a.string());
  const auto b = recorder::Reader::open(verb.b);
  if (!b) return fail_with("diff", b.error(), verb.b.string());
  const auto scope = verb.scope == "all" ? replayer::DiffScope::all : replayer::DiffScope::wire;
  live::ProgressBar bar("comparing");
  const auto report =
      replayer::diff(*a, *b, scope, [&bar](std::uint64_t done, std::uint64_t total) {
        if (total > 0) bar.show(done, total);
      });
  bar.wipe();
  if (!report) return fail_with("diff", report.error());
  if (verb.json) {
    print(to_json(*report).dump(2) + "\n");
    return report->identical() ? exit_as_expected : exit_difference;
  }
  if (report->identical()) {
    std::uint64_t messages = 0;
    for (const auto& connection : report->connections) messages += connection.messages_a;
    print(fmt::format("{}: {} connections, {} messages\n", good("identical"),
                      report->connections.size(), messages));
    return exit_as_expected;
  }
  print(fmt::format("{}: {}\n", bad("first divergence"), report->first->text()));
  std::size_t width = 10;
  for (const auto& connection : report->connections)
    width = std::max(width, connection.label.size());
  print(fmt::format("{:{}}  {:>9}  {:>9}  {:>9}\n", "connection", width, "in a", "in b", "differ"));
  for (const auto& connection : report->connections)
    print(fmt::format("{:{}}  {:>9}  {:>9}  {:>9}\n", connection.label, width,
                      connection.messages_a, connection.messages_b, connection.differing));
  return exit_difference;
}

}  // namespace spicebench::cli
