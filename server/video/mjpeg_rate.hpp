// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <array>
#include <deque>

#include "server/video/rate_control.hpp"

namespace spicebench::server {

// The rate control of Motion JPEG: quality and frame rate are tried out on the frames themselves
// (an evaluation) until they fit the bit rate, and again when sizes, drops or reports say so.
//
// Source: display-pipeline.md §18.4.
class MjpegRate final : public RateControl {
 public:
  explicit MjpegRate(const RateSetting& setting);

  std::optional<video::VideoTarget> begin(const FrameTime& frame) override;
  void coded(std::size_t bytes) override;
  void dropped_unsent() override;
  void report(const wire::display::StreamReport& report) override;
  std::uint64_t bits_per_second() const override { return byte_rate_ * 8; }
  std::uint32_t wanted_delay_ms() const override { return wanted_delay_ms_; }

  static constexpr std::array<int, 7> qualities{20, 30, 40, 50, 60, 70, 80};

 private:
  enum class Phase : std::uint8_t { steady, evaluation };
  // What a quality came to when it was tried.
  struct Trial {
    double fps = 0;
    std::uint64_t bytes = 0;
  };
  // A quality and frame rate that an evaluation may not go beyond.
  struct Limit {
    std::size_t quality;
    double fps;
  };

  bool gate(const FrameTime& frame);
  void begin_evaluation(std::optional<Limit> lower, std::optional<Limit> upper, bool rate_changes);
  void evaluate(std::uint64_t bytes);
  void finish(std::size_t quality);
  void steady(std::uint64_t bytes);
  void decrease();
  void increase();
  void forget_delays();
  std::uint64_t average_bytes() const;
  std::uint32_t delay_for(std::uint64_t bytes) const;
  double measured_rate() const;

  Duration round_trip_;
  std::uint64_t byte_rate_;
  std::size_t quality_;
  double fps_, adjusted_fps_;
  Phase phase_ = Phase::evaluation;
  // Of the evaluation.
  std::size_t trial_;
  std::array<std::optional<Trial>, qualities.size()> trials_{};
  std::optional<Limit> lower_, upper_;
  bool rate_changes_ = false;

  FrameTime frame_{};
  std::optional<Instant> last_coded_, started_;
  std::deque<std::uint64_t> recent_;  // bytes of the last frames
  // Of the gate: what it let through since.
  Instant gate_since_{};
  std::uint32_t gate_frames_ = 0;
  // Since the last change of the rate.
  Instant change_at_{};
  std::uint32_t change_mm_time_ = 0;
  std::uint64_t change_bytes_ = 0;
  std::uint32_t change_frames_ = 0;
  std::uint32_t coded_ = 0, dropped_ = 0;  // for the share of drops
  std::int64_t most_video_delay_ = 0, most_audio_delay_ = 0;
  std::uint32_t wanted_delay_ms_ = 0;
};

}  // namespace spicebench::server
