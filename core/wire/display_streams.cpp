// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/wire/display_streams.hpp"

#include <fmt/format.h>

#include "core/wire/describe.hpp"
#include "core/wire/generate.hpp"
#include "core/wire/tables.hpp"

namespace spicebench::wire {
namespace display {
namespace {

constexpr std::int64_t most_side = 32768, most_stream = 63, most_stride = 1 << 20;

constexpr Name codec_entries[] = {{1, "mjpeg"}, {2, "vp8"}, {3, "h264"}, {4, "vp9"}, {5, "h265"}};
constexpr Names codec_names{false, codec_entries};
constexpr Name stream_flag_entries[] = {{stream_top_down, "top_down"}};
constexpr Names stream_flag_names{true, stream_flag_entries};

constexpr Field stream_id(const Field& field) {
  return field.limited(0, most_stream);
}
constexpr Field side(const Field& field) {
  return field.limited(1, most_side);
}

// A stream, or one of its frames, is shown somewhere.
template <class T>
std::string check_dest(const Scope& scope) {
  return is_empty(scope.as<T>().dest) ? "dest is empty" : "";
}
template <class T>
void settle_dest(void* object, const Scope*, Choices&) {
  Rect& dest = static_cast<T*>(object)->dest;
  if (dest.right == dest.left) ++dest.right;
  if (dest.bottom == dest.top) ++dest.bottom;
}
constexpr std::string_view dest_says = "dest is not empty";

constexpr Field stream_create_fields[] = {
    scalar(MEMBER(StreamCreate, surface_id)).limited(0, most_surface_id),
    stream_id(scalar(MEMBER(StreamCreate, id))),
    scalar(MEMBER(StreamCreate, flags)).named(stream_flag_names),
    scalar(MEMBER(StreamCreate, codec_type)).named(codec_names),
    scalar(MEMBER(StreamCreate, stamp)),
    side(scalar(MEMBER(StreamCreate, stream_width))),
    side(scalar(MEMBER(StreamCreate, stream_height))),
    side(scalar(MEMBER(StreamCreate, src_width))),
    side(scalar(MEMBER(StreamCreate, src_height))),
    structure(MEMBER(StreamCreate, dest), rect_layout),
    structure(MEMBER(StreamCreate, clip), clip_layout),
};
constexpr Layout stream_create_layout = describes<StreamCreate>(
    "stream_create", stream_create_fields,
    {check_dest<StreamCreate>, settle_dest<StreamCreate>, nullptr, dest_says});

constexpr Field stream_data_fields[] = {
    stream_id(scalar(MEMBER(StreamData, id))),
    scalar(MEMBER(StreamData, multi_media_time)),
    count("data_size", 4, 0).limited(1, INT64_MAX),
    bytes(MEMBER(StreamData, data)).counted(0),
};
constexpr Layout stream_data_layout = describes<StreamData>("stream_data", stream_data_fields);

constexpr Field stream_data_sized_fields[] = {
    stream_id(scalar(MEMBER(StreamDataSized, id))),
    scalar(MEMBER(StreamDataSized, multi_media_time)),
    side(scalar(MEMBER(StreamDataSized, width))),
    side(scalar(MEMBER(StreamDataSized, height))),
    structure(MEMBER(StreamDataSized, dest), rect_layout),
    count("data_size", 4, 0).limited(1, INT64_MAX),
    bytes(MEMBER(StreamDataSized, data)).counted(0),
};
constexpr Layout stream_data_sized_layout = describes<StreamDataSized>(
    "stream_data_sized", stream_data_sized_fields,
    {check_dest<StreamDataSized>, settle_dest<StreamDataSized>, nullptr, dest_says});

constexpr Field stream_clip_fields[] = {
    stream_id(scalar(MEMBER(StreamClip, id))),
    structure(MEMBER(StreamClip, clip), clip_layout),
};
constexpr Layout stream_clip_layout = describes<StreamClip>("stream_clip", stream_clip_fields);

constexpr Field stream_destroy_fields[] = {stream_id(scalar(MEMBER(StreamDestroy, id)))};
constexpr Layout stream_destroy_layout =
    describes<StreamDestroy>("stream_destroy", stream_destroy_fields);

constexpr Layout stream_destroy_all_layout = describes<StreamDestroyAll>("stream_destroy_all", {});

constexpr Field activate_report_fields[] = {
    stream_id(scalar(MEMBER(StreamActivateReport, stream_id))),
    scalar(MEMBER(StreamActivateReport, unique_id)),
    scalar(MEMBER(StreamActivateReport, max_window_size)),
    scalar(MEMBER(StreamActivateReport, timeout_ms)),
};
constexpr Layout activate_report_layout =
    describes<StreamActivateReport>("stream_activate_report", activate_report_fields);

constexpr Name scanout_flag_entries[] = {{gl_scanout_y0_top, "y0top"}};
constexpr Names scanout_flag_names{true, scanout_flag_entries};
std::string check_scanout(const Scope& scope) {
  const auto& scanout = scope.as<GlScanoutUnix>();
  const bool sane = scanout.width >= 1 && scanout.height >= 1 && scanout.stride >= scanout.width;
  return scanout.drm_fourcc_format == 0 || sane
             ? ""
             : fmt::format("a scanout of {}×{}, {} bytes a row", scanout.width, scanout.height,
                           scanout.stride);
}
void settle_scanout(void* object, const Scope*, Choices& choices) {
  auto& scanout = *static_cast<GlScanoutUnix*>(object);
  scanout.width = std::max(scanout.width, 1u), scanout.height = std::max(scanout.height, 1u);
  scanout.stride = scanout.width * 4 + static_cast<std::uint32_t>(choices.below(64));
}
constexpr Field gl_scanout_unix_fields[] = {
    scalar(MEMBER(GlScanoutUnix, width)).limited(0, most_side),
    scalar(MEMBER(GlScanoutUnix, height)).limited(0, most_side),
    scalar(MEMBER(GlScanoutUnix, stride)).limited(0, most_stride),
    scalar(MEMBER(GlScanoutUnix, drm_fourcc_format)),
    scalar(MEMBER(GlScanoutUnix, flags)).named(scanout_flag_names),
};
constexpr Layout gl_scanout_unix_layout =
    describes<GlScanoutUnix>("gl_scanout_unix", gl_scanout_unix_fields,
                             {check_scanout, settle_scanout, nullptr,
                              "with a drm_fourcc_format: width and height at least 1, stride at "
                              "least width"});

constexpr Field gl_draw_fields[] = {
    scalar(MEMBER(GlDraw, x)),
    scalar(MEMBER(GlDraw, y)),
    scalar(MEMBER(GlDraw, w)),
    scalar(MEMBER(GlDraw, h)),
};
constexpr Layout gl_draw_layout = describes<GlDraw>("gl_draw", gl_draw_fields);

constexpr Field quality_indicator_fields[] = {bytes(MEMBER(QualityIndicator, data)).to_end()};
constexpr Layout quality_indicator_layout =
    describes<QualityIndicator>("quality_indicator", quality_indicator_fields);

// Client to server. The stream of a report may be one that the client cannot know: no limit.
constexpr Field stream_report_fields[] = {
    scalar(MEMBER(StreamReport, stream_id)),
    scalar(MEMBER(StreamReport, unique_id)),
    scalar(MEMBER(StreamReport, start_frame_mm_time)),
    scalar(MEMBER(StreamReport, end_frame_mm_time)),
    scalar(MEMBER(StreamReport, num_frames)),
    scalar(MEMBER(StreamReport, num_drops)),
    scalar(MEMBER(StreamReport, last_frame_delay)),
    scalar(MEMBER(StreamReport, audio_delay)),
};
constexpr Layout stream_report_layout =
    describes<StreamReport>("stream_report", stream_report_fields);

constexpr Layout gl_draw_done_layout = describes<GlDrawDone>("gl_draw_done", {});

constexpr Field preferred_video_fields[] = {
    count("num_of_codecs", 1, 0),
    list(MEMBER(PreferredVideoCodecType, codecs)).counted(0).named(codec_names),
};
constexpr Layout preferred_video_layout =
    describes<PreferredVideoCodecType>("preferred_video_codec_type", preferred_video_fields);

constexpr MessageInfo rows[] = {
    row<StreamCreate>(stream_create_layout),
    row<StreamData>(stream_data_layout),
    row<StreamDataSized>(stream_data_sized_layout),
    row<StreamClip>(stream_clip_layout),
    row<StreamDestroy>(stream_destroy_layout),
    row<StreamDestroyAll>(stream_destroy_all_layout),
    row<StreamActivateReport>(activate_report_layout),
    row<GlScanoutUnix>(gl_scanout_unix_layout),
    row<GlDraw>(gl_draw_layout),
    row<QualityIndicator>(quality_indicator_layout),
    row<StreamReport>(stream_report_layout),
    row<GlDrawDone>(gl_draw_done_layout),
    row<PreferredVideoCodecType>(preferred_video_layout),
};

}  // namespace
}  // namespace display

std::span<const MessageInfo> display_stream_messages() {
  return display::rows;
}

}  // namespace spicebench::wire
