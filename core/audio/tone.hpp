// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/audio/audio.hpp"

namespace spicebench::audio {

enum class ToneKind : std::uint8_t { silence, tone, sweep };
// "silence", "tone", "sweep"; nothing: another name.
std::optional<ToneKind> tone_kind_named(std::string_view name);
std::string_view name_of(ToneKind kind);

// A sound made with whole numbers alone, so that it is the same everywhere: a wave of parabolas,
// close to a sine. The second of two channels is a quarter of a wave ahead. A sweep rises by three
// octaves within a second, again and again.
class Tone {
 public:
  // Precondition: rate > 0, hertz < rate / 16.
  Tone(ToneKind kind, std::uint32_t rate, std::uint32_t hertz);
  // The next so many frames, interleaved.
  Samples next(std::size_t frames, std::uint32_t channels);

 private:
  std::int16_t sample_at(std::uint32_t phase) const;

  ToneKind kind_;
  std::uint32_t rate_;
  std::uint32_t step_;                // of the phase, a frame; a whole wave is 2^32
  std::uint32_t phase_ = 0, at_ = 0;  // at_: frames into the sweep
};

}  // namespace spicebench::audio
