// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <optional>
#include <string>

#include "core/auth/ticket.hpp"
#include "core/base/time.hpp"
#include "core/wire/admin_link.hpp"
#include "server/server_options.hpp"

namespace spicebench::server {

// The password that links must know, if any, and how long it lasts. A link is judged by what holds
// when it is answered; a ticket is not used up.
//
// Source: channels.md §2.6, §2.7. DIFFERS: a request that is refused has changed nothing, while the
// reference sets the expiry before it looks at the length.
class Tickets {
 public:
  enum class Clients : std::uint8_t { stay, go };  // what becomes of those that are there

  explicit Tickets(const ServerOptions& options);

  // Errors: denied.
  Result<void> check(const auth::TicketKey& key, BytesView ticket, Instant now) const;

  //   any_client  whether one is connected
  //   errors      out_of_range (longer than 60 bytes, an unknown `connected`), malformed (a NUL),
  //               denied (fail, and there is a client); nothing has changed then
  Result<Clients> set(const wire::admin::SetPassword& request, bool any_client, Instant now);
  // Errors: not_found (ticketing is off).
  Result<void> expire(const wire::admin::ExpirePassword& request, Instant now);
  void set_noauth();

 private:
  std::optional<std::string> password_;  // nothing: ticketing is off; empty: nobody is admitted
  std::optional<Instant> expires_;       // nothing: never
};

}  // namespace spicebench::server
