// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/sound/record.hpp"

namespace spicebench::server {

Result<void> Record::set_rate(std::uint32_t rate) {
  if (state_.stream && rate != state_.rate)
    return fail(ErrorCode::out_of_order, "another rate while something is recorded", 0,
                "record_rate");
  state_.rate = rate;
  return {};
}

Result<void> Record::start() {
  if (state_.stream) return fail(ErrorCode::out_of_order, "recording is started already");
  ring_.clear();
  state_.stream = {.number = ++streams_, .time = MediaClock::at(services_.now)};
  return {};
}

Result<void> Record::stop() {
  if (!state_.stream) return fail(ErrorCode::out_of_order, "recording is not started");
  state_.stream.reset();
  return {};
}

void Record::set_volume(std::vector<std::uint16_t> volume) {
  if (volume.empty()) return;
  state_.volume = std::move(volume);
  if (listener_) listener_->volume_changed();
}

void Record::set_mute(bool mute) {
  state_.mute = mute;
  if (listener_) listener_->mute_changed();
}

SharedBytes Record::read(std::uint32_t most_frames) {
  if (!state_.stream) return {};
  return audio::bytes_of(ring_.read(most_frames));
}

}  // namespace spicebench::server
