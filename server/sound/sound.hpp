// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include "core/base/state_table.hpp"
#include "core/wire/sound_link.hpp"
#include "server/sound/playback.hpp"
#include "server/sound/record.hpp"

namespace spicebench::server {

// The machine's sound device, as the device link tells of it.
class Sound {
 public:
  enum class State : std::uint8_t { absent, present };

  explicit Sound(Services& services) : services_(services), playback(services), record(services) {}

  // A message of wire::sound. Errors: out_of_order, out_of_range; the link goes on all the same.
  Result<void> handle(const wire::AnyMessage& message);
  void device_gone();
  // Whether the machine has what this channel is for.
  bool offers(wire::ChannelType type) const;
  nlohmann::json describe() const;

  // The rows of the table.
  Result<State> device(const wire::sound::Device& message);
  Result<State> playback_start(const wire::sound::PlaybackStart&);
  Result<State> playback_stop(const wire::sound::PlaybackStop&);
  Result<State> playback_samples(const wire::sound::PlaybackSamples& message);
  Result<State> playback_volume(const wire::sound::PlaybackVolume& message);
  Result<State> playback_mute(const wire::sound::PlaybackMute& message);
  Result<State> playback_compression(const wire::sound::PlaybackCompression& message);
  Result<State> record_start(const wire::sound::RecordStart&);
  Result<State> record_stop(const wire::sound::RecordStop&);
  Result<State> record_volume(const wire::sound::RecordVolume& message);
  Result<State> record_mute(const wire::sound::RecordMute& message);
  Result<State> record_read(const wire::sound::RecordRead& message);

 private:
  Services& services_;

 public:
  Playback playback;
  Record record;

 private:
  State state_ = State::absent;
  bool has_playback_ = false, has_record_ = false;
};

using SoundTable = StateTable<Sound, Sound::State, wire::MessageKey>;
const SoundTable& sound_table();

}  // namespace spicebench::server
