// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <filesystem>
#include <vector>

#include "core/base/result.hpp"
#include "replayer/vectors/vector_result.hpp"

namespace spicebench::replayer {

// Draws every case of a folder in the form of tests/vectors/canvas (its README explains the files)
// on our canvas and compares the pixels with the recorded ones; in the order of index.json. A case
// whose own files are missing or make no sense has failed.
//   errors  not_found, malformed: of index.json itself
Result<std::vector<VectorResult>> run_canvas_vectors(const std::filesystem::path& folder);

}  // namespace spicebench::replayer
