// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <memory>
#include <optional>

#include "core/base/time.hpp"
#include "core/video/video_encoder.hpp"
#include "core/wire/display_streams.hpp"

namespace spicebench::server {

// What a rate control knows of the world beside its own frames.
struct RateSetting {
  std::uint64_t bits_per_second = 0;  // to begin with
  Duration round_trip{};              // to the client and back
  std::uint64_t raw_frame_bytes = 0;  // of one picture that is not coded
};

// One frame, before it is coded.
struct FrameTime {
  Instant now{};
  std::uint32_t mm_time = 0;            // ms, the frame's stamp
  std::uint32_t frames_per_second = 1;  // of the source
};

// Decides for one stream of one client which frames are coded and how, from what they came to and
// from what the client reports.
//
// Source: display-pipeline.md §18.3.
class RateControl {
 public:
  virtual ~RateControl() = default;
  // How to code this frame; nothing: it is left out.
  virtual std::optional<video::VideoTarget> begin(const FrameTime& frame) = 0;
  // What it came to, bytes. Each begin() that gave a target is followed by one.
  virtual void coded(std::size_t bytes) = 0;
  // A frame was replaced before it could be sent.
  virtual void dropped_unsent() = 0;
  virtual void report(const wire::display::StreamReport& report) = 0;
  virtual std::uint64_t bits_per_second() const = 0;
  // Milliseconds by which the client has to show later than the server stamps; 0: no demand yet.
  virtual std::uint32_t wanted_delay_ms() const = 0;
};

std::unique_ptr<RateControl> make_rate_control(wire::display::VideoCodec codec,
                                               const RateSetting& setting);

}  // namespace spicebench::server
