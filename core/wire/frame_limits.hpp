// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <utility>

#include "core/base/side.hpp"
#include "core/wire/ids.hpp"

namespace spicebench::wire {

// LinkHeader.size of what this side sends, least and most (protocol.md §10.1).
constexpr std::pair<std::uint32_t, std::uint32_t> link_size_limits(Side sender) {
  return sender == Side::client ? std::pair{18u, 4096u} : std::pair{178u, 65536u};
}

// The most bytes that the body of a message may have (protocol.md §2.4, §10.2).
std::uint32_t most_body_bytes(ChannelType channel, Side sender, std::uint16_t type);

}  // namespace spicebench::wire
