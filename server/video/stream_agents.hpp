// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <vector>

#include "core/video/video_encoder.hpp"
#include "core/wire/link.hpp"
#include "server/session/net_test.hpp"
#include "server/video/rate_control.hpp"
#include "server/video/video_streams.hpp"

namespace spicebench::server {

// What became of a frame whose turn it is.
struct FrameFate {
  enum class Kind : std::uint8_t { video, left_out, drawing };
  Kind kind = Kind::drawing;
  std::optional<wire::AnyMessage> message{};  // video: STREAM_DATA or STREAM_DATA_SIZED
};

// The video streams of one client: an encoder and a rate control for each, and which of the
// client's pixels are film, not exact.
//
// Source: display-pipeline.md §17.5–§17.8, §18.1, §18.2. DIFFERS: reports are asked for only where
// there is an encoder.
class StreamAgents {
 public:
  using Append = std::function<void(wire::AnyMessage message)>;

  //   net     of the client's session; null: nothing is known
  //   append  puts a message at the end of the pipe
  StreamAgents(Services& services, std::vector<std::uint32_t> caps,
               std::shared_ptr<const NetTest> net, Append append);

  void prefer(std::vector<std::uint8_t> codecs) { preferred_ = std::move(codecs); }

  void begin(const VideoStream& stream, std::int64_t all_pixels);
  // Whether frames of the stream go as video.
  bool has_encoder(std::uint32_t stream) const;
  // A frame goes into the pipe. `replaced_waiting`: the one before had not been sent.
  void queued(const VideoStream& stream, const Drawing& frame, bool replaced_waiting,
              bool same_round);
  void covered(const draw::Region& region, std::optional<std::uint32_t> but);
  bool shows(std::uint32_t stream, const draw::Region* region) const;
  draw::Region film() const;  // where the client shows film
  // It is shown no more. Returns what was film.
  draw::Region stop(std::uint32_t stream);
  void end(std::uint32_t stream);

  // The frame's turn has come.
  FrameFate take(const Drawing& frame);
  // Errors: none; a report about no stream is nobody's fault, since streams end at any time.
  void report(const wire::display::StreamReport& report);

  nlohmann::json describe() const;

 private:
  struct Agent {
    std::uint32_t width, height, frames_per_second;
    draw::Rect dest;
    std::uint32_t unique_id;
    wire::display::VideoCodec codec{};
    std::unique_ptr<video::VideoEncoder> encoder{};  // null: none that the client can decode
    std::unique_ptr<RateControl> rate{};
    bool told = false;  // STREAM_CREATE was queued
    draw::Region visible{}, clip{};
  };

  Agent* find(std::uint32_t stream);
  const Agent* find(std::uint32_t stream) const;
  bool has_cap(wire::link::DisplayCap cap) const { return wire::link::has_cap(caps_, cap); }
  std::vector<wire::display::VideoCodec> codecs() const;
  std::uint64_t first_rate(std::int64_t pixels, std::int64_t all_pixels) const;
  void tell_clip(std::uint32_t stream, const Agent& agent);

  Services& services_;
  std::vector<std::uint32_t> caps_;
  std::shared_ptr<const NetTest> net_;
  Append append_;
  std::vector<std::uint8_t> preferred_;
  std::map<std::uint32_t, Agent> agents_;
  std::uint32_t last_unique_ = 0;
  std::uint64_t best_rate_ = 0;
};

// The codecs of an option: comma-separated names, in order. Errors: malformed (a name).
Result<std::vector<wire::display::VideoCodec>> video_codecs_from(const std::string& names);

}  // namespace spicebench::server
