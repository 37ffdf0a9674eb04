// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>

#include "core/base/result.hpp"
#include "core/image/cursor.hpp"
#include "core/wire/ids.hpp"
#include "core/world/peer.hpp"

// What a client tells about itself to tests, inspector and statistics.
namespace spicebench::client {

constexpr std::size_t most_errors = 1000;
struct ClientError {
  wire::ChannelType channel{};
  std::uint8_t channel_id = 0;
  LinkId link = 0;
  std::uint64_t message = 0;  // counted from 1 per connection; 0: the link stage
  bool fatal = false;         // false: noted, and the message skipped
  Error error;
};

struct ChannelStatus {
  wire::ChannelType type{};
  std::uint8_t id = 0;
  LinkId link = 0;
  std::string state;                               // of its table, "link" before it is up
  bool waiting = false;                            // for another channel or a cache entry
  std::map<wire::MessageKey, std::uint64_t> sent;  // messages by kind
  // Received, unknown and undescribed ones included (under their number in this channel).
  std::map<wire::MessageKey, std::uint64_t> received;
  std::uint64_t skipped = 0;  // of the received: unknown or not yet described
};

struct CursorStatus {
  std::int32_t x = 0, y = 0;
  bool visible = false;
  std::optional<image::CursorShape> shape;
  std::size_t cached = 0;  // shapes in the cache
};

struct AgentStatus {
  static constexpr std::size_t most_pasted = 100;
  bool connected = false;
  std::uint32_t tokens = 0;                      // messages that we may send to it
  std::vector<std::uint32_t> guest_caps;         // words, wire::agent::Cap
  std::deque<std::string> pasted;                // texts of the guest that users got, the last ones
  std::map<std::uint32_t, std::uint32_t> files;  // that have ended: wire::agent::FileXferResult
};

struct PortStatus {
  std::string name;
  bool opened = false;                  // by a program in the guest
  std::uint64_t read = 0, written = 0;  // bytes
};

struct CacheStatus {
  std::size_t entries = 0;
  std::uint64_t pixels = 0;
};

}  // namespace spicebench::client
