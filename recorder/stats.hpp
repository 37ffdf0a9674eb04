// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <nlohmann/json_fwd.hpp>

#include "core/base/result.hpp"
#include "recorder/store/reader.hpp"

namespace spicebench::recorder {

// The numbers of a recording:
//   {"duration_ns": n, "digest": "…", "connections": [{"id": n, "channel": "display",
//    "channel_id": n, "link_error": n, "bytes": {"client": n, "server": n},
//    "messages": {"client": {"init": n, …}, "server": {…}}, "undecoded_bytes": n,
//    "reencoded_identical": n, "reencoded_different": n,
//    "errors": [{"message": id, "offset": n, "field": "…", "text": "…"}]}]}
// bytes: of the connection's stream. undecoded_bytes: inside message bodies, of types that are not
// described, that do not decode, or past what the layout covers. reencoded_*: messages that were
// decoded and encoded again, against the bytes the layout covers. Unknown types: "type_123".
Result<nlohmann::json> stats_of(const Reader& recording);

}  // namespace spicebench::recorder
