// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/live/terminal.hpp"
#include "recorder/import/import.hpp"
#include "replayer/cli/console.hpp"
#include "replayer/cli/verbs.hpp"

namespace spicebench::cli {

// "traffic.pcapng.zst" → "traffic"
static std::string stem_of(const std::filesystem::path& capture) {
  const std::string name = capture.filename().string();
  return name.substr(0, name.find('.', 1));
}

int perform(const ImportVerb& import) {
  auto output = import.output;
  if (output.empty()) output = stem_of(import.capture) + ".spicerec";
  live::ProgressBar progress("importing");
  recorder::ImportOptions options;
  options.key_log = import.key_log;
  options.progress = [&progress](std::uint64_t done, std::uint64_t total) {
    if (total > 0) progress.show(done, total);
  };
  const auto report = recorder::import_capture(import.capture, output, options);
  progress.wipe();
  if (!report) return fail_with("import", report.error(), import.capture.string());
  if (import.json) {
    print(nlohmann::json{{"recording", output.string()},
                         {"connections", report->connections},
                         {"messages", report->messages},
                         {"notices", report->notices}}
              .dump(2) +
          "\n");
    return exit_as_expected;
  }
  print(fmt::format("recording    {}\nconnections  {}\nmessages     {}\n", output.string(),
                    report->connections, report->messages));
  for (const std::string& notice : report->notices) print(fmt::format("notice       {}\n", notice));
  return exit_as_expected;
}

}  // namespace spicebench::cli
