// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/sound/sound_sink.hpp"

#include <algorithm>

namespace spicebench::client {

using std::chrono::milliseconds;

void SoundSink::open(audio::StreamFormat format) {
  format_ = format;
  latency_ms_ = least_latency_ms;
  begun_.reset();
}

void SoundSink::close() {
  format_.reset();
  begun_.reset();
}

void SoundSink::want_latency(std::uint32_t ms) {
  const std::uint32_t wanted = std::min(ms, most_latency_ms);
  if (!is_open() || wanted <= latency_ms_) return;
  if (begun_) *begun_ += milliseconds(wanted - latency_ms_);  // silence in between
  latency_ms_ = wanted;
}

Instant SoundSink::due() const {
  const std::uint64_t ns = since_begun_ * 1'000'000'000 / format_->frequency;
  return *begun_ + Duration(static_cast<std::int64_t>(ns));
}

Duration SoundSink::play(const audio::Samples& samples, Instant now) {
  const bool dry = begun_ && due() < now;
  if (dry) ++underruns_;
  if (!begun_ || dry) {
    begun_ = now + milliseconds(latency_ms_);
    since_begun_ = 0;
  }
  const Duration delay = due() - now;
  const std::uint64_t frames = samples.size() / format_->channels;
  since_begun_ += frames;
  frames_ += frames;
  heard_.add(audio::bytes_of(samples));
  return delay;
}

}  // namespace spicebench::client
