// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include "core/base/shared_bytes.hpp"
#include "server/session/services.hpp"
#include "server/sound/record_ring.hpp"
#include "server/sound/stream.hpp"

namespace spicebench::server {

// The client that the guest listens to.
class RecordListener {
 public:
  virtual ~RecordListener() = default;
  virtual void volume_changed() = 0;
  virtual void mute_changed() = 0;
};

// What the guest records, of one client at a time.
//
// Source: channels.md §10.
class Record {
 public:
  explicit Record(const Services& services) : services_(services) {}

  // Of the device. Errors: out_of_order (started already, not started).
  Result<void> set_rate(std::uint32_t rate);
  Result<void> start();
  Result<void> stop();
  void set_volume(std::vector<std::uint16_t> volume);
  void set_mute(bool mute);
  void device_gone() { state_.stream.reset(); }
  // At most so many frames of what was recorded, S16; none while it is not started.
  SharedBytes read(std::uint32_t most_frames);

  const VoiceState& state() const { return state_; }
  const RecordRing& ring() const { return ring_; }

  void attach(RecordListener& listener) { listener_ = &listener; }
  void detach() { listener_ = nullptr; }
  // Of the client. Precondition: a stream is there.
  void write(const audio::Samples& samples) { ring_.write(samples); }

 private:
  const Services& services_;
  VoiceState state_;
  std::uint64_t streams_ = 0;
  RecordRing ring_;
  RecordListener* listener_ = nullptr;
};

}  // namespace spicebench::server
