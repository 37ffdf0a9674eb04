// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/audio/tone.hpp"

#include <cassert>
#include <cstdlib>

namespace spicebench::audio {
namespace {

constexpr std::string_view names[] = {"silence", "tone", "sweep"};
constexpr std::uint32_t quarter_wave = std::uint32_t{1} << 30;
constexpr std::uint64_t sweep_factor = 8;  // three octaves

}  // namespace

std::optional<ToneKind> tone_kind_named(std::string_view name) {
  for (std::size_t i = 0; i < std::size(names); ++i)
    if (names[i] == name) return static_cast<ToneKind>(i);
  return std::nullopt;
}
std::string_view name_of(ToneKind kind) {
  return names[static_cast<std::size_t>(kind)];
}

Tone::Tone(ToneKind kind, std::uint32_t rate, std::uint32_t hertz) : kind_(kind), rate_(rate) {
  assert(rate > 0 && hertz < rate / 16);
  step_ = static_cast<std::uint32_t>((std::uint64_t{hertz} << 32) / rate);
}

std::int16_t Tone::sample_at(std::uint32_t phase) const {
  if (kind_ == ToneKind::silence) return 0;
  const auto x = static_cast<std::int32_t>(phase) / 65536;     // -32768 … 32767
  const std::int32_t wave = x * (32768 - std::abs(x)) / 8192;  // -32768 … 32768
  return static_cast<std::int16_t>(wave * 3 / 4);
}

Samples Tone::next(std::size_t frames, std::uint32_t channels) {
  Samples samples;
  samples.reserve(frames * channels);
  for (std::size_t i = 0; i < frames; ++i) {
    for (std::uint32_t channel = 0; channel < channels; ++channel)
      samples.push_back(sample_at(phase_ + channel * quarter_wave));
    std::uint64_t step = step_;
    if (kind_ == ToneKind::sweep) {
      step += step * (sweep_factor - 1) * at_ / rate_;
      at_ = (at_ + 1) % rate_;
    }
    phase_ += static_cast<std::uint32_t>(step);
  }
  return samples;
}

}  // namespace spicebench::audio
