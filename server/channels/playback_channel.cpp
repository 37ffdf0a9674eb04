// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/channels/playback_channel.hpp"

#include "core/wire/link.hpp"
#include "core/wire/playback_channel.hpp"
#include "core/wire/sound_link.hpp"

namespace spicebench::server {

using namespace wire::playback;
using State = PlaybackChannel::State;
using wire::link::PlaybackCap;

namespace {

constexpr StateSet<State> any{State::stopped, State::playing};
constexpr PlaybackTable::Row rows[] = {
    common_row<PlaybackChannel, &Channel::ack_sync>(any),
    common_row<PlaybackChannel, &Channel::ack>(any),
    common_row<PlaybackChannel, &Channel::pong>(any),
    common_row<PlaybackChannel, &Channel::disconnecting>(any),
};
constexpr std::string_view state_names[] = {"stopped", "playing"};
constexpr PlaybackTable table("playback", state_names, rows);

}  // namespace

const PlaybackTable& playback_table() {
  return table;
}

PlaybackChannel::PlaybackChannel(ChannelLink link, Playback& playback)
    : Channel(wire::ChannelType::playback, std::move(link)),
      playback_(playback),
      takes_volume_(has_cap(this->link().caps, PlaybackCap::volume)),
      takes_latency_(has_cap(this->link().caps, PlaybackCap::latency)),
      takes_opus_(has_cap(this->link().caps, PlaybackCap::opus)) {
  playback_.attach(*this);
}

PlaybackChannel::~PlaybackChannel() {
  playback_.detach();
}

void PlaybackChannel::open() {
  if (!playback_.state().volume.empty()) volume_changed();
  if (playback_.state().mute) mute_changed();
}

Result<void> PlaybackChannel::dispatch(const wire::MessageInfo& info, const void* message) {
  CHECKED(table.dispatch(*this, state(), info.key, message, info.name));
  return {};
}

void PlaybackChannel::heard(SoundFrame frame) {
  if (frame_) ++services().counters.sound_replaced;
  frame_ = std::move(frame);
}
void PlaybackChannel::volume_changed() {
  volume_waits_ = takes_volume_;
}
void PlaybackChannel::mute_changed() {
  mute_waits_ = takes_volume_;
}

std::uint16_t PlaybackChannel::wanted_mode() const {
  const bool opus = playback_.compression() && takes_opus_ && !encoder_failed_ &&
                    audio::opus_carries(stream_ ? rate_ : playback_.state().rate);
  return opus ? wire::audio::mode_opus : wire::audio::mode_raw;
}

// As the options have it, or as video needs it.
std::uint32_t PlaybackChannel::wanted_latency_ms() const {
  if (!takes_latency_) return 0;
  const std::uint32_t video = services().media_clock.latency_ms();
  return std::max(services().options.playback_latency_ms, video > mm_time_delay_ms ? video : 0);
}

void PlaybackChannel::pump() {
  while (outbox().may_take() && send_next()) {
  }
}

bool PlaybackChannel::send_next() {
  return send_setting() || send_stream();
}

bool PlaybackChannel::send_setting() {
  if (const std::uint16_t mode = wanted_mode(); mode != mode_) {
    mode_ = mode;
    encoder_.reset();
    outbox().send(ModeChanged{.time = MediaClock::at(services().now), .mode = mode, .data = {}});
  } else if (std::exchange(volume_waits_, false)) {
    outbox().send(Volume{playback_.state().volume});
  } else if (std::exchange(mute_waits_, false)) {
    outbox().send(Mute{*playback_.state().mute});
  } else {
    return false;
  }
  return true;
}

// What is left of a stream that is over, then what there is of the present one.
bool PlaybackChannel::send_stream() {
  const VoiceState& voice = playback_.state();
  if (stream_ && frame_ && frame_->stream == *stream_) {
    send_frame();
    return true;
  }
  if (stream_ && (!voice.stream || voice.stream->number != *stream_)) {
    stream_.reset();
    outbox().send(Stop{});
    return true;
  }
  if (voice.stream && !stream_) {
    stream_ = voice.stream->number;
    rate_ = voice.rate;
    encoder_.reset();
    told_latency_ms_ = 0;
    outbox().send(Start{.channels = wire::sound::channels,
                        .format = wire::audio::format_s16,
                        .frequency = voice.rate,
                        .time = voice.stream->time});
    return true;
  }
  if (const std::uint32_t wanted = wanted_latency_ms(); stream_ && wanted > told_latency_ms_) {
    told_latency_ms_ = wanted;
    outbox().send(Latency{wanted});
    return true;
  }
  if (frame_) ++services().counters.sound_replaced;  // its stream was never heard of
  frame_.reset();
  return false;
}

void PlaybackChannel::send_frame() {
  auto data = encoded(frame_->samples);
  if (!data) {  // MODE comes first now, and the frame after it
    warn(data.error().code, "the encoder failed: " + data.error().detail);
    encoder_failed_ = true;
    return;
  }
  ++services().counters.sound_sent;
  outbox().send(Data{.time = frame_->time, .data = SharedBytes(*std::move(data))});
  frame_.reset();
}

Result<Bytes> PlaybackChannel::encoded(const SharedBytes& samples) {
  const BytesView raw = samples;
  if (mode_ == wire::audio::mode_raw) return Bytes(raw.begin(), raw.end());
  if (!encoder_)
    encoder_ = TRY(
        audio::make_audio_encoder(mode_, {.channels = wire::sound::channels, .frequency = rate_}));
  return encoder_->encode(audio::samples_of(raw));
}

nlohmann::json PlaybackChannel::describe() const {
  nlohmann::json json = describe_outbox();
  json["state"] = table.name_of(state());
  json["mode"] = mode_;
  json["frame_waits"] = frame_.has_value();
  return json;
}

}  // namespace spicebench::server
