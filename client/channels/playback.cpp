// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/channels/playback.hpp"

#include <fmt/format.h>

#include "client/session.hpp"
#include "client/sound/volume.hpp"

namespace spicebench::client {

using namespace wire::playback;
using State = PlaybackState;

namespace {
constexpr std::uint64_t packets_between_delays = 100;  // channels.md §9.2
}

const Playback::Table& Playback::table() {
  static constexpr StateSet<State> any{State::stopped, State::playing};
  static constexpr Table::Row rows[] = {
      state_row<&Playback::mode>(any, any),
      state_row<&Playback::start>(any, State::playing),
      state_row<&Playback::stop>(any, State::stopped),
      state_row<&Playback::data>(any, any),
      state_row<&Playback::volume>(any, any),
      state_row<&Playback::mute>(any, any),
      state_row<&Playback::latency>(any, any),
  };
  static constexpr std::string_view names[] = {"stopped", "playing"};
  static constexpr Table table("playback", names, rows);
  return table;
}

void Playback::note(Error error, std::string_view where) {
  connection_.note(std::move(error).within(where));
}

void Playback::make_decoder() {
  decoder_.reset();
  if (!sink_.is_open()) return;
  auto decoder = audio::make_audio_decoder(status_.mode, sink_.format());
  if (!decoder) return note(std::move(decoder).error(), "mode");
  decoder_ = *std::move(decoder);
}

Result<State> Playback::mode(const ModeChanged& message) {
  status_.mode = message.mode;
  if (message.mode == wire::audio::mode_raw || message.mode == wire::audio::mode_opus) {
    make_decoder();
  } else {
    decoder_.reset();
    note({ErrorCode::unsupported, 0, "mode", fmt::format("unsupported mode {}", message.mode)},
         "mode");
  }
  return state();
}

// A START while playing begins anew. One that makes no sense opens nothing, until the next.
Result<State> Playback::start(const Start& message) {
  sink_.close();
  decoder_.reset();
  last_time_ = message.time;
  packets_of_stream_ = 0;
  if (message.format != wire::audio::format_s16) {
    note({ErrorCode::unsupported, 0, "format", fmt::format("sample format {}", message.format)},
         "start");
    return State::playing;
  }
  const audio::StreamFormat format{.channels = message.channels, .frequency = message.frequency};
  // Without a known MODE before it, the numbers are checked all the same.
  if (auto possible = audio::make_audio_decoder(wire::audio::mode_raw, format); !possible) {
    note(std::move(possible).error(), "start");
    return State::playing;
  }
  ++status_.streams;
  sink_.open(format);
  make_decoder();
  return State::playing;
}

Result<State> Playback::stop(const Stop&) {
  sink_.close();
  decoder_.reset();
  return State::stopped;
}

Result<State> Playback::data(const Data& message) {
  if (!decoder_) {
    ++status_.dropped_packets;
    if (state() == State::stopped)
      note({ErrorCode::out_of_order, 0, "", "sound outside of a stream"}, "data");
    return state();
  }
  if (static_cast<std::int32_t>(message.time - last_time_) < 0) ++status_.times_went_back;
  last_time_ = message.time;
  auto samples = decoder_->decode(message.data);
  if (!samples) {
    ++status_.dropped_packets;
    note(std::move(samples).error(), "data");
    return state();
  }
  ++status_.packets;
  scale(*samples, sink_.format().channels, status_.volume, status_.mute);
  Session& session = connection_.session();
  const Duration delay = sink_.play(*samples, session.now());
  if (packets_of_stream_++ % packets_between_delays == 0)
    session.media_clock.set(message.time - static_cast<std::uint32_t>(delay.count() / 1'000'000),
                            session.now());
  return state();
}

Result<State> Playback::volume(const Volume& message) {
  if (!message.volume.empty()) status_.volume = message.volume;
  return state();
}
Result<State> Playback::mute(const Mute& message) {
  status_.mute = message.mute != 0;
  return state();
}
Result<State> Playback::latency(const Latency& message) {
  sink_.want_latency(message.latency_ms);
  return state();
}

PlaybackStatus Playback::status() const {
  PlaybackStatus status = status_;
  status.frames = sink_.frames();
  status.underruns = sink_.underruns();
  status.latency_ms = sink_.latency_ms();
  status.open = sink_.is_open();
  status.heard = sink_.heard();
  return status;
}

}  // namespace spicebench::client
