// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <map>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/wire/ids.hpp"
#include "server/session/link_origin.hpp"

namespace spicebench::server {

// Which transport a channel wants. Names are those of channels, and "default" for all that have no
// entry of their own; without one, any transport does. A UNIX socket counts as plain.
//
// Source: channels.md §2.5, protocol.md §1.5 step 4.
class TransportPolicy {
 public:
  // Errors: malformed (no channel has that name), out_of_range (a name that stands in both lists:
  // nothing could link); the path is the list's.
  static Result<TransportPolicy> of(const std::vector<std::string>& secure_channels,
                                    const std::vector<std::string>& plain_channels);

  // ok, need_secured or need_unsecured
  wire::LinkError check(wire::ChannelType channel, Transport transport) const;

 private:
  enum class Wants : std::uint8_t { any, tls, plain };
  Result<void> add(const std::vector<std::string>& names, Wants wants, const char* list);

  std::map<wire::ChannelType, Wants> wants_;
  Wants default_ = Wants::any;
};

}  // namespace spicebench::server
