// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "replayer/cli/console.hpp"
#include "replayer/cli/verbs.hpp"
#include "replayer/vectors/canvas_vectors.hpp"
#include "replayer/vectors/codec_vectors.hpp"

namespace spicebench::cli {
namespace {

using replayer::VectorResult;

Result<std::vector<VectorResult>> run(const std::filesystem::path& folder) {
  std::error_code failed;
  const auto has = [&](const std::filesystem::path& name) {
    return std::filesystem::is_regular_file(folder / name, failed);
  };
  std::vector<VectorResult> all;
  const auto add = [&all](std::vector<VectorResult> more) {
    all.insert(all.end(), std::make_move_iterator(more.begin()),
               std::make_move_iterator(more.end()));
  };
  bool any = false;
  if (has("manifest.json")) {
    add(TRY(replayer::run_codec_vectors(folder)));
    any = true;
  }
  const std::filesystem::path canvas = has("index.json") ? folder : folder / "canvas";
  if (has("index.json") || has("canvas/index.json")) {
    add(TRY(replayer::run_canvas_vectors(canvas)));
    any = true;
  }
  if (!any)
    return fail(ErrorCode::not_found,
                fmt::format("{}: neither manifest.json nor index.json is there", folder.string()));
  return all;
}

}  // namespace

int perform(const VectorsVerb& verb) {
  const auto results = run(verb.folder);
  if (!results) return fail_with("vectors", results.error());
  nlohmann::ordered_json failures = nlohmann::ordered_json::array();
  for (const VectorResult& one : *results) {
    if (one.passed()) continue;
    failures.push_back({{"name", one.name}, {"failure", one.failure}});
    if (!verb.json) print(fmt::format("{}  {}: {}\n", bad("failed"), one.name, one.failure));
  }
  const std::size_t passed = results->size() - failures.size();
  if (verb.json) {
    print(nlohmann::ordered_json{
              {"passed", passed}, {"failed", failures.size()}, {"failures", failures}}
              .dump(2) +
          "\n");
  } else {
    print(fmt::format("{}: {} passed, {} failed\n", verb.folder.string(), passed, failures.size()));
  }
  return failures.empty() ? exit_as_expected : exit_difference;
}

}  // namespace spicebench::cli
