// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/sound/sound_device.hpp"

#include "core/wire/message_value.hpp"
#include "core/wire/sound_link.hpp"

namespace spicebench::qxl {

namespace sound = wire::sound;
using wire::value_of;

namespace {
constexpr Cycle millisecond = 1'000'000;

// What a voice sounds like the next time that it is on; nothing: as before.
std::optional<std::uint16_t> volume_of(const VoiceOptions& options, std::uint64_t time) {
  if (options.volumes.empty()) return std::nullopt;
  return options.volumes[(time - 1) % options.volumes.size()];
}
}  // namespace

SoundDevice::SoundDevice(const SoundOptions& options, std::uint32_t seconds, Timeline& timeline,
                         Hand hand)
    : options_(options),
      end_(1000 * millisecond * seconds),
      timeline_(timeline),
      hand_(std::move(hand)),
      tone_(options.plays, options.playback.rate, options.tone_hz),
      playback_(timeline, options.playback, end_,
                {.on = [this] { start_playing(); },
                 .period_over = [this] { play_period(); },
                 .off = [this] { hand_(value_of(sound::PlaybackStop{})); }}),
      record_(timeline, options.record, end_,
              {.on = [this] { start_recording(); },
               .period_over =
                   [this] {
                     hand_(value_of(sound::RecordRead{++last_request_, sound::packet_frames}));
                   },
               .off = [this] { hand_(value_of(sound::RecordStop{})); }}) {}

void SoundDevice::power_on() {
  hand_(value_of(sound::Device{.has_playback = options_.playback.present,
                               .has_record = options_.record.present,
                               .playback_rate = options_.playback.rate,
                               .record_rate = options_.record.rate}));
  playback_.power_on();
  record_.power_on();
  if (options_.flip_compression_ms > 0)
    timeline_.after(millisecond * options_.flip_compression_ms, EventClass::timer,
                    [this] { flip_compression(); });
}

void SoundDevice::pause() {
  playback_.pause();
  record_.pause();
}
void SoundDevice::go_on() {
  playback_.go_on();
  record_.go_on();
}

void SoundDevice::start_playing() {
  if (const auto volume = volume_of(options_.playback, playback_.times_on())) {
    hand_(value_of(sound::PlaybackVolume{{*volume, *volume}}));
    hand_(value_of(sound::PlaybackMute{*volume == 0}));
  }
  hand_(value_of(sound::PlaybackStart{}));
}

void SoundDevice::play_period() {
  counters_.frames_played += sound::packet_frames;
  hand_(value_of(
      sound::PlaybackSamples{audio::bytes_of(tone_.next(sound::packet_frames, sound::channels))}));
}

void SoundDevice::start_recording() {
  if (const auto volume = volume_of(options_.record, record_.times_on())) {
    hand_(value_of(sound::RecordVolume{{*volume, *volume}}));
    hand_(value_of(sound::RecordMute{*volume == 0}));
  }
  hand_(value_of(sound::RecordStart{}));
}

void SoundDevice::flip_compression() {
  compression_ = !compression_;
  hand_(value_of(sound::PlaybackCompression{compression_}));
  const Cycle next = timeline_.now() + millisecond * options_.flip_compression_ms;
  if (next < end_) timeline_.at(next, EventClass::timer, [this] { flip_compression(); });
}

bool SoundDevice::handle(const wire::AnyMessage& message) {
  const auto* samples = message.as<sound::RecordSamples>();
  if (!samples) return false;
  counters_.frames_recorded += samples->data.size() / sound::bytes_per_frame;
  if (samples->data.empty()) ++counters_.empty_reads;
  recorded_.add(BytesView(samples->data));
  return true;
}

SoundCounters SoundDevice::counters() const {
  SoundCounters counters = counters_;
  counters.recorded = recorded_.value();
  return counters;
}

}  // namespace spicebench::qxl
