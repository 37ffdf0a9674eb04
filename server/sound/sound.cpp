// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/sound/sound.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace spicebench::server {

using namespace wire::sound;
using State = Sound::State;

namespace {

constexpr SoundTable::Row rows[] = {
    state_row<&Sound::device>({State::absent, State::present}, State::present),
    state_row<&Sound::playback_start>(State::present, State::present),
    state_row<&Sound::playback_stop>(State::present, State::present),
    state_row<&Sound::playback_samples>(State::present, State::present),
    state_row<&Sound::playback_volume>(State::present, State::present),
    state_row<&Sound::playback_mute>(State::present, State::present),
    state_row<&Sound::playback_compression>(State::present, State::present),
    state_row<&Sound::record_start>(State::present, State::present),
    state_row<&Sound::record_stop>(State::present, State::present),
    state_row<&Sound::record_volume>(State::present, State::present),
    state_row<&Sound::record_mute>(State::present, State::present),
    state_row<&Sound::record_read>(State::present, State::present),
};
constexpr std::string_view state_names[] = {"absent", "present"};
constexpr SoundTable table("sound", state_names, rows);

Result<void> check_rate(std::uint32_t rate, std::string path) {
  if (rate >= sound_rate_min && rate <= sound_rate_max) return {};
  return fail(ErrorCode::out_of_range,
              fmt::format("{} Hz, allowed {} to {}", rate, sound_rate_min, sound_rate_max), 0,
              std::move(path));
}

}  // namespace

const SoundTable& sound_table() {
  return table;
}

Result<void> Sound::handle(const wire::AnyMessage& message) {
  state_ =
      TRY(table.dispatch(*this, state_, message.info().key, message.object(), message.info().name));
  return {};
}

void Sound::device_gone() {
  state_ = State::absent;
  has_playback_ = has_record_ = false;
  playback.device_gone();
  record.device_gone();
}

bool Sound::offers(wire::ChannelType type) const {
  return (type == wire::ChannelType::playback && has_playback_) ||
         (type == wire::ChannelType::record && has_record_);
}

Result<State> Sound::device(const Device& message) {
  CHECKED(check_rate(message.playback_rate, "playback_rate"));
  CHECKED(check_rate(message.record_rate, "record_rate"));
  CHECKED(playback.set_rate(message.playback_rate));
  CHECKED(record.set_rate(message.record_rate));
  has_playback_ = message.has_playback != 0;
  has_record_ = message.has_record != 0;
  return State::present;
}

Result<State> Sound::playback_start(const PlaybackStart&) {
  CHECKED(playback.start());
  return state_;
}
Result<State> Sound::playback_stop(const PlaybackStop&) {
  CHECKED(playback.stop());
  return state_;
}
Result<State> Sound::playback_samples(const PlaybackSamples& message) {
  CHECKED(playback.put(message.data));
  return state_;
}
Result<State> Sound::playback_volume(const PlaybackVolume& message) {
  playback.set_volume(message.volume);
  return state_;
}
Result<State> Sound::playback_mute(const PlaybackMute& message) {
  playback.set_mute(message.mute != 0);
  return state_;
}
Result<State> Sound::playback_compression(const PlaybackCompression& message) {
  playback.set_compression(message.on != 0);
  return state_;
}

Result<State> Sound::record_start(const RecordStart&) {
  CHECKED(record.start());
  return state_;
}
Result<State> Sound::record_stop(const RecordStop&) {
  CHECKED(record.stop());
  return state_;
}
Result<State> Sound::record_volume(const RecordVolume& message) {
  record.set_volume(message.volume);
  return state_;
}
Result<State> Sound::record_mute(const RecordMute& message) {
  record.set_mute(message.mute != 0);
  return state_;
}
// More than the ring holds is never there.
Result<State> Sound::record_read(const RecordRead& message) {
  services_.to_device(RecordSamples{message.request_id, record.read(message.most_frames)});
  return state_;
}

nlohmann::json Sound::describe() const {
  const auto voice = [](const VoiceState& state) {
    nlohmann::json json{{"rate", state.rate}, {"started", state.stream.has_value()}};
    if (!state.volume.empty()) json["volume"] = state.volume;
    if (state.mute) json["mute"] = *state.mute;
    return json;
  };
  nlohmann::json json{{"state", table.name_of(state_)}};
  if (has_playback_) {
    json["playback"] = voice(playback.state());
    json["playback"]["compression"] = playback.compression();
  }
  if (has_record_) {
    json["record"] = voice(record.state());
    json["record"]["waiting_frames"] = record.ring().size();
  }
  return json;
}

}  // namespace spicebench::server
