// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <functional>
#include <optional>

#include "qxl-model/device/timeline.hpp"
#include "qxl-model/sound/sound_options.hpp"

namespace spicebench::qxl {

// When half of a sound device is on, and the ends of its periods while it is. A machine that stops
// takes it off; one that goes on in the middle of its time puts it on again.
class SoundVoice {
 public:
  struct Actions {
    std::function<void()> on, period_over, off;
  };
  // Off for good at `end`.
  SoundVoice(Timeline& timeline, const VoiceOptions& options, Cycle end, Actions actions);

  void power_on();
  void pause();
  void go_on();
  bool is_on() const { return is_on_; }
  // How often it was on, this time included.
  std::uint64_t times_on() const { return times_on_; }

 private:
  struct Span {
    Cycle begin, end;  // off before, off after
  };
  // The first time to be on that is not over at `now`; nothing: none is left.
  std::optional<Span> span_at(Cycle now) const;
  Cycle period_end(std::uint64_t number) const;
  void look();
  void schedule(Cycle due);

  Timeline& timeline_;
  const VoiceOptions& options_;
  const Cycle end_;
  const Actions actions_;
  bool running_ = false, is_on_ = false;
  Cycle on_since_ = 0;
  std::uint64_t periods_ = 0, times_on_ = 0;
  std::optional<Timeline::Key> next_;
};

}  // namespace spicebench::qxl
