// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <filesystem>
#include <vector>

#include "core/base/result.hpp"
#include "replayer/vectors/vector_result.hpp"

namespace spicebench::replayer {

// Decodes every stream of a folder in the form of tests/vectors (its README explains the files):
// single images, GLZ sequences, video frames, broken streams. Lossless ones must give the recorded
// SHA-256, lossy ones the recorded pixels within `lossy_tolerance`, broken ones what the manifest
// allows. In the order of the manifest.
//   errors  not_found, malformed: of manifest.json itself
Result<std::vector<VectorResult>> run_codec_vectors(const std::filesystem::path& folder);

// Largest difference of a colour channel that another inverse transform may make.
constexpr int lossy_tolerance = 4;

}  // namespace spicebench::replayer
