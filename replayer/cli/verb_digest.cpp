// SPDX-License-Identifier: LGPL-2.1-or-later
#include <nlohmann/json.hpp>

#include "recorder/digest.hpp"
#include "replayer/cli/console.hpp"
#include "replayer/cli/verbs.hpp"

namespace spicebench::cli {

int perform(const DigestVerb& verb) {
  const std::string file = verb.recording.string();
  const auto recording = recorder::Reader::open(verb.recording);
  if (!recording) return fail_with("digest", recording.error(), file);
  const auto digest = recorder::digest_of(*recording);
  if (!digest) return fail_with("digest", digest.error(), file);
  if (!verb.json) {
    print(digest->text());
    return exit_as_expected;
  }
  nlohmann::ordered_json layers;
  for (const auto& line : digest->lines) layers[line.layer] = line.value.hex();
  print(nlohmann::ordered_json{{"layers", layers}, {"total", digest->total.hex()}}.dump(2) + "\n");
  return exit_as_expected;
}

}  // namespace spicebench::cli
