// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "client/media_clock.hpp"
#include "client/options.hpp"
#include "client/sound/sound_status.hpp"
#include "client/status.hpp"
#include "core/base/hash.hpp"
#include "core/base/random.hpp"
#include "core/draw/surface.hpp"
#include "core/wire/display_channel.hpp"
#include "core/world/peer.hpp"

namespace spicebench::client {

// A SPICE client: connects to "spice", once for every channel that it knows (main, display, cursor,
// inputs, playback, record), draws what it is told and passes on what its user does. A user is
// whoever connects to "user" (core/wire/user_link.hpp).
//
// A message that is malformed or out of order ends the session, what fails on the way up of a
// channel other than main ends that channel (protocol.md §0.2, §9); either way errors() says where
// and why. What has no defined effect (canvas.md §17) is noted there and left out.
class Client final : public Peer {
 public:
  Client(ClientOptions options, Random random);
  ~Client() override;

  Outputs start(Instant now) override;
  Outputs handle(const Input& input, Instant now) override;

  // A surface of a display channel; null: none. Valid until the next input.
  const draw::Surface* surface(std::uint8_t display_channel_id, std::uint32_t surface_id) const;
  // The primary surface of a display channel, null while there is none.
  const draw::Surface* screen(std::uint8_t display_channel_id) const;
  // Format, size and visible bits of that surface's pixels; zero while there is none.
  Hash128 screen_hash(std::uint8_t display_channel_id) const;
  bool screen_ready(std::uint8_t display_channel_id) const;  // MARK has come
  // Null: no such channel.
  const CursorStatus* cursor(std::uint8_t cursor_channel_id) const;
  CacheStatus pixmap_cache() const;
  AgentStatus agent() const;
  // Nothing: no such channel.
  std::optional<PlaybackStatus> playback() const;
  std::optional<RecordStatus> record() const;
  const MediaClock& media_clock() const;
  std::optional<PortStatus> port(std::uint8_t port_channel_id) const;
  // The monitors of the last MONITORS_CONFIG; none: the whole screen is one.
  std::vector<wire::display::Head> monitors(std::uint8_t display_channel_id) const;
  std::uint32_t mouse_mode() const;             // wire::main_channel::MouseMode, 0 before INIT
  std::uint32_t session_id() const;             // 0 before INIT
  bool ended() const;                           // the session is over
  std::vector<ChannelStatus> channels() const;  // in the order of connection
  // At most most_errors; error_count() counts them all.
  const std::vector<ClientError>& errors() const;
  std::uint64_t error_count() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace spicebench::client
