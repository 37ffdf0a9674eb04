// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <nlohmann/json_fwd.hpp>

#include "core/base/result.hpp"
#include "core/world/link.hpp"

namespace spicebench::replayer {

// Link behaviour as options: latency_us, jitter_us, bits_per_second, window, segment_min,
// segment_max, stall_per_million, stall_us, reset_after_bytes; as in LinkProfile, times in µs.
nlohmann::json to_json(const LinkProfile& profile);
// Errors: malformed, out_of_range; the path names the key.
Result<LinkProfile> link_profile_from_json(const nlohmann::json& json);

}  // namespace spicebench::replayer
