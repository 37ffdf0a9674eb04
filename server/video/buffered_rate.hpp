// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <deque>

#include "server/video/rate_control.hpp"

namespace spicebench::server {

// The rate control of codecs that keep to a bit rate themselves (VP8, VP9, H.264): a virtual buffer
// leaves out the frames that would not get through, and the bit rate is felt for between the last
// one that worked and the last one that did not.
//
// Source: display-pipeline.md §18.5. DIFFERS: coding takes no time here.
class BufferedRate final : public RateControl {
 public:
  explicit BufferedRate(const RateSetting& setting);

  std::optional<video::VideoTarget> begin(const FrameTime& frame) override;
  void coded(std::size_t bytes) override;
  void dropped_unsent() override;
  void report(const wire::display::StreamReport& report) override;
  std::uint64_t bits_per_second() const override { return bit_rate_; }
  std::uint32_t wanted_delay_ms() const override { return wanted_delay_ms_; }

 private:
  enum class Course : std::uint8_t { up, down, stable };
  struct Coded {
    std::uint64_t bytes;
    Instant at;
  };

  void set_rate(std::uint64_t rate);
  void lower_to(std::uint64_t rate);
  void raise(bool reported);
  std::uint64_t step() const;
  std::uint64_t buffer_bytes() const;
  std::uint64_t used_rate() const;
  std::uint32_t needed_margin_ms() const;

  Duration round_trip_;
  std::uint64_t cap_, bit_rate_, known_good_, known_bad_;
  Course course_ = Course::up;
  std::uint64_t coder_rate_ = 0;  // what the coder is told; below the bit rate after large frames
  std::int64_t free_ = 0;         // bytes of the virtual buffer
  Instant filled_at_{}, next_frame_{}, changed_at_{}, top_since_{}, last_raise_{};
  std::uint32_t decrease_mm_time_ = 0;
  FrameTime frame_{};
  bool started_ = false, reports_ = false;
  std::uint32_t dropped_ = 0;
  std::deque<Coded> recent_;
  std::int64_t most_margin_ = 0, last_margin_ = 0, most_audio_margin_ = 0;
  std::uint32_t wanted_delay_ms_ = 0;
};

}  // namespace spicebench::server
