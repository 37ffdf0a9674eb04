// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <memory>
#include <optional>

#include "core/audio/audio.hpp"
#include "core/wire/record_channel.hpp"
#include "server/channels/channel.hpp"
#include "server/sound/record.hpp"

namespace spicebench::server {

// What the one client that the guest listens to records.
//
// Source: protocol.md §4.7, §9.7; channels.md §10. DIFFERS: sound counts from the first START_MARK
// after a START on, so that none from before the START is taken for it; a packet that cannot be
// decoded is dropped, and only many of them in a row end the channel.
class RecordChannel final : public Channel, private RecordListener {
 public:
  enum class State : std::uint8_t { idle, recording };

  RecordChannel(ChannelLink link, Record& record);
  ~RecordChannel() override;

  void open() override;
  void pump() override;
  nlohmann::json describe() const override;
  State state() const { return stream_ ? State::recording : State::idle; }

  // The rows of the table.
  Result<State> data(const wire::record::Data& message);
  Result<State> mode(const wire::record::ModeChanged& message);
  Result<State> start_mark(const wire::record::StartMark& message);

 private:
  Result<void> dispatch(const wire::MessageInfo& info, const void* message) override;
  void volume_changed() override { volume_waits_ = takes_volume_; }
  void mute_changed() override { mute_waits_ = takes_volume_; }
  bool send_next();
  Result<std::unique_ptr<audio::AudioDecoder>> decoder_for(std::uint16_t mode) const;
  // Whether what comes now is of the stream that the device records.
  bool wanted() const;

  Record& record_;
  const bool takes_volume_;
  bool volume_waits_ = false, mute_waits_ = false;
  std::optional<std::uint64_t> stream_;  // the one that the client was told to start
  bool marked_ = false;                  // START_MARK has come since
  std::uint32_t mark_ = 0;               // media time of the client at the first sample
  std::uint16_t mode_ = wire::audio::mode_raw;
  std::unique_ptr<audio::AudioDecoder> decoder_;  // of this mode and rate; null: not yet
  std::uint32_t bad_packets_ = 0;                 // in a row
};

using RecordTable = StateTable<RecordChannel, RecordChannel::State, wire::MessageKey>;
const RecordTable& record_table();

}  // namespace spicebench::server
