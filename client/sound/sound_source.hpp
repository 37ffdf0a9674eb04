// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <optional>

#include "client/sound/sound_options.hpp"
#include "core/audio/tone.hpp"
#include "core/base/time.hpp"

namespace spicebench::client {

// A microphone in front of a tone: a block of frames whenever one is over.
class SoundSource {
 public:
  explicit SoundSource(const SoundOptions& options) : options_(options) {}

  // Precondition: the format's numbers are not zero.
  void open(audio::StreamFormat format, Instant now) {
    format_ = format;
    tone_.emplace(options_.microphone, format.frequency, options_.microphone_hz);
    opened_ = now;
    blocks_ = 0;
  }
  void close() { tone_.reset(); }
  bool is_open() const { return tone_.has_value(); }
  // When the next block is complete.
  Instant due() const {
    const std::uint64_t frames = (blocks_ + 1) * options_.microphone_block;
    return opened_ +
           Duration(static_cast<std::int64_t>(frames * 1'000'000'000 / format_.frequency));
  }
  audio::Samples take() {
    ++blocks_;
    return tone_->next(options_.microphone_block, format_.channels);
  }
  const audio::StreamFormat& format() const { return format_; }

 private:
  const SoundOptions& options_;
  audio::StreamFormat format_;
  std::optional<audio::Tone> tone_;
  Instant opened_{};
  std::uint64_t blocks_ = 0;
};

}  // namespace spicebench::client
