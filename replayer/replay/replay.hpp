// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <functional>
#include <memory>
#include <optional>

#include "client/client.hpp"
#include "core/base/result.hpp"
#include "recorder/store/reader.hpp"
#include "replayer/replay/divergence.hpp"

namespace spicebench::replayer {

enum class Against : std::uint8_t { server, client };

struct ReplayReport {
  // The first thing that the peer did otherwise than recorded.
  std::optional<Divergence> divergence;
  // The first message that is not what the recorder wrote: somebody changed the recording.
  std::optional<recorder::MessageId> edited;
  std::uint64_t inputs = 0;    // fed to the peer
  std::uint64_t messages = 0;  // of the peer, compared
  std::uint64_t screens = 0;   // compared; client only
  bool identical() const { return !divergence && !edited; }
};
using ReplayProgress = std::function<void(Instant now, Instant end)>;

// Builds the peer from the options and the seed in a recording of a run, lets it hear what it heard
// then, and compares all that it does with what it did then. Needs nothing but the recording.
//   errors  malformed, not_found (rows that are not what a recorder writes); unsupported (not the
//           recording of a run)
Result<ReplayReport> replay(const recorder::Reader& recording, Against against,
                            const ReplayProgress& progress = {});

}  // namespace spicebench::replayer
