// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <map>
#include <optional>

#include "core/wire/display_streams.hpp"

namespace spicebench::client {

// What the server wants to hear about its streams: after so many frames, or the first one after so
// long, how much earlier than due they came (channels.md §14.2, protocol.md §4.3).
class StreamReports {
 public:
  void activate(const wire::display::StreamActivateReport& message) {
    wanted_.insert_or_assign(message.stream_id, Wanted{.asked = message, .report = {}});
  }
  void forget(std::uint32_t stream) { wanted_.erase(stream); }
  void forget_all() { wanted_.clear(); }

  // A frame came.
  //   mm_time    ms, the frame's stamp
  //   client_ms  ms, multimedia time of the client
  //   audio_delay  ms that sound waits before it is heard; UINT32_MAX: none plays
  //   returns    the report, if one is due
  std::optional<wire::display::StreamReport> frame(std::uint32_t stream, std::uint32_t mm_time,
                                                   std::uint32_t client_ms,
                                                   std::uint32_t audio_delay) {
    const auto found = wanted_.find(stream);
    if (found == wanted_.end()) return std::nullopt;
    Wanted& wanted = found->second;
    wire::display::StreamReport& report = wanted.report;
    if (report.num_frames == 0) {
      report.start_frame_mm_time = mm_time;
      wanted.first_at = client_ms;
    }
    ++report.num_frames;
    if (report.num_frames < wanted.asked.max_window_size &&
        client_ms - wanted.first_at < wanted.asked.timeout_ms)
      return std::nullopt;
    report.stream_id = stream;
    report.unique_id = wanted.asked.unique_id;
    report.end_frame_mm_time = mm_time;
    report.audio_delay = audio_delay;
    report.last_frame_delay = static_cast<std::int32_t>(mm_time - client_ms);
    return std::exchange(report, {});
  }

 private:
  struct Wanted {
    wire::display::StreamActivateReport asked;
    wire::display::StreamReport report;
    std::uint32_t first_at = 0;
  };
  std::map<std::uint32_t, Wanted> wanted_;
};

}  // namespace spicebench::client
