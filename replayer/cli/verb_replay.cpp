// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/live/terminal.hpp"
#include "replayer/cli/console.hpp"
#include "replayer/cli/verbs.hpp"
#include "replayer/replay/compare.hpp"
#include "replayer/replay/replay.hpp"

namespace spicebench::cli {
namespace {

// "client message 40 (id 312) of display/0: mouse_motion"
std::string describe_edited(const recorder::Reader& recording, recorder::MessageId id) {
  const auto message = recording.message(id);
  if (!message) return fmt::format("message {}", id);
  const auto* connection = recording.connection(message->connection);
  if (!connection) return fmt::format("message {}", id);
  return fmt::format("message {} ({} {} {})", id, replayer::labels_of(recording).at(connection->id),
                     name_of(message->by),
                     replayer::message_name(connection->channel, message->by, message->type));
}

}  // namespace

int perform(const ReplayVerb& verb) {
  const std::string file = verb.recording.string();
  const auto recording = recorder::Reader::open(verb.recording);
  if (!recording) return fail_with("replay", recording.error(), file);
  const auto against =
      verb.against == "server" ? replayer::Against::server : replayer::Against::client;
  live::ProgressBar bar("replaying");
  const auto report = replayer::replay(*recording, against, [&bar](Instant now, Instant end) {
    if (end > Instant{})
      bar.show(static_cast<std::uint64_t>(nanoseconds(now)),
               static_cast<std::uint64_t>(nanoseconds(end)));
  });
  bar.wipe();
  if (!report) return fail_with("replay", report.error(), file);

  const auto edited =
      report->edited ? std::optional(describe_edited(*recording, *report->edited)) : std::nullopt;
  if (verb.json) {
    nlohmann::json result = {{"against", verb.against},
                             {"identical", report->identical()},
                             {"inputs", report->inputs},
                             {"messages", report->messages},
                             {"screens", report->screens}};
    if (report->divergence) result["divergence"] = to_json(*report->divergence);
    if (report->edited) result["edited"] = {{"message", *report->edited}, {"text", *edited}};
    print(result.dump(2) + "\n");
    return report->identical() ? exit_as_expected : exit_difference;
  }
  const auto amount =
      fmt::format("{} inputs, {} messages{} compared", report->inputs, report->messages,
                  report->screens > 0 ? fmt::format(" and {} screens", report->screens) : "");
  if (report->identical()) {
    print(fmt::format("{} {}: {}\n", verb.against, good("identical"), amount));
    return exit_as_expected;
  }
  if (edited) print(fmt::format("{}: {} is not what was recorded\n", bad("edited"), *edited));
  print(report->divergence
            ? fmt::format("{} {}: {}\n", verb.against, bad("diverges"), report->divergence->text())
            : fmt::format("{} did the same all the same: {}\n", verb.against, amount));
  return exit_difference;
}

}  // namespace spicebench::cli
