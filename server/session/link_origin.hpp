// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace spicebench::server {

enum class Transport : std::uint8_t { plain, tls, unix_socket };

// How a SPICE link came, as its address says: "spice", "spice+tls" (whoever accepted it has taken
// TLS off) or "spice+unix"; then ":NAME" to tell listeners apart, and "@PEER" for the peer's host.
struct LinkOrigin {
  Transport transport = Transport::plain;
  std::string peer;  // without a port; empty: not known
  bool secure() const { return transport == Transport::tls; }
};

// Nothing: no address of a SPICE link.
std::optional<LinkOrigin> link_origin(std::string_view address);

}  // namespace spicebench::server
