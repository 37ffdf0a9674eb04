// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/session/link_origin.hpp"

#include "core/world/address.hpp"

namespace spicebench::server {

std::optional<LinkOrigin> link_origin(std::string_view address) {
  LinkOrigin origin{.peer = std::string(origin_of(address))};
  const std::string_view listener = listener_of(address);
  const std::string_view service = listener.substr(0, listener.find(':'));
  if (service == "spice+tls")
    origin.transport = Transport::tls;
  else if (service == "spice+unix")
    origin.transport = Transport::unix_socket;
  else if (service != "spice")
    return std::nullopt;
  return origin;
}

}  // namespace spicebench::server
