// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <memory>
#include <optional>

#include "core/audio/audio.hpp"
#include "server/channels/channel.hpp"
#include "server/sound/playback.hpp"

namespace spicebench::server {

// What the guest plays, for the one client that hears it. At most one message is under way and one
// frame waits: while the client does not read, a new frame takes the place of the one that waits.
//
// Source: protocol.md §4.6, channels.md §9.1. DIFFERS: START goes before the frames of its stream
// and every STOP out, whatever waited meanwhile; volume and mute go before sound; a client that
// took RAW may get Opus later (the reference drops it); a failing encoder means RAW, not the end.
class PlaybackChannel final : public Channel, private PlaybackListener {
 public:
  enum class State : std::uint8_t { stopped, playing };

  PlaybackChannel(ChannelLink link, Playback& playback);
  ~PlaybackChannel() override;

  void open() override;
  void pump() override;
  nlohmann::json describe() const override;
  State state() const { return stream_ ? State::playing : State::stopped; }

 private:
  Result<void> dispatch(const wire::MessageInfo& info, const void* message) override;
  void heard(SoundFrame frame) override;
  void volume_changed() override;
  void mute_changed() override;

  std::uint16_t wanted_mode() const;
  std::uint32_t wanted_latency_ms() const;  // 0: the client is not asked
  // The next message of all that waits; false: nothing waits.
  bool send_next();
  bool send_setting();
  bool send_stream();
  void send_frame();
  // The frame as the client's mode has it. Errors: internal (the encoder's).
  Result<Bytes> encoded(const SharedBytes& samples);

  Playback& playback_;
  const bool takes_volume_, takes_latency_, takes_opus_;
  bool encoder_failed_ = false;
  std::uint16_t mode_ = 0;  // of the last MODE; 0: none yet
  bool volume_waits_ = false, mute_waits_ = false;
  std::uint32_t told_latency_ms_ = 0;             // in this stream
  std::optional<std::uint64_t> stream_;           // the one that was started for the client
  std::uint32_t rate_ = 0;                        // of that stream, Hz
  std::optional<SoundFrame> frame_;               // the one that waits
  std::unique_ptr<audio::AudioEncoder> encoder_;  // of mode Opus and this stream; null: not yet
};

using PlaybackTable = StateTable<PlaybackChannel, PlaybackChannel::State, wire::MessageKey>;
const PlaybackTable& playback_table();

}  // namespace spicebench::server
