// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <memory>

#include "client/channel.hpp"
#include "client/connection.hpp"
#include "client/sound/sound_source.hpp"
#include "client/sound/sound_status.hpp"
#include "core/base/hash.hpp"
#include "core/wire/record_channel.hpp"

namespace spicebench::client {

// A record channel (protocol.md §4.7, channels.md §10): the microphone, while the guest listens.
enum class RecordState : std::uint8_t { idle, recording };
class Record final : public TableChannel<Record, RecordState> {
 public:
  explicit Record(Connection& connection);
  static const Table& table();
  RecordStatus status() const;

  Result<RecordState> start(const wire::record::Start& message);
  Result<RecordState> stop(const wire::record::Stop& message);
  Result<RecordState> volume(const wire::record::Volume& message);
  Result<RecordState> mute(const wire::record::Mute& message);
  // Bytes that wait to be sent; what is recorded beyond that is dropped. Our own bound.
  static constexpr std::size_t most_waiting_bytes = 1 << 20;
  void timer_fired() override;  // a block of the microphone is complete

 private:
  void arm();
  void close();
  void send_packet(audio::Samples samples);

  Connection& connection_;
  RecordStatus status_;
  SoundSource source_;
  std::unique_ptr<audio::AudioEncoder> encoder_;
  audio::Samples waiting_;  // less than a packet
  bool announced_ = false;  // MODE and START_MARK are sent
  Hasher recorded_;
};

}  // namespace spicebench::client
