// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <nlohmann/json_fwd.hpp>

#include "core/base/result.hpp"
#include "recorder/store/reader.hpp"

namespace spicebench::recorder {

// The numbers of a recording:
//   {"duration_ns": n, "digest": "…", "connections": [{"id": n, "channel": "display",
//    "channel_id": n, "transport": "spice", "carrier": "tls", "link_error": n,
//    "bytes": {"client": n, "server": n}, "encrypted_bytes": {"client": n, "server": n},
//    "messages": {"client": {"init": n, …}, "server": {…}}, "undecoded_bytes": n,
//    "opaque": {"client": {"agent_data.data": n, …}, "server": {…}},
//    "reencoded_identical": n, "reencoded_different": n,
//    "inner": {"protocol": "agent", "messages": …, "undecoded_bytes": n, "opaque": …,
//     "reencoded_identical": n, "reencoded_different": n,
//     "unfinished_bytes": {"client": n, "server": n}},
//    "errors": [{"message": id, "offset": n, "field": "…", "text": "…"}]}]}
// bytes: of the connection's SPICE stream, inside its carrier. encrypted_bytes: of these, behind a
// SASL security layer, kept as they passed. undecoded_bytes: inside message bodies, of types that
// are not described, that do not decode, or past what the layout covers. reencoded_*: messages that
// were decoded and encoded again, against the bytes the layout covers. Unknown types: "type_123".
// opaque: bytes of fields that are no text and have no description of their own, by message and
// field, indices left out. inner: the protocol inside the channel's messages (wire/inner.hpp), null
// if there is none; what it reads is not opaque. unfinished_bytes: of a message that is cut off.
Result<nlohmann::json> stats_of(const Reader& recording);

}  // namespace spicebench::recorder
