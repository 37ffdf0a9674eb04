// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "client/client.hpp"
#include "core/base/result.hpp"
#include "recorder/store/reader.hpp"

namespace spicebench::replayer {

struct CapturedClient {
  std::unique_ptr<client::Client> client;
  // What the client could not draw, by name; absent: everything was drawn.
  std::optional<std::string> missing;
};

// A client of ours that hears what the server of a captured session said up to `at`, whatever the
// captured client was: for the picture. Of several sessions the last one that began by then.
//   errors  not_found (no main connection by then), unsupported (an authentication or message order
//           that our client would not have met), and those of reading
Result<CapturedClient> captured_client_at(const recorder::Reader& recording, Instant at);

}  // namespace spicebench::replayer
