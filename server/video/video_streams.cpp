// SPDX-License-Identifier: LGPL-2.1-or-later
#include "server/video/video_streams.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/draw/region_sets.hpp"
#include "server/display/compression.hpp"
#include "server/display/graduality.hpp"

namespace spicebench::server {

using namespace wire::display;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

std::int64_t area_of(const Rect& rect) {
  return width_of(rect) * height_of(rect);
}
bool holds(const Rect& outer, const Rect& inner) {
  return outer.left <= inner.left && outer.top <= inner.top && outer.right >= inner.right &&
         outer.bottom >= inner.bottom;
}

// Whether a film's frame looks like one: pictures of programs do not. Formats that cannot be judged
// pass.
bool may_be_film(const Bitmap& bitmap) {
  if (bitmap.format < format_16bit || bitmap.format > format_rgba) return true;
  const image::BitmapView view = view_of(bitmap);
  if (bitmap.stride != view.row_bytes()) return true;
  return graduality_of(view) != Graduality::low;
}

}  // namespace

bool is_streaming_mode(std::string_view name) {
  return name == "off" || name == "filter" || name == "all";
}

VideoStreams::VideoStreams(Services& services, const std::vector<DisplayClient*>& clients,
                           PictureOf picture)
    : services_(services), clients_(clients), picture_(std::move(picture)) {}

std::optional<FilmPicture> VideoStreams::film_picture(const Drawing& drawing) const {
  const std::string& mode = services_.options.streaming_video;
  if (mode == "off" || !drawing.covers || drawing.surface_id != 0) return std::nullopt;
  const auto* copy = std::get_if<DrawCopy>(&drawing.drawable().body);
  if (!copy || copy->rop_descriptor != ropd_put || !copy->src_bitmap ||
      !std::holds_alternative<Bitmap>(copy->src_bitmap->payload))
    return std::nullopt;
  const std::int64_t width = width_of(copy->src_area), height = height_of(copy->src_area);
  if (mode == "filter" && (width < stream_side_min || height < stream_side_min))
    return std::nullopt;
  return FilmPicture{static_cast<std::uint32_t>(width), static_cast<std::uint32_t>(height),
                     copy->base.box};
}

// Before it is drawn

void VideoStreams::make_way(const Drawing& drawing) {
  if (streams_.empty()) return;
  if (std::ranges::find(drawing.surfaces_read, 0u) != drawing.surfaces_read.end())
    for (auto& [id, stream] : streams_) stop_film(stream);
  if (drawing.surface_id != 0) return;
  if (drawing.moved_from) stop_film_behind(draw::region_of(*drawing.moved_from));
  if (!drawing.covers) stop_film_behind(drawing.region);
}

void VideoStreams::stop_film_behind(const draw::Region& region) {
  for (auto& [id, stream] : streams_)
    if (std::ranges::any_of(clients_, [&, id = id](const DisplayClient* client) {
          return client->shows_film(id, &region);
        }))
      stop_film(stream);
}

// The frame that still waits in a pipe is sent as the drawing that it is; who has had film instead
// gets the pixels.
void VideoStreams::stop_film(VideoStream& stream) {
  for (DisplayClient* client : clients_) {
    if (!client->shows_film(stream.id, nullptr)) continue;
    const draw::Region lacking = client->film_stopped(stream);
    if (!lacking.empty()) client->append(picture_(draw::bounds_of(lacking)));
  }
  if (stream.current) stream.current->stream.reset();
  stream.current.reset();
  stream.shown.clear();
}

// After it was drawn

void VideoStreams::drawn(const DrawItem& drawing) {
  const std::optional<FilmPicture> picture = film_picture(*drawing);
  VideoStream* stream = nullptr;
  if (picture) {
    const auto found = std::ranges::find_if(
        streams_, [&](const auto& entry) { return continues(entry.second, *picture); });
    if (found != streams_.end()) stream = &found->second;
  }
  const DrawItem before = stream ? stream->current : nullptr;
  if (stream)
    add_frame(*stream, drawing);
  else if (picture)
    stream = detect(drawing, *picture);
  if (drawing->surface_id == 0 && drawing->covers && !streams_.empty()) {
    const auto own = stream ? std::optional(stream->id) : std::nullopt;
    for (auto& [id, other] : streams_)
      if (id != own) other.shown = draw::without(other.shown, drawing->region);
    for (DisplayClient* client : clients_) client->film_covered(drawing->region, own);
  }
  for (DisplayClient* client : clients_) {
    if (stream)
      client->append_frame(*stream, drawing, before.get());
    else
      client->append(drawing);
  }
}

bool VideoStreams::continues(const VideoStream& stream, const FilmPicture& picture) const {
  return services_.now - stream.last_frame <= milliseconds(stream_pause_ms) &&
         holds(picture.box, stream.dest) &&
         area_of(picture.box) <= stream_growth_max * area_of(stream.dest);
}

