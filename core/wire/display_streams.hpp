// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <vector>

#include "core/base/shared_bytes.hpp"
#include "core/wire/display_types.hpp"
#include "core/wire/ids.hpp"

// Video streams and GL scanouts of the display channel (protocol.md §4.3).
namespace spicebench::wire::display {

enum class VideoCodec : std::uint8_t { mjpeg = 1, vp8 = 2, h264 = 3, vp9 = 4, h265 = 5 };
enum StreamFlags : std::uint8_t { stream_top_down = 1 };

// Server to client
struct StreamCreate {
  static constexpr MessageKey message{ChannelType::display, Side::server, 122};
  std::uint32_t surface_id = 0, id = 0;
  std::uint8_t flags = stream_top_down;  // without it pictures are flipped, whatever the codec
  std::uint8_t codec_type = 1;           // VideoCodec
  std::uint64_t stamp = 0;               // without meaning
  std::uint32_t stream_width = 1, stream_height = 1;  // coded size
  std::uint32_t src_width = 1, src_height = 1;        // of the original area
  Rect dest;
  Clip clip;
  bool operator==(const StreamCreate&) const = default;
};
struct StreamData {
  static constexpr MessageKey message{ChannelType::display, Side::server, 123};
  std::uint32_t id = 0, multi_media_time = 0;  // ms
  SharedBytes data;                            // one coded picture; u32 data_size
  bool operator==(const StreamData&) const = default;
};
struct StreamDataSized {
  static constexpr MessageKey message{ChannelType::display, Side::server, 316};
  std::uint32_t id = 0, multi_media_time = 0;  // ms
  std::uint32_t width = 1, height = 1;         // coded size of this picture
  Rect dest;
  SharedBytes data;  // u32 data_size
  bool operator==(const StreamDataSized&) const = default;
};
struct StreamClip {
  static constexpr MessageKey message{ChannelType::display, Side::server, 124};
  std::uint32_t id = 0;
  Clip clip;
  bool operator==(const StreamClip&) const = default;
};
struct StreamDestroy {
  static constexpr MessageKey message{ChannelType::display, Side::server, 125};
  std::uint32_t id = 0;
  bool operator==(const StreamDestroy&) const = default;
};
struct StreamDestroyAll {
  static constexpr MessageKey message{ChannelType::display, Side::server, 126};
  bool operator==(const StreamDestroyAll&) const = default;
};
struct StreamActivateReport {
  static constexpr MessageKey message{ChannelType::display, Side::server, 319};
  std::uint32_t stream_id = 0, unique_id = 0;
  std::uint32_t max_window_size = 0;  // frames
  std::uint32_t timeout_ms = 0;
  bool operator==(const StreamActivateReport&) const = default;
};
enum GlScanoutFlags : std::uint32_t { gl_scanout_y0_top = 1 };
// On a UNIX socket only. A fourcc other than 0 is followed by one byte outside of any message that
// carries the file descriptor (UnitKind::descriptor of framer.hpp).
struct GlScanoutUnix {
  static constexpr MessageKey message{ChannelType::display, Side::server, 320};
  std::uint32_t width = 0, height = 0, stride = 0;  // stride: bytes per row
  std::uint32_t drm_fourcc_format = 0;              // 0: no scanout
  std::uint32_t flags = 0;                          // GlScanoutFlags
  bool operator==(const GlScanoutUnix&) const = default;
};
struct GlDraw {
  static constexpr MessageKey message{ChannelType::display, Side::server, 321};
  std::uint32_t x = 0, y = 0, w = 0, h = 0;
  bool operator==(const GlDraw&) const = default;
};
// Reserved, never sent.
struct QualityIndicator {
  static constexpr MessageKey message{ChannelType::display, Side::server, 322};
  SharedBytes data;  // to the end
  bool operator==(const QualityIndicator&) const = default;
};

// Client to server
// num_frames 0 with num_drops 0xffffffff: the stream cannot be decoded.
struct StreamReport {
  static constexpr MessageKey message{ChannelType::display, Side::client, 102};
  std::uint32_t stream_id = 0, unique_id = 0;
  std::uint32_t start_frame_mm_time = 0, end_frame_mm_time = 0;
  std::uint32_t num_frames = 0, num_drops = 0;
  std::int32_t last_frame_delay = 0;  // ms, negative: late
  std::uint32_t audio_delay = 0;      // ms; 0xffffffff: no audio
  bool operator==(const StreamReport&) const = default;
};
struct GlDrawDone {
  static constexpr MessageKey message{ChannelType::display, Side::client, 104};
  bool operator==(const GlDrawDone&) const = default;
};
struct PreferredVideoCodecType {
  static constexpr MessageKey message{ChannelType::display, Side::client, 105};
  std::vector<std::uint8_t> codecs;  // VideoCodec, the most preferred first; u8 count
  bool operator==(const PreferredVideoCodecType&) const = default;
};

}  // namespace spicebench::wire::display
