// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/wire/ids.hpp"

// The capability bits by name, and the messages that may be sent only to a peer that set one
// (protocol.md §7).
namespace spicebench::wire {

// "monitors_config"; of ChannelType::common: the common word's. Empty: no such bit.
std::string_view capability_name(ChannelType channel, std::uint32_t bit);

// What a message needs before it may be sent.
struct NeededCapability {
  Side announced_by{};  // the receiver of the message
  ChannelType channel{};
  std::uint32_t bit = 0;
};
// Nothing: the message may always be sent.
std::optional<NeededCapability> needed_capability(const MessageKey& key);

}  // namespace spicebench::wire
