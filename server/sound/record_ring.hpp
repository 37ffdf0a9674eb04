// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "core/audio/audio.hpp"
#include "server/constants.hpp"

namespace spicebench::server {

// What a client recorded and the device has not read yet: stereo frames, the oldest of which give
// way when there are too many. Nothing comes out before half of it was full once.
//
// Source: channels.md §10.
class RecordRing {
 public:
  void clear() {
    read_ = written_ = 0;
    filled_ = false;
  }
  // Precondition: two samples a frame.
  void write(const audio::Samples& samples) {
    for (std::size_t i = 0; i + 1 < samples.size(); i += 2) {
      frames_[written_++ % frames_.size()] = {samples[i], samples[i + 1]};
      if (size() > frames_.size()) read_ = written_ - frames_.size();
      if (size() >= frames_.size() / 2) filled_ = true;
    }
  }
  // At most so many frames, interleaved samples.
  audio::Samples read(std::size_t most_frames) {
    audio::Samples samples;
    if (!filled_) return samples;
    for (std::size_t i = 0; i < most_frames && size() > 0; ++i, ++read_)
      for (const std::int16_t sample : frames_[read_ % frames_.size()]) samples.push_back(sample);
    return samples;
  }
  std::size_t size() const { return static_cast<std::size_t>(written_ - read_); }

 private:
  std::array<std::array<std::int16_t, 2>, record_ring_frames> frames_{};
  std::uint64_t read_ = 0, written_ = 0;
  bool filled_ = false;
};

}  // namespace spicebench::server
