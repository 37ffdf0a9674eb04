// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/session/transport_policy.hpp"

#include <fmt/format.h>

#include "core/wire/message.hpp"

namespace spicebench::server {

using wire::ChannelType;
using wire::LinkError;

Result<TransportPolicy> TransportPolicy::of(const std::vector<std::string>& secure_channels,
                                            const std::vector<std::string>& plain_channels) {
  TransportPolicy policy;
  CHECKED(policy.add(secure_channels, Wants::tls, "secure_channels"));
  CHECKED(policy.add(plain_channels, Wants::plain, "plain_channels"));
  return policy;
}

Result<void> TransportPolicy::add(const std::vector<std::string>& names, Wants wants,
                                  const char* list) {
  for (const std::string& name : names) {
    Wants* entry = &default_;
    if (name != "default") {
      const auto channel = wire::channel_named(name);
      const bool linked = channel && *channel >= ChannelType::main && *channel < ChannelType::link;
      if (!linked)
        return fail(ErrorCode::malformed, fmt::format("\"{}\" is no channel", name), 0, list);
      entry = &wants_[*channel];
    }
    if (*entry != Wants::any && *entry != wants)
      return fail(ErrorCode::out_of_range,
                  fmt::format("\"{}\" is in secure_channels and in plain_channels", name), 0, list);
    *entry = wants;
  }
  return {};
}

LinkError TransportPolicy::check(ChannelType channel, Transport transport) const {
  const auto own = wants_.find(channel);
  const Wants wants = own == wants_.end() ? default_ : own->second;
  const bool tls = transport == Transport::tls;
  if (wants == Wants::tls && !tls) return LinkError::need_secured;
  if (wants == Wants::plain && tls) return LinkError::need_unsecured;
  return LinkError::ok;
}

}  // namespace spicebench::server
