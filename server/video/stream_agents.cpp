// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/video/stream_agents.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/draw/region_sets.hpp"
#include "core/video/video_decoder.hpp"
#include "server/display/compression.hpp"

namespace spicebench::server {

using namespace wire::display;
using wire::link::DisplayCap;

namespace {

Clip clip_of(const draw::Region& region) {
  return {.type = clip_rects, .rects = region};
}

// The part of the bitmap that is shown, its first row on top.
image::BitmapView source_of(const DrawCopy& copy) {
  image::BitmapView view = view_of(std::get<Bitmap>(copy.src_bitmap->payload));
  const std::size_t bits = bitmap_bits(view.format);
  view.top += view.stride * copy.src_area.top +
              static_cast<std::ptrdiff_t>(bits * static_cast<std::size_t>(copy.src_area.left) / 8);
  view.width = static_cast<std::uint32_t>(width_of(copy.src_area));
  view.height = static_cast<std::uint32_t>(height_of(copy.src_area));
  return view;
}

}  // namespace

Result<std::vector<VideoCodec>> video_codecs_from(const std::string& names) {
  std::vector<VideoCodec> codecs;
  for (std::size_t at = 0; at <= names.size();) {
    const std::size_t end = std::min(names.find(',', at), names.size());
    const std::string_view name(names.data() + at, end - at);
    const auto number = [&]() -> std::uint8_t {
      for (std::uint8_t n = 1; n <= static_cast<std::uint8_t>(VideoCodec::vp9); ++n)
        if (video::codec_name(n) == name) return n;
      return 0;
    }();
    if (number == 0)
      return fail(ErrorCode::malformed,
                  fmt::format("\"{}\", known are mjpeg, vp8, h264 and vp9", name));
    codecs.push_back(static_cast<VideoCodec>(number));
    at = end + 1;
  }
  return codecs;
}

StreamAgents::StreamAgents(Services& services, std::vector<std::uint32_t> caps,
                           std::shared_ptr<const NetTest> net, Append append)
    : services_(services),
      caps_(std::move(caps)),
      net_(std::move(net)),
      append_(std::move(append)) {}

StreamAgents::Agent* StreamAgents::find(std::uint32_t stream) {
  const auto found = agents_.find(stream);
  return found == agents_.end() ? nullptr : &found->second;
}
const StreamAgents::Agent* StreamAgents::find(std::uint32_t stream) const {
  const auto found = agents_.find(stream);
  return found == agents_.end() ? nullptr : &found->second;
}

// The server's order, unless the client has one: what it names comes first. A client that says
// nothing of codecs knows Motion JPEG.
std::vector<VideoCodec> StreamAgents::codecs() const {
  std::vector<VideoCodec> list = *video_codecs_from(services_.options.video_codecs);
  std::ranges::stable_sort(list, {}, [this](VideoCodec codec) {
    return std::ranges::find(preferred_, static_cast<std::uint8_t>(codec)) - preferred_.begin();
  });
  const bool tells = has_cap(DisplayCap::multi_codec);
  std::erase_if(list, [&](VideoCodec codec) {
    return tells ? !has_cap(video::codec_cap(codec)) : codec != VideoCodec::mjpeg;
  });
  return list;
}

std::uint64_t StreamAgents::first_rate(std::int64_t pixels, std::int64_t all_pixels) const {
  std::uint64_t rate = std::max(best_rate_, net_ ? net_->bits_per_second() : 0);
  if (rate == 0) rate = net_ && net_->low_bandwidth() ? video_rate_slow : video_rate_fast;
  const double share =
      all_pixels > 0 ? static_cast<double>(pixels) / static_cast<double>(all_pixels) : 1;
  constexpr std::uint64_t most = std::uint64_t{1} << 40;  // of a client that is very near
  return static_cast<std::uint64_t>(static_cast<double>(std::min(rate, most)) / 10 *
                                    video_rate_part_of_ten * share);
}

void StreamAgents::begin(const VideoStream& stream, std::int64_t all_pixels) {
  Agent agent{.width = stream.width,
              .height = stream.height,
              .frames_per_second = stream.frames_per_second,
              .dest = stream.dest,
              .unique_id = ++last_unique_};
  for (const VideoCodec codec : codecs()) {
    auto encoder = video::make_video_encoder(static_cast<std::uint8_t>(codec));
    if (!encoder) continue;
    agent.codec = codec;
    agent.encoder = *std::move(encoder);
    break;
  }
  if (agent.encoder) {
    const std::int64_t pixels = std::int64_t{stream.width} * stream.height;
    agent.rate =
        make_rate_control(agent.codec, {.bits_per_second = first_rate(pixels, all_pixels),
                                        .round_trip = net_ ? net_->latency() : Duration{},
                                        .raw_frame_bytes = static_cast<std::uint64_t>(pixels) * 4});
    agent.told = true;
    agent.clip = stream.shown;
    append_(wire::AnyMessage::of(StreamCreate{.id = stream.id,
                                              .flags = stream_top_down,
                                              .codec_type = static_cast<std::uint8_t>(agent.codec),
                                              .stream_width = stream.width,
                                              .stream_height = stream.height,
                                              .src_width = stream.width,
                                              .src_height = stream.height,
                                              .dest = stream.dest,
                                              .clip = clip_of(agent.clip)}));
    if (has_cap(DisplayCap::stream_report))
      append_(wire::AnyMessage::of(StreamActivateReport{.stream_id = stream.id,
                                                        .unique_id = agent.unique_id,
                                                        .max_window_size = report_window_frames,
                                                        .timeout_ms = report_timeout_ms}));
  }
  agents_.insert_or_assign(stream.id, std::move(agent));
}

bool StreamAgents::has_encoder(std::uint32_t stream) const {
  const Agent* agent = find(stream);
  return agent && agent->encoder;
}

void StreamAgents::queued(const VideoStream& stream, const Drawing& frame, bool replaced_waiting,
                          bool same_round) {
  Agent* agent = find(stream.id);
  if (!agent) return;
  agent->frames_per_second = stream.frames_per_second;
  if (!agent->encoder) return;
  if (replaced_waiting && !same_round) agent->rate->dropped_unsent();
  agent->visible = draw::united(agent->visible, frame.region);
  const auto& box = std::get<DrawCopy>(frame.drawable().body).base.box;
  const draw::Region whole = draw::region_of(box), inside = draw::common(agent->clip, whole);
  if (draw::contains(inside, frame.region) && draw::contains(frame.region, inside)) return;
  agent->clip = draw::united(draw::without(agent->clip, whole), frame.region);
  tell_clip(stream.id, *agent);
}

void StreamAgents::tell_clip(std::uint32_t stream, const Agent& agent) {
  append_(wire::AnyMessage::of(StreamClip{stream, clip_of(agent.clip)}));
}

void StreamAgents::covered(const draw::Region& region, std::optional<std::uint32_t> but) {
  for (auto& [id, agent] : agents_) {
    if (id == but) continue;
    agent.visible = draw::without(agent.visible, region);
    if (!agent.encoder || !draw::intersects(agent.clip, region)) continue;
    agent.clip = draw::without(agent.clip, region);
    tell_clip(id, agent);
  }
}

bool StreamAgents::shows(std::uint32_t stream, const draw::Region* region) const {
  const Agent* agent = find(stream);
  if (!agent || agent->visible.empty()) return false;
  return !region || draw::intersects(agent->visible, *region);
}

draw::Region StreamAgents::film() const {
  draw::Region all;
  for (const auto& [id, agent] : agents_) all = draw::united(all, agent.visible);
  return all;
}

draw::Region StreamAgents::stop(std::uint32_t stream) {
  Agent* agent = find(stream);
  if (!agent) return {};
  if (agent->encoder && !agent->clip.empty()) {
    agent->clip.clear();
    tell_clip(stream, *agent);
  }
  return std::exchange(agent->visible, {});
}

void StreamAgents::end(std::uint32_t stream) {
  const Agent* agent = find(stream);
  if (!agent) return;
  if (agent->rate) best_rate_ = std::max(best_rate_, agent->rate->bits_per_second());
  if (agent->told) append_(wire::AnyMessage::of(StreamDestroy{stream}));
  agents_.erase(stream);
}

FrameFate StreamAgents::take(const Drawing& frame) {
  Agent* agent = frame.stream ? find(*frame.stream) : nullptr;
  if (!agent || !agent->encoder) return {};
  const auto& copy = std::get<DrawCopy>(frame.drawable().body);
  const image::BitmapView picture = source_of(copy);
  const bool sized = picture.width != agent->width || picture.height != agent->height ||
                     copy.base.box != agent->dest;
  if (sized && !has_cap(DisplayCap::sized_stream)) return {};
  const std::uint32_t mm_time = MediaClock::at(frame.accepted);
  const auto target = agent->rate->begin(
      {.now = services_.now, .mm_time = mm_time, .frames_per_second = agent->frames_per_second});
  ++services_.counters.film_frames;
  if (!target) {
    ++services_.counters.film_frames_left_out;
    return {.kind = FrameFate::Kind::left_out};
  }
  auto coded = agent->encoder->encode(picture, *target);
  if (!coded) return {};
  agent->rate->coded(coded->size());
  services_.media_clock.require_latency(agent->rate->wanted_delay_ms());
  SharedBytes data(*std::move(coded));
  if (sized)
    return {.kind = FrameFate::Kind::video,
            .message = wire::AnyMessage::of(StreamDataSized{.id = *frame.stream,
                                                            .multi_media_time = mm_time,
                                                            .width = picture.width,
                                                            .height = picture.height,
                                                            .dest = copy.base.box,
                                                            .data = std::move(data)})};
  return {.kind = FrameFate::Kind::video,
          .message = wire::AnyMessage::of(StreamData{*frame.stream, mm_time, std::move(data)})};
}

void StreamAgents::report(const StreamReport& report) {
  Agent* agent = find(report.stream_id);
  if (!agent || !agent->encoder) return;
  // What the client cannot show goes as drawings from now on.
  if (report.num_frames == 0 && report.num_drops == UINT32_MAX) {
    agent->encoder.reset();
    return;
  }
  if (report.unique_id != agent->unique_id) return;  // of the stream that had the number before
  agent->rate->report(report);
  services_.media_clock.require_latency(agent->rate->wanted_delay_ms());
}

nlohmann::json StreamAgents::describe() const {
  nlohmann::json list = nlohmann::json::array();
  for (const auto& [id, agent] : agents_)
    list.push_back(
        {{"id", id},
         {"codec", agent.encoder ? video::codec_name(static_cast<std::uint8_t>(agent.codec))
                                 : std::string_view("none")},
         {"bits_per_second", agent.rate ? agent.rate->bits_per_second() : 0},
         {"film_pixels", draw::pixels_in(agent.visible)}});
  return list;
}

}  // namespace spicebench::server
