// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <optional>

#include "client/sound/sound_status.hpp"
#include "core/audio/audio.hpp"
#include "core/base/hash.hpp"
#include "core/base/time.hpp"

namespace spicebench::client {

// A loudspeaker that nobody hears. What is written is played, without a gap, from its latency after
// the first write on; written too late, it finds the sink dry, which then begins anew.
class SoundSink {
 public:
  static constexpr std::uint32_t least_latency_ms = 200;    // channels.md §9.2
  static constexpr std::uint32_t most_latency_ms = 10'000;  // our own bound

  // Precondition: the format's numbers are not zero. The latency is the least again.
  void open(audio::StreamFormat format);
  void close();
  bool is_open() const { return format_.has_value(); }
  const audio::StreamFormat& format() const { return *format_; }
  // More latency at once; less only when it is opened again. Clamped.
  void want_latency(std::uint32_t ms);
  // Until the first of these samples is heard. Precondition: it is open.
  Duration play(const audio::Samples& samples, Instant now);

  std::uint64_t frames() const { return frames_; }
  std::uint64_t underruns() const { return underruns_; }
  std::uint32_t latency_ms() const { return latency_ms_; }
  Hash128 heard() const { return heard_.value(); }

 private:
  Instant due() const;  // of what is written next; precondition: begun

  std::optional<audio::StreamFormat> format_;
  std::uint32_t latency_ms_ = 0;
  std::optional<Instant> begun_;   // when the first frame is heard; nothing: none is written
  std::uint64_t since_begun_ = 0;  // frames
  std::uint64_t frames_ = 0, underruns_ = 0;
  Hasher heard_;
};

}  // namespace spicebench::client
