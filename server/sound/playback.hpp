// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include "core/base/shared_bytes.hpp"
#include "server/session/services.hpp"
#include "server/sound/stream.hpp"

namespace spicebench::server {

// One period of what the guest plays.
struct SoundFrame {
  std::uint64_t stream = 0;  // number
  std::uint32_t time = 0;    // media time
  SharedBytes samples;       // S16, packet_frames frames
};

// The client that hears the guest.
class PlaybackListener {
 public:
  virtual ~PlaybackListener() = default;
  virtual void heard(SoundFrame frame) = 0;
  virtual void volume_changed() = 0;
  virtual void mute_changed() = 0;
};

// What the guest plays. One client at a time hears it; without one, nobody does.
//
// Source: channels.md §9.1.
class Playback {
 public:
  explicit Playback(Services& services)
      : services_(services), compression_(services.options.playback_compression) {}

  // Of the device. Errors: out_of_order (started already, not started; frames and stop have no
  // effect then), out_of_range (a frame of another size).
  Result<void> set_rate(std::uint32_t rate);
  Result<void> start();
  Result<void> stop();
  Result<void> put(const SharedBytes& samples);
  void set_volume(std::vector<std::uint16_t> volume);
  void set_mute(bool mute);
  void set_compression(bool on) { compression_ = on; }
  void device_gone();

  const VoiceState& state() const { return state_; }
  bool compression() const { return compression_; }

  // Precondition of attach: the one before is detached.
  void attach(PlaybackListener& listener);
  void detach();

 private:
  void tell_clock() { services_.media_clock.set_heard(listener_ && state_.stream); }

  Services& services_;
  VoiceState state_;
  bool compression_;
  std::uint64_t streams_ = 0;
  PlaybackListener* listener_ = nullptr;
};

}  // namespace spicebench::server
