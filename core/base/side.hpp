// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>

namespace spicebench {

// The two ends of a link: `client` connected, `server` accepted. On the device link the device is
// the client end; on the user link the user is.
enum class Side : std::uint8_t { client, server };
constexpr Side other(Side side) {
  return side == Side::client ? Side::server : Side::client;
}
constexpr const char* name_of(Side side) {
  return side == Side::client ? "client" : "server";
}

}  // namespace spicebench
