// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <functional>

#include "core/audio/tone.hpp"
#include "core/base/hash.hpp"
#include "core/wire/message.hpp"
#include "core/world/peer.hpp"
#include "qxl-model/sound/sound_options.hpp"
#include "qxl-model/sound/sound_voice.hpp"

namespace spicebench::qxl {

struct SoundCounters {
  std::uint64_t frames_played = 0;    // given to the server
  std::uint64_t frames_recorded = 0;  // got from it
  std::uint64_t empty_reads = 0;      // reads that brought nothing
  Hash128 recorded;                   // of all recorded samples, in order
  bool operator==(const SoundCounters&) const = default;
};

// A sound card with a player and a recorder in front of it: it plays a tone, one period at a time,
// and reads what was recorded at the end of each period.
class SoundDevice {
 public:
  using Hand = std::function<void(ValuePtr)>;  // to the server
  SoundDevice(const SoundOptions& options, std::uint32_t seconds, Timeline& timeline, Hand hand);

  void power_on();
  void pause();
  void go_on();
  // False: not a message for sound devices.
  bool handle(const wire::AnyMessage& message);
  SoundCounters counters() const;

 private:
  void start_playing();
  void play_period();
  void start_recording();
  void flip_compression();

  const SoundOptions& options_;
  Cycle end_;
  Timeline& timeline_;
  Hand hand_;
  audio::Tone tone_;
  SoundVoice playback_, record_;
  bool compression_ = true;
  std::uint32_t last_request_ = 0;
  SoundCounters counters_;
  Hasher recorded_;
};

}  // namespace spicebench::qxl
