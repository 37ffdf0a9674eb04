// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "recorder/store/reader.hpp"
#include "replayer/replay/divergence.hpp"

namespace spicebench::replayer {

enum class DiffScope : std::uint8_t {
  wire,  // SPICE connections: what was settled on linking, headers, bodies, order in each direction
  all,   // device and user links, times and screens too
};

struct ConnectionDiff {
  std::string label;
  std::uint64_t messages_a = 0, messages_b = 0;
  std::uint64_t differing = 0;  // of the messages at the same place; one side's surplus counts too
};
struct DiffReport {
  std::optional<Divergence> first;  // by time in A; ids are A's
  std::vector<ConnectionDiff> connections;
  bool identical() const { return !first; }
};
using DiffProgress = std::function<void(std::uint64_t done, std::uint64_t total)>;

// Compares two recordings, connection by connection: the N-th one of a channel in A with the N-th
// one in B. A counts as what is expected.
Result<DiffReport> diff(const recorder::Reader& a, const recorder::Reader& b, DiffScope scope,
                        const DiffProgress& progress = {});
nlohmann::json to_json(const DiffReport& report);

}  // namespace spicebench::replayer
