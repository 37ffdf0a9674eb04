// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <algorithm>
#include <cstdint>
#include <span>

#include "core/audio/audio.hpp"

namespace spicebench::client {

// Volumes of a stream's channels, 65535 being all of it, on a cubic scale (channels.md §9.2). A
// channel without a volume of its own has that of the last one; no volumes: unchanged.
inline void scale(audio::Samples& samples, std::uint32_t channels,
                  std::span<const std::uint16_t> volumes, bool mute) {
  if (mute) std::ranges::fill(samples, std::int16_t{0});
  if (mute || volumes.empty()) return;
  constexpr std::int64_t whole = std::int64_t{65535} * 65535 * 65535;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const std::int64_t volume = volumes[std::min(i % channels, volumes.size() - 1)];
    samples[i] = static_cast<std::int16_t>(samples[i] * volume * volume * volume / whole);
  }
}

}  // namespace spicebench::client
