// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/sound/playback.hpp"

#include <fmt/format.h>

#include <cassert>

#include "core/wire/sound_link.hpp"

namespace spicebench::server {

Result<void> Playback::set_rate(std::uint32_t rate) {
  if (state_.stream && rate != state_.rate)
    return fail(ErrorCode::out_of_order, "another rate while something is played", 0,
                "playback_rate");
  state_.rate = rate;
  return {};
}

Result<void> Playback::start() {
  if (state_.stream) return fail(ErrorCode::out_of_order, "playback is started already");
  state_.stream = {.number = ++streams_, .time = MediaClock::at(services_.now)};
  tell_clock();
  return {};
}

Result<void> Playback::stop() {
  if (!state_.stream) return fail(ErrorCode::out_of_order, "playback is not started");
  state_.stream.reset();
  tell_clock();
  return {};
}

Result<void> Playback::put(const SharedBytes& samples) {
  constexpr std::size_t frame_bytes = wire::sound::packet_frames * wire::sound::bytes_per_frame;
  if (!state_.stream) return fail(ErrorCode::out_of_order, "samples, and playback is not started");
  if (samples.size() != frame_bytes)
    return fail(ErrorCode::out_of_range,
                fmt::format("{} bytes, a period has {}", samples.size(), frame_bytes), 0, "data");
  if (!listener_) {
    ++services_.counters.sound_unheard;
    return {};
  }
  listener_->heard(
      {.stream = state_.stream->number, .time = MediaClock::at(services_.now), .samples = samples});
  return {};
}

void Playback::set_volume(std::vector<std::uint16_t> volume) {
  if (volume.empty()) return;
  state_.volume = std::move(volume);
  if (listener_) listener_->volume_changed();
}

void Playback::set_mute(bool mute) {
  state_.mute = mute;
  if (listener_) listener_->mute_changed();
}

void Playback::device_gone() {
  state_.stream.reset();
  tell_clock();
}

void Playback::attach(PlaybackListener& listener) {
  assert(!listener_);
  listener_ = &listener;
  tell_clock();
}

void Playback::detach() {
  listener_ = nullptr;
  tell_clock();
}

}  // namespace spicebench::server
