// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/wire/frame_limits.hpp"

#include "core/wire/common_messages.hpp"
#include "core/wire/main_channel.hpp"

namespace spicebench::wire {

std::uint32_t most_body_bytes(ChannelType channel, Side sender, std::uint16_t type) {
  constexpr std::uint32_t kib = 1024, mib = 1024 * kib;
  if (sender == Side::server) return channel == ChannelType::display ? 256 * mib : 64 * mib;
  if (type == common::ClientMigrateData::message.id) return 64 * mib;
  switch (channel) {
    case ChannelType::main:
      return type == main_channel::AgentDataToServer::message.id ? 2 * kib : 26 * kib;
    case ChannelType::display:
    case ChannelType::cursor:
      return kib;
    case ChannelType::inputs:
      return 2 * kib;
    case ChannelType::usbredir:
    case ChannelType::port:
    case ChannelType::webdav:
      return 16 * mib;
    default:
      return mib;
  }
}

}  // namespace spicebench::wire
