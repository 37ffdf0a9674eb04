// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>

namespace spicebench::server {

// What a server has done since its start.
struct ServerCounters {
  std::uint64_t links_accepted = 0, links_up = 0, links_refused = 0;
  std::uint64_t sessions = 0;
  std::uint64_t messages_received = 0, messages_sent = 0;  // of channels that are up
  std::uint64_t commands_fetched = 0, commands_drawn = 0, commands_refused = 0;
  std::uint64_t cursor_commands = 0, cursor_refused = 0;
  std::uint64_t released = 0;  // resources given back to the device
  std::uint64_t areas_updated = 0;
  std::uint64_t hidden = 0;  // commands taken out of a pipe because later ones cover them
  std::uint64_t streams = 0;
  std::uint64_t film_frames = 0, film_frames_left_out = 0;  // of all clients
  std::uint64_t pipe_full_waits = 0;  // times that fetching stopped because of a full pipe
  std::uint64_t cache_hits = 0, cache_insertions = 0, cache_evictions = 0;  // pixmaps
  std::uint64_t keys = 0, motions = 0, motion_acks = 0, buttons = 0;        // of inputs channels
  // Frames of sound: sent to a client, replaced by later ones before that, heard by nobody.
  std::uint64_t sound_sent = 0, sound_replaced = 0, sound_unheard = 0;
  // Packets of clients' microphones: taken, not asked for, not to be decoded.
  std::uint64_t recorded = 0, recorded_unasked = 0, recorded_bad = 0;
  bool operator==(const ServerCounters&) const = default;
};

}  // namespace spicebench::server
