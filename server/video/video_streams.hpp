// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <vector>

#include "core/wire/display_channel.hpp"
#include "server/display/display_client.hpp"

namespace spicebench::server {

// A place on the primary surface where pictures follow one another like film.
struct VideoStream {
  std::uint32_t id = 0;
  std::uint32_t width = 0, height = 0;  // of the pictures
  draw::Rect dest;
  DrawItem current;    // the last frame; null: something drawn since has read or changed it
  draw::Region shown;  // of that frame, what nothing has covered since
  Instant last_frame{};
  std::uint32_t frames_per_second = 1;
  Instant counted_from{};
  std::uint32_t counted = 0;  // frames since
};

// The picture that a drawable would give a film.
struct FilmPicture {
  std::uint32_t width = 0, height = 0;  // of its source area
  draw::Rect box;
};

// Finds film in what the guest draws on the primary surface and keeps its streams. Drawing goes
// through it twice: before it is drawn, so that film behind it is replaced by exact pixels, and
// after, when it may be film itself.
//
// Source: display-pipeline.md §17.1–§17.8. DIFFERS: any picture of the last 200 ms can be a film's
// first, covered by its successor or not; a stream takes pictures of either row order, always told
// as TOP_DOWN; STREAM_CREATE tells what is to be seen, not the command's clip; stream ids are the
// lowest free ones; a client's codec preference restarts the streams of all clients.
class VideoStreams {
 public:
  // The lossless picture of a part of the primary surface.
  using PictureOf = std::function<wire::AnyMessage(const draw::Rect& area)>;

  VideoStreams(Services& services, const std::vector<DisplayClient*>& clients, PictureOf picture);

  // `drawing` will be drawn: film that it reads or blends with is made exact first.
  void make_way(const Drawing& drawing);
  // It was drawn. It goes to all clients' pipes.
  void drawn(const DrawItem& drawing);
  // A new client gets the streams that there are.
  void show(DisplayClient& client) const;
  // The primary surface goes: streams end as they are.
  void drop_all();
  // All streams end; what they showed becomes exact. They may begin again.
  void stop_all();
  // Ends the streams that had no frame for a second.
  void expire();

  std::optional<Instant> next_expiry() const;
  nlohmann::json describe() const;

 private:
  struct Seen {
    FilmPicture picture;
    Instant at;
    FilmCount film;
  };

  std::optional<FilmPicture> film_picture(const Drawing& drawing) const;
  bool continues(const VideoStream& stream, const FilmPicture& picture) const;
  void add_frame(VideoStream& stream, const DrawItem& drawing);
  // Counts it as a successor of a picture that was seen, if there is one; begins a stream when
  // enough followed each other.
  VideoStream* detect(const DrawItem& drawing, const FilmPicture& picture);
  VideoStream* begin(const DrawItem& drawing, const FilmPicture& picture);
  void stop_film(VideoStream& stream);
  void stop_film_behind(const draw::Region& region);
  void end(std::map<std::uint32_t, VideoStream>::iterator stream);
  std::int64_t pixels() const;

  Services& services_;
  const std::vector<DisplayClient*>& clients_;
  PictureOf picture_;
  std::map<std::uint32_t, VideoStream> streams_;
  std::deque<Seen> seen_;  // newest first
};

// "off", "filter" or "all" of ServerOptions::streaming_video.
bool is_streaming_mode(std::string_view name);

}  // namespace spicebench::server
