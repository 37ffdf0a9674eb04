// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/session/tickets.hpp"

#include <fmt/format.h>

namespace spicebench::server {

using wire::admin::Connected;

Tickets::Tickets(const ServerOptions& options) : password_(options.password) {
  if (options.password_expires_s)
    expires_ = instant(0) + std::chrono::seconds(*options.password_expires_s);
}

Result<void> Tickets::check(const auth::TicketKey& key, BytesView ticket, Instant now) const {
  std::optional<std::string> password = password_;
  if (password && expires_ && now > *expires_)
    password = "";  // nobody is admitted, and the work is the same
  return auth::check_ticket(key, ticket, password);
}

Result<Tickets::Clients> Tickets::set(const wire::admin::SetPassword& request, bool any_client,
                                      Instant now) {
  if (request.connected > static_cast<std::uint8_t>(Connected::fail))
    return fail(ErrorCode::out_of_range, fmt::format("{}, at most 2", request.connected), 0,
                "connected");
  const std::string password(as_text(request.password));
  if (password.size() > auth::longest_password)
    return fail(ErrorCode::out_of_range,
                fmt::format("{} bytes, at most {}", password.size(), auth::longest_password), 0,
                "password");
  if (password.find('\0') != std::string::npos)
    return fail(ErrorCode::malformed, "a NUL inside", 0, "password");
  const auto connected = static_cast<Connected>(request.connected);
  if (connected == Connected::fail && any_client)
    return fail(ErrorCode::denied, "a client is connected");

  const bool was_off = !password_;
  password_ = request.none != 0 ? std::string() : password;
  expires_.reset();
  if (request.lifetime_s > 0) expires_ = now + std::chrono::seconds(request.lifetime_s);
  return was_off || connected == Connected::disconnect ? Clients::go : Clients::stay;
}

Result<void> Tickets::expire(const wire::admin::ExpirePassword& request, Instant now) {
  if (!password_) return fail(ErrorCode::not_found, "there is no password");
  expires_.reset();
  if (request.never != 0) return {};
  // At this very moment it must be over already.
  expires_ = request.after_s == 0 ? now - Duration{1} : now + std::chrono::seconds(request.after_s);
  return {};
}

void Tickets::set_noauth() {
  password_.reset();
  expires_.reset();
}

}  // namespace spicebench::server
