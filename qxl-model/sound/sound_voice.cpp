// SPDX-License-Identifier: LGPL-2.1-or-later
#include "qxl-model/sound/sound_voice.hpp"

#include <algorithm>

#include "core/wire/sound_link.hpp"

namespace spicebench::qxl {

static constexpr Cycle millisecond = 1'000'000, second = 1000 * millisecond;

SoundVoice::SoundVoice(Timeline& timeline, const VoiceOptions& options, Cycle end, Actions actions)
    : timeline_(timeline), options_(options), end_(end), actions_(std::move(actions)) {}

void SoundVoice::power_on() {
  if (options_.present) go_on();
}

void SoundVoice::pause() {
  running_ = false;
  look();
}

void SoundVoice::go_on() {
  running_ = options_.present;
  look();
}

std::optional<SoundVoice::Span> SoundVoice::span_at(Cycle now) const {
  const Cycle from = millisecond * options_.from_ms, on = millisecond * options_.on_ms;
  const Cycle cycle = on + millisecond * options_.pause_ms;
  const Cycle number = now < from ? 0 : (now - from) / cycle;
  Span span{from + number * cycle, 0};
  if (now >= span.begin + on) span.begin += cycle;
  if (span.begin >= end_ || now >= end_) return std::nullopt;
  span.end = std::min(span.begin + on, end_);
  return span;
}

// The sum of periods, not a sum of rounded ones: no drift at any rate.
Cycle SoundVoice::period_end(std::uint64_t number) const {
  return on_since_ + number * wire::sound::packet_frames * second / options_.rate;
}

void SoundVoice::schedule(Cycle due) {
  next_ = timeline_.at(due, EventClass::timer, [this] {
    next_.reset();
    look();
  });
}

void SoundVoice::look() {
  if (next_) timeline_.cancel(*std::exchange(next_, std::nullopt));
  const Cycle now = timeline_.now();
  if (is_on_ && period_end(periods_ + 1) == now) {
    ++periods_;
    actions_.period_over();
  }
  const std::optional<Span> span = running_ ? span_at(now) : std::nullopt;
  const bool on = span && span->begin <= now;
  // Without a pause between them, one time ends where the next begins.
  const bool another = on && is_on_ && on_since_ < span->begin;
  if (is_on_ && (!on || another)) {
    is_on_ = false;
    actions_.off();
  }
  if (on && !is_on_) {
    is_on_ = true;
    on_since_ = now;
    periods_ = 0;
    ++times_on_;
    actions_.on();
  }
  if (!span) return;
  schedule(is_on_ ? std::min(period_end(periods_ + 1), span->end) : span->begin);
}

}  // namespace spicebench::qxl
