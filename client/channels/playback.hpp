// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <memory>

#include "client/channel.hpp"
#include "client/connection.hpp"
#include "client/sound/sound_sink.hpp"
#include "core/wire/playback_channel.hpp"

namespace spicebench::client {

// A playback channel (protocol.md §4.6, §9.7; channels.md §9.2): what the guest plays. What cannot
// be played is noted and dropped, and nothing is heard meanwhile.
enum class PlaybackState : std::uint8_t { stopped, playing };
class Playback final : public TableChannel<Playback, PlaybackState> {
 public:
  explicit Playback(Connection& connection) : connection_(connection) {}
  static const Table& table();
  PlaybackStatus status() const;
  // That what arrives waits before it is heard; UINT32_MAX: nothing plays.
  std::uint32_t delay_ms() const { return sink_.is_open() ? sink_.latency_ms() : UINT32_MAX; }

  Result<PlaybackState> mode(const wire::playback::ModeChanged& message);
  Result<PlaybackState> start(const wire::playback::Start& message);
  Result<PlaybackState> stop(const wire::playback::Stop& message);
  Result<PlaybackState> data(const wire::playback::Data& message);
  Result<PlaybackState> volume(const wire::playback::Volume& message);
  Result<PlaybackState> mute(const wire::playback::Mute& message);
  Result<PlaybackState> latency(const wire::playback::Latency& message);

 private:
  // A decoder for the present mode and stream; without one nothing is heard.
  void make_decoder();
  void note(Error error, std::string_view where);

  Connection& connection_;
  PlaybackStatus status_;
  SoundSink sink_;
  std::unique_ptr<audio::AudioDecoder> decoder_;
  std::uint32_t last_time_ = 0;
  std::uint64_t packets_of_stream_ = 0;
};

}  // namespace spicebench::client