void VideoStreams::add_frame(VideoStream& stream, const DrawItem& drawing) {
  if (stream.current) stream.current->stream.reset();
  stream.current = drawing;
  stream.shown = drawing->region;
  stream.last_frame = services_.now;
  drawing->stream = stream.id;
  ++stream.counted;
  const Duration counted = services_.now - stream.counted_from;
  if (counted < seconds(stream_fps_period_s)) return;
  const std::int64_t ms = counted.count() / 1'000'000;
  stream.frames_per_second =
      static_cast<std::uint32_t>(std::max<std::int64_t>(1, (stream.counted * 1000 + ms / 2) / ms));
  stream.counted_from = services_.now;
  stream.counted = 0;
}

VideoStream* VideoStreams::detect(const DrawItem& drawing, const FilmPicture& picture) {
  while (!seen_.empty() && services_.now - seen_.back().at > milliseconds(stream_gap_ms))
    seen_.pop_back();
  FilmCount film{.first = services_.now};
  const auto before = std::ranges::find_if(seen_, [&](const Seen& seen) {
    return seen.picture.box == picture.box && seen.picture.width == picture.width &&
           seen.picture.height == picture.height;
  });
  if (before != seen_.end()) {
    film = before->film;
    ++film.frames;
    const auto& copy = std::get<DrawCopy>(drawing->drawable().body);
    const bool gradual = services_.options.streaming_video != "filter" ||
                         may_be_film(std::get<Bitmap>(copy.src_bitmap->payload));
    if (gradual) {
      if (film.frames - film.last_gradual > stream_gradual_reset)
        film.frames = film.gradual = 1;
      else
        ++film.gradual;
      film.last_gradual = film.frames;
    }
    seen_.erase(before);
  }
  drawing->film = film;
  if (film.frames >= stream_frames && stream_gradual_part * film.gradual >= film.frames &&
      streams_.size() < most_streams)
    return begin(drawing, picture);
  seen_.push_front({picture, services_.now, film});
  if (seen_.size() > stream_trace) seen_.pop_back();
  return nullptr;
}

VideoStream* VideoStreams::begin(const DrawItem& drawing, const FilmPicture& picture) {
  std::uint32_t id = 0;
  while (streams_.contains(id)) ++id;
  VideoStream& stream = streams_[id];
  stream = {.id = id,
            .width = picture.width,
            .height = picture.height,
            .dest = picture.box,
            .counted_from = services_.now};
  const std::int64_t ms = (services_.now - drawing->film.first).count() / 1'000'000;
  stream.frames_per_second =
      ms <= 0 ? stream_fps_max
              : std::clamp(static_cast<std::uint32_t>((drawing->film.frames * 1000 + ms / 2) / ms),
                           1u, stream_fps_max);
  add_frame(stream, drawing);
  ++services_.counters.streams;
  const std::int64_t all = pixels();
  for (DisplayClient* client : clients_) client->stream_began(stream, all);
  return &stream;
}

std::int64_t VideoStreams::pixels() const {
  std::int64_t sum = 0;
  for (const auto& [id, stream] : streams_) sum += std::int64_t{stream.width} * stream.height;
  return sum;
}

void VideoStreams::show(DisplayClient& client) const {
  const std::int64_t all = pixels();
  for (const auto& [id, stream] : streams_) client.stream_began(stream, all);
}

// Ends

void VideoStreams::end(std::map<std::uint32_t, VideoStream>::iterator stream) {
  if (stream->second.current) stream->second.current->stream.reset();
  for (DisplayClient* client : clients_) client->stream_ended(stream->first);
  streams_.erase(stream);
}

void VideoStreams::drop_all() {
  while (!streams_.empty()) end(streams_.begin());
  seen_.clear();
}

void VideoStreams::stop_all() {
  while (!streams_.empty()) {
    stop_film(streams_.begin()->second);
    end(streams_.begin());
  }
}

void VideoStreams::expire() {
  for (auto at = streams_.begin(); at != streams_.end();) {
    const auto stream = at++;
    if (services_.now - stream->second.last_frame < milliseconds(stream_pause_ms)) continue;
    stop_film(stream->second);
    end(stream);
  }
}

std::optional<Instant> VideoStreams::next_expiry() const {
  if (streams_.empty()) return std::nullopt;
  const auto& oldest = std::ranges::min_element(streams_, {}, [](const auto& s) {
                         return s.second.last_frame;
                       })->second;
  return oldest.last_frame + milliseconds(stream_pause_ms);
}

nlohmann::json VideoStreams::describe() const {
  nlohmann::json list = nlohmann::json::array();
  for (const auto& [id, stream] : streams_)
    list.push_back({{"id", id},
                    {"width", stream.width},
                    {"height", stream.height},
                    {"frames_per_second", stream.frames_per_second},
                    {"has_frame", stream.current != nullptr}});
  return list;
}

}  // namespace spicebench::server
