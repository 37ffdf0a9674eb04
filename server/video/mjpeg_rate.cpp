// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/video/mjpeg_rate.hpp"

#include <algorithm>
#include <numeric>

#include "server/constants.hpp"

namespace spicebench::server {

namespace {

using std::chrono::milliseconds;

constexpr std::size_t best = MjpegRate::qualities.size() - 1, median = best / 2;
constexpr double least_fps = 1, most_fps = mjpeg_fps_max;
constexpr double poor_fps = 10, least_good_fps = 5, good_share = 0.66;
constexpr std::size_t recent_frames = 3;

double seconds_of(Duration time) {
  return static_cast<double>(time.count()) / 1e9;
}

}  // namespace

MjpegRate::MjpegRate(const RateSetting& setting)
    : round_trip_(setting.round_trip),
      byte_rate_(std::max<std::uint64_t>(1, setting.bits_per_second / 8)),
      quality_(median),
      fps_(most_fps),
      adjusted_fps_(most_fps * mjpeg_start_ratio),
      trial_(median) {}

std::optional<video::VideoTarget> MjpegRate::begin(const FrameTime& frame) {
  frame_ = frame;
  if (!started_) {
    started_ = frame.now;
    change_at_ = gate_since_ = frame.now;
  }
  if (!gate(frame)) return std::nullopt;
  last_coded_ = frame.now;
  ++gate_frames_;
  return video::VideoTarget{.quality = qualities[phase_ == Phase::evaluation ? trial_ : quality_]};
}

// Whether the frame comes late enough after the last one. The rate that is aimed at is brought
// nearer to what sources do, which do not come in step with it.
bool MjpegRate::gate(const FrameTime& frame) {
  if (!last_coded_) return true;
  const Duration since = frame.now - gate_since_;
  if (phase_ == Phase::steady && since > milliseconds(mjpeg_gate_interval_ms) &&
      seconds_of(since) > 1 / adjusted_fps_) {
    const double average = gate_frames_ / seconds_of(since);
    if (average + 0.5 < fps_ && frame.frames_per_second > average)
      adjusted_fps_ =
          std::min(2 * fps_, average > 0 ? adjusted_fps_ / (average / fps_) : 2 * adjusted_fps_);
    else if (average > fps_ + 0.5)
      adjusted_fps_ = std::max(fps_, adjusted_fps_ / (average / fps_));
    gate_since_ = frame.now;
    gate_frames_ = 0;
  }
  return seconds_of(frame.now - *last_coded_) >= 1 / adjusted_fps_;
}

void MjpegRate::coded(std::size_t bytes) {
  const std::uint64_t size = std::max<std::uint64_t>(1, bytes);
  recent_.push_back(size);
  if (recent_.size() > recent_frames) recent_.pop_front();
  change_bytes_ += size;
  ++change_frames_;
  ++coded_;
  if (phase_ == Phase::evaluation)
    evaluate(size);
  else
    steady(size);
}

void MjpegRate::begin_evaluation(std::optional<Limit> lower, std::optional<Limit> upper,
                                 bool rate_changes) {
  phase_ = Phase::evaluation;
  trials_ = {};
  lower_ = lower;
  upper_ = upper;
  rate_changes_ = rate_changes;
  trial_ = quality_;
}

void MjpegRate::evaluate(std::uint64_t bytes) {
  const double fps = static_cast<double>(byte_rate_) / static_cast<double>(bytes),
               source = frame_.frames_per_second, least = lower_ ? lower_->fps : 0;
  trials_[trial_] = Trial{fps, bytes};
  const bool poor = fps < poor_fps && fps < source;
  if (trial_ > median && poor) {
    if (trials_[trial_ - 1]) return finish(trial_ - 1);
    --trial_;
  } else if ((fps > least_good_fps && fps >= good_share * least) || fps >= source) {
    const std::size_t top = upper_ ? upper_->quality : best;
    if (trial_ >= top || trials_[trial_ + 1] || (trial_ == median && poor)) return finish(trial_);
    ++trial_;
  } else {
    if (trial_ == 0 || (lower_ && trial_ <= lower_->quality)) return finish(trial_);
    if (trials_[trial_ - 1]) return finish(trial_ - 1);
    --trial_;
  }
}

void MjpegRate::finish(std::size_t quality) {
  // The quality of the best rate seen; a better one wins where rates are equal or the source gives
  // no more anyway.
  std::size_t sampled = 0;
  double rate = -1;
  for (std::size_t i = 0; i < trials_.size(); ++i)
    if (trials_[i] && (trials_[i]->fps >= rate || trials_[i]->fps >= frame_.frames_per_second)) {
      rate = trials_[i]->fps;
      sampled = i;
    }
  if (trials_[sampled] && trials_[sampled]->fps >= frame_.frames_per_second)
    quality = std::max(quality, sampled);
  quality_ = quality;
  const double ratio = adjusted_fps_ / fps_;
  double fps = trials_[quality_] ? trials_[quality_]->fps : fps_;
  if (lower_ && quality_ == lower_->quality) fps = std::max(fps, lower_->fps);
  if (upper_ && quality_ == upper_->quality) fps = std::min(fps, upper_->fps);
  fps_ = std::clamp(fps, least_fps, most_fps);
  adjusted_fps_ = fps_ * ratio;
  phase_ = Phase::steady;
  recent_.clear();
  if (trials_[quality_]) recent_.push_back(trials_[quality_]->bytes);
  gate_since_ = frame_.now;
  gate_frames_ = 0;
  change_at_ = frame_.now;
  change_mm_time_ = frame_.mm_time;
  change_bytes_ = change_frames_ = 0;
  coded_ = dropped_ = 0;
  wanted_delay_ms_ = std::max(wanted_delay_ms_, delay_for(average_bytes()));
}

std::uint64_t MjpegRate::average_bytes() const {
  if (recent_.empty()) return 1;
  return std::accumulate(recent_.begin(), recent_.end(), std::uint64_t{0}) / recent_.size();
}

std::uint32_t MjpegRate::delay_for(std::uint64_t bytes) const {
  const auto latency = static_cast<std::uint64_t>(round_trip_.count() / 2 / 1'000'000);
  return static_cast<std::uint32_t>(
      std::min<std::uint64_t>(2 * bytes * 1000 / byte_rate_ + latency, playback_delay_max_ms));
}

void MjpegRate::steady(std::uint64_t) {
  const double fps = static_cast<double>(byte_rate_) / static_cast<double>(average_bytes()),
               source = frame_.frames_per_second;
  const Limit present{quality_, fps_};
  if (fps > fps_ && (fps_ < source || quality_ != best) && fps_ < most_fps)
    return begin_evaluation(present, std::nullopt, false);
  if (fps < fps_ && fps < source) return begin_evaluation(std::nullopt, present, false);
  if (coded_ >= std::min(fps_, source) && dropped_ > mjpeg_drop_share * (dropped_ + coded_)) {
    coded_ = dropped_ = 0;
    decrease();
  }
}

void MjpegRate::dropped_unsent() {
  ++dropped_;
}

// Bytes per second since the last change; the present rate, where there is too little to say.
double MjpegRate::measured_rate() const {
  const double time = seconds_of(frame_.now - change_at_);
  if (time <= 0 || change_frames_ <= 3 || change_frames_ <= fps_)
    return static_cast<double>(byte_rate_);
  return std::min(static_cast<double>(change_bytes_) / time, static_cast<double>(byte_rate_));
}

void MjpegRate::forget_delays() {
  most_video_delay_ = most_audio_delay_ = 0;
}

void MjpegRate::decrease() {
  forget_delays();
  phase_ = Phase::steady;
  if (!started_ || frame_.now - *started_ < std::chrono::seconds(mjpeg_warm_up_s)) return;
  const double measured = measured_rate(), frame = static_cast<double>(average_bytes());
  byte_rate_ = std::max<std::uint64_t>(
      1, static_cast<std::uint64_t>(measured > frame ? measured - frame : measured / 2));
  begin_evaluation(std::nullopt, Limit{quality_, fps_}, true);
}

void MjpegRate::increase() {
  const double frame = static_cast<double>(average_bytes());
  if (frame_.now <= change_at_ || change_frames_ <= 3) return;
  const double measured = static_cast<double>(change_bytes_) / seconds_of(frame_.now - change_at_);
  if (measured + frame >= static_cast<double>(byte_rate_))
    byte_rate_ =
        static_cast<std::uint64_t>(std::min(measured, static_cast<double>(byte_rate_)) + frame);
  begin_evaluation(Limit{quality_, fps_}, std::nullopt, true);
}

void MjpegRate::report(const wire::display::StreamReport& report) {
  if (phase_ == Phase::evaluation && rate_changes_ && upper_) return;
  const auto margin = std::int64_t{report.last_frame_delay};
  const bool audio = report.audio_delay != UINT32_MAX;
  const std::int64_t audio_margin = audio ? std::int64_t{report.audio_delay} : 0;
  const std::uint32_t wanted = delay_for(average_bytes());
  bool small = false;
  if (wanted > margin && !(quality_ == best && fps_ >= most_fps && margin >= 0)) {
    wanted_delay_ms_ = std::max(wanted_delay_ms_, wanted);
    small = true;
  }
  const auto since_change = static_cast<std::int32_t>(report.end_frame_mm_time - change_mm_time_);
  const auto lower = [&] {
    if (since_change >= 0) decrease();
  };
  if (audio && audio_margin < most_audio_delay_ / 2 && margin > 0 && 4 * margin > 5 * audio_margin)
    return lower();
  if (margin < mjpeg_late_ms) return lower();
  most_video_delay_ = std::max(most_video_delay_, margin);
  most_audio_delay_ = std::max(most_audio_delay_, audio_margin);
  if ((margin < most_video_delay_ / 2 && small) || margin < most_video_delay_ / 4) return lower();
  if (report.num_drops != 0 || (phase_ == Phase::evaluation && rate_changes_)) return;
  const bool well_off = quality_ > median && (fps_ > poor_fps || fps_ >= frame_.frames_per_second);
  if (since_change >= (well_off ? mjpeg_increase_well_off_ms : mjpeg_increase_ms)) increase();
}

}  // namespace spicebench::server
