// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/channels/record.hpp"

#include <fmt/format.h>

#include "client/session.hpp"
#include "client/sound/volume.hpp"

namespace spicebench::client {

using namespace wire::record;
using State = RecordState;

const Record::Table& Record::table() {
  static constexpr StateSet<State> any{State::idle, State::recording};
  static constexpr Table::Row rows[] = {
      state_row<&Record::start>(any, any),
      state_row<&Record::stop>(any, State::idle),
      state_row<&Record::volume>(any, any),
      state_row<&Record::mute>(any, any),
  };
  static constexpr std::string_view names[] = {"idle", "recording"};
  static constexpr Table table("record", names, rows);
  return table;
}

Record::Record(Connection& connection)
    : connection_(connection), source_(connection.session().options().sound) {}

// Opus, if both ends and the rate have it. A START that makes no sense opens nothing.
Result<State> Record::start(const Start& message) {
  close();
  const auto refuse = [this](Error error) {
    connection_.note(std::move(error).within("start"));
    return State::idle;
  };
  if (message.format != wire::audio::format_s16)
    return refuse(
        {ErrorCode::unsupported, 0, "format", fmt::format("sample format {}", message.format)});
  const audio::StreamFormat format{.channels = message.channels, .frequency = message.frequency};
  const bool opus = connection_.session().options().sound.opus && format.channels <= 2 &&
                    audio::opus_carries(format.frequency) &&
                    wire::link::has_cap(connection_.server_caps(), wire::link::RecordCap::opus);
  const std::uint16_t mode = opus ? wire::audio::mode_opus : wire::audio::mode_raw;
  auto encoder = audio::make_audio_encoder(mode, format);
  if (!encoder) return refuse(std::move(encoder).error());
  encoder_ = *std::move(encoder);
  status_.mode = mode;
  ++status_.streams;
  announced_ = false;
  source_.open(format, connection_.session().now());
  arm();
  return State::recording;
}

Result<State> Record::stop(const Stop&) {
  close();
  return State::idle;
}
Result<State> Record::volume(const Volume& message) {
  if (!message.volume.empty()) status_.volume = message.volume;
  return state();
}
Result<State> Record::mute(const Mute& message) {
  status_.mute = message.mute != 0;
  return state();
}

void Record::close() {
  if (!source_.is_open()) return;
  status_.dropped_frames += waiting_.size() / source_.format().channels;
  waiting_.clear();
  source_.close();
  encoder_.reset();
  connection_.session().disarm(connection_.link());
}

void Record::arm() {
  Session& session = connection_.session();
  session.arm(connection_.link(), source_.due() - session.now());
}

void Record::timer_fired() {
  if (!source_.is_open()) return;
  audio::Samples block = source_.take();
  const std::uint32_t channels = source_.format().channels;
  scale(block, channels, status_.volume, status_.mute);
  waiting_.insert(waiting_.end(), block.begin(), block.end());
  const auto packet = static_cast<std::ptrdiff_t>(std::size_t{audio::packet_frames} * channels);
  while (std::ssize(waiting_) >= packet) {
    send_packet({waiting_.begin(), waiting_.begin() + packet});
    waiting_.erase(waiting_.begin(), waiting_.begin() + packet);
  }
  arm();
}

void Record::send_packet(audio::Samples samples) {
  if (connection_.queued_bytes() > most_waiting_bytes) {
    ++status_.dropped_packets;
    return;
  }
  Session& session = connection_.session();
  const std::uint32_t time = session.media_clock.at(session.now());
  if (!std::exchange(announced_, true)) {
    connection_.send(ModeChanged{.time = time, .mode = status_.mode, .data = {}});
    connection_.send(StartMark{time});
  }
  auto data = encoder_->encode(samples);
  if (!data) return connection_.note(std::move(data).error().within("data"));
  recorded_.add(audio::bytes_of(samples));
  ++status_.packets;
  connection_.send(Data{.time = time, .data = SharedBytes(*std::move(data))});
}

RecordStatus Record::status() const {
  RecordStatus status = status_;
  status.open = source_.is_open();
  status.recorded = recorded_.value();
  return status;
}

}  // namespace spicebench::client
