// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/channels/record_channel.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/wire/link.hpp"
#include "core/wire/sound_link.hpp"

namespace spicebench::server {

using namespace wire::record;
using State = RecordChannel::State;
using wire::link::RecordCap;

namespace {

constexpr StateSet<State> any{State::idle, State::recording};
constexpr RecordTable::Row rows[] = {
    common_row<RecordChannel, &Channel::ack_sync>(any),
    common_row<RecordChannel, &Channel::ack>(any),
    common_row<RecordChannel, &Channel::pong>(any),
    common_row<RecordChannel, &Channel::disconnecting>(any),
    state_row<&RecordChannel::data>(any, any),
    state_row<&RecordChannel::mode>(any, any),
    state_row<&RecordChannel::start_mark>(any, any),
};
constexpr std::string_view state_names[] = {"idle", "recording"};
constexpr RecordTable table("record", state_names, rows);

}  // namespace

const RecordTable& record_table() {
  return table;
}

RecordChannel::RecordChannel(ChannelLink link, Record& record)
    : Channel(wire::ChannelType::record, std::move(link)),
      record_(record),
      takes_volume_(has_cap(this->link().caps, RecordCap::volume)) {
  record_.attach(*this);
}

RecordChannel::~RecordChannel() {
  record_.detach();
}

void RecordChannel::open() {
  if (!record_.state().volume.empty()) volume_changed();
  if (record_.state().mute) mute_changed();
}

Result<void> RecordChannel::dispatch(const wire::MessageInfo& info, const void* message) {
  CHECKED(table.dispatch(*this, state(), info.key, message, info.name));
  return {};
}

// Sending

void RecordChannel::pump() {
  while (outbox().may_take() && send_next()) {
  }
}

bool RecordChannel::send_next() {
  const VoiceState& voice = record_.state();
  if (std::exchange(volume_waits_, false)) {
    outbox().send(Volume{voice.volume});
  } else if (std::exchange(mute_waits_, false)) {
    outbox().send(Mute{*voice.mute});
  } else if (stream_ && (!voice.stream || voice.stream->number != *stream_)) {
    stream_.reset();
    outbox().send(Stop{});
  } else if (voice.stream && !stream_) {
    stream_ = voice.stream->number;
    marked_ = false;
    mode_ = wire::audio::mode_raw;  // until the client says another
    decoder_.reset();
    bad_packets_ = 0;
    outbox().send(Start{.channels = wire::sound::channels,
                        .format = wire::audio::format_s16,
                        .frequency = voice.rate});
  } else {
    return false;
  }
  return true;
}

// Receiving

Result<std::unique_ptr<audio::AudioDecoder>> RecordChannel::decoder_for(std::uint16_t mode) const {
  return audio::make_audio_decoder(
      mode, {.channels = wire::sound::channels, .frequency = record_.state().rate});
}

Result<State> RecordChannel::mode(const ModeChanged& message) {
  auto decoder = decoder_for(message.mode);
  if (!decoder) return std::unexpected(std::move(decoder).error().within("mode"));
  mode_ = message.mode;
  decoder_ = *std::move(decoder);
  return state();
}

Result<State> RecordChannel::start_mark(const StartMark& message) {
  marked_ = stream_.has_value();
  mark_ = message.time;
  return state();
}

bool RecordChannel::wanted() const {
  return marked_ && stream_ && record_.state().stream && record_.state().stream->number == *stream_;
}

Result<State> RecordChannel::data(const Data& message) {
  ServerCounters& counters = services().counters;
  if (!wanted()) {
    ++counters.recorded_unasked;
    return state();
  }
  BytesView packet = message.data;
  if (mode_ == wire::audio::mode_raw)
    packet = packet.first(
        std::min(packet.size(), record_ring_frames * std::size_t{wire::sound::bytes_per_frame}));
  if (!decoder_) decoder_ = TRY(decoder_for(mode_));
  const auto samples = decoder_->decode(packet);
  if (samples) {
    bad_packets_ = 0;
    ++counters.recorded;
    record_.write(*samples);
    return state();
  }
  ++counters.recorded_bad;
  if (++bad_packets_ >= most_bad_packets)
    return fail(
        samples.error().code,
        fmt::format("{} packets in a row, the last: {}", bad_packets_, samples.error().detail), 0,
        "data");
  warn(samples.error().code, "a packet is dropped: " + samples.error().detail);
  return state();
}

nlohmann::json RecordChannel::describe() const {
  nlohmann::json json = describe_outbox();
  json["state"] = table.name_of(state());
  json["mode"] = mode_;
  json["marked"] = marked_;
  json["mark"] = mark_;
  return json;
}

}  // namespace spicebench::server
