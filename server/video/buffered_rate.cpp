// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/video/buffered_rate.hpp"

#include <algorithm>
#include <numeric>

#include "server/constants.hpp"

namespace spicebench::server {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t recent_frames = 21;

Duration period_of(const FrameTime& frame) {
  return Duration{1'000'000'000 / std::max<std::uint32_t>(1, frame.frames_per_second)};
}

}  // namespace

BufferedRate::BufferedRate(const RateSetting& setting)
    : round_trip_(setting.round_trip),
      cap_(std::max<std::uint64_t>(video_rate_min, setting.raw_frame_bytes * 8 * 25 / 10)),
      bit_rate_(std::clamp<std::uint64_t>(
          setting.bits_per_second == 0 ? video_rate_default : setting.bits_per_second,
          video_rate_min, cap_)),
      known_good_(video_rate_min),
      known_bad_(cap_),
      coder_rate_(bit_rate_),
      free_(static_cast<std::int64_t>(buffer_bytes())) {}

std::uint64_t BufferedRate::buffer_bytes() const {
  return bit_rate_ / 8 * video_buffer_ms / 1000;
}

std::optional<video::VideoTarget> BufferedRate::begin(const FrameTime& frame) {
  frame_ = frame;
  if (!started_) {
    started_ = true;
    filled_at_ = changed_at_ = top_since_ = last_raise_ = frame.now;
  }
  if (frame.now < next_frame_) return std::nullopt;
  if (bit_rate_ < known_bad_) top_since_ = frame.now;
  if (frame.now - top_since_ > seconds(video_top_s)) known_bad_ = cap_;
  if (!reports_) raise(false);
  return video::VideoTarget{
      .bits_per_second =
          static_cast<std::uint32_t>(std::min<std::uint64_t>(coder_rate_, UINT32_MAX)),
      .frames_per_second = std::max<std::uint32_t>(1, frame.frames_per_second)};
}

void BufferedRate::coded(std::size_t bytes) {
  const auto elapsed_us = static_cast<std::uint64_t>((frame_.now - filled_at_).count() / 1000);
  const auto size = static_cast<std::int64_t>(buffer_bytes());
  const auto refilled = static_cast<std::int64_t>(std::min<std::uint64_t>(
      bit_rate_ / 8 * std::min<std::uint64_t>(elapsed_us, 10'000'000) / 1'000'000,
      static_cast<std::uint64_t>(size)));
  free_ = std::min(free_ + refilled, size) - static_cast<std::int64_t>(bytes);
  filled_at_ = frame_.now;
  recent_.push_back({bytes, frame_.now});
  if (recent_.size() > recent_frames) recent_.pop_front();
  next_frame_ = frame_.now;
  coder_rate_ = bit_rate_;
  if (free_ < 0) {
    const std::int64_t period = period_of(frame_).count(),
                       refill = -free_ * 8'000'000 / static_cast<std::int64_t>(bit_rate_) * 1000,
                       wait = (refill + period - 1) / period * period + period / 2;
    constexpr std::int64_t longest = 1'000'000'000 / 3;
    if (wait > longest) coder_rate_ = std::max(video_rate_min, bit_rate_ / 4 * 3);
    next_frame_ += Duration{std::min(wait, longest)};
  }
  const std::uint64_t sum =
      std::accumulate(recent_.begin(), recent_.end(), std::uint64_t{0},
                      [](std::uint64_t total, const Coded& frame) { return total + frame.bytes; });
  const std::uint64_t largest =
      std::ranges::max_element(recent_, {}, [](const Coded& frame) { return frame.bytes; })->bytes;
  const auto latency = static_cast<std::uint64_t>(round_trip_.count() / 2 / 1'000'000);
  const std::uint64_t delay =
      8 * (largest + sum / recent_.size()) * 1000 / bit_rate_ + latency * 11 / 10;
  wanted_delay_ms_ =
      std::max(wanted_delay_ms_,
               static_cast<std::uint32_t>(std::min<std::uint64_t>(delay, playback_delay_max_ms)));
}

std::uint64_t BufferedRate::used_rate() const {
  if (recent_.size() < 2) return bit_rate_;
  const std::int64_t time = (recent_.back().at - recent_.front().at).count() / 1000;
  if (time <= 0) return bit_rate_;
  std::uint64_t bytes = 0;
  for (const Coded& frame : recent_) bytes += frame.bytes;
  return bytes * 8'000'000 / static_cast<std::uint64_t>(time);
}

std::uint64_t BufferedRate::step() const {
  const std::uint64_t range = known_bad_ > known_good_ ? known_bad_ - known_good_ : 0;
  return std::clamp<std::uint64_t>(range / 10, video_rate_min, video_step_max);
}

void BufferedRate::set_rate(std::uint64_t rate) {
  bit_rate_ = std::clamp(rate, video_rate_min, cap_);
  coder_rate_ = bit_rate_;
  free_ = std::min(free_, static_cast<std::int64_t>(buffer_bytes()));
  changed_at_ = frame_.now;
}

void BufferedRate::lower_to(std::uint64_t rate) {
  if (course_ != Course::down) known_bad_ = std::max(video_rate_min, bit_rate_ - video_rate_min);
  course_ = Course::down;
  decrease_mm_time_ = frame_.mm_time;
  if (rate < known_good_) known_good_ = std::max(video_rate_min, rate);
  if (known_bad_ / 4 * 3 < known_good_) {
    course_ = Course::stable;
    rate = known_good_;
  }
  set_rate(rate);
}

void BufferedRate::raise(bool reported) {
  const Duration interval = course_ != Course::stable ? Duration{seconds(video_raise_s)}
                            : reported                ? Duration{seconds(video_raise_stable_s)}
                                                      : Duration{seconds(video_raise_unreported_s)};
  if (frame_.now - std::max(changed_at_, last_raise_) < interval) return;
  last_raise_ = frame_.now;
  if (bit_rate_ >= known_bad_ || used_rate() < bit_rate_ / 4 * 3) return;
  if (course_ == Course::down) known_good_ = bit_rate_;
  course_ = Course::up;
  set_rate(std::min(bit_rate_ + step(), known_bad_));
}

// The frame that was to be sent is lost already; a second's worth of them halves the rate.
void BufferedRate::dropped_unsent() {
  ++dropped_;
  if (dropped_ < std::max<std::uint32_t>(1, frame_.frames_per_second)) {
    if (dropped_ == 1) lower_to(bit_rate_ / 4 * 3);
    return;
  }
  dropped_ = 0;
  lower_to(bit_rate_ > known_good_ ? std::max(bit_rate_ / 2, known_good_) : bit_rate_ / 2);
}

std::uint32_t BufferedRate::needed_margin_ms() const {
  const std::int64_t latency = round_trip_.count() / 2;
  return static_cast<std::uint32_t>((period_of(frame_).count() + latency / 10) / 1'000'000);
}

void BufferedRate::report(const wire::display::StreamReport& report) {
  reports_ = true;
  if (static_cast<std::int32_t>(report.end_frame_mm_time - decrease_mm_time_) < 0) return;
  const std::int64_t margin = report.last_frame_delay, needed = needed_margin_ms();
  const bool audio = report.audio_delay != UINT32_MAX;
  most_margin_ = std::max(most_margin_, margin);
  unsigned score = 0;
  const std::int64_t fall = last_margin_ - margin;
  if (report.num_drops != 0)
    score = 4;
  else if (fall <= 0)
    score = 0;
  else if (10 * margin < 3 * std::max(needed, most_margin_))
    score = 3;
  else if (margin < needed || 2 * margin < most_margin_)
    score = 2;
  else if (4 * margin < 3 * most_margin_)
    score = 1;
  if (report.num_drops == 0 && most_margin_ > 0) {
    if (5 * fall > most_margin_)
      score += 2;
    else if (20 * fall > 3 * most_margin_)
      score += 1;
  }
  last_margin_ = margin;
  bool audio_suffers = false;
  if (audio) {
    most_audio_margin_ = std::max<std::int64_t>(most_audio_margin_, report.audio_delay);
    audio_suffers = 2 * std::int64_t{report.audio_delay} < most_audio_margin_ &&
                    5 * std::int64_t{report.audio_delay} < 4 * margin;
  }
  if (score > 3)
    lower_to(bit_rate_ / 2);
  else if (score == 3)
    lower_to(bit_rate_ / 4 * 3);
  else if (score == 2 || audio_suffers ||
           (score == 1 && course_ == Course::up && used_rate() <= bit_rate_))
    lower_to(bit_rate_ > step() ? bit_rate_ - step() : video_rate_min);
  else if (score == 0)
    raise(true);
}

}  // namespace spicebench::server
