// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>

#include "core/base/result.hpp"
#include "core/video/video_decoder.hpp"
#include "core/wire/display_streams.hpp"

namespace spicebench::client {

// The video streams of one display channel (canvas.md §14): where each one shows and its decoder.
class Streams {
 public:
  static constexpr std::uint32_t most_streams = 64;  // protocol.md §10.6

  struct Stream {
    wire::display::StreamCreate created;  // with the clip of the last STREAM_CLIP
    std::unique_ptr<video::VideoDecoder> decoder;
  };
  // A picture to be drawn.
  struct Frame {
    image::Pixmap picture;
    std::uint32_t surface_id = 0;
    wire::display::Rect dest;
    const wire::display::Clip* clip = nullptr;
  };

  // An id that is there already is ignored. Errors: out_of_range (id), unsupported, malformed
  // (codec).
  Result<void> create(const wire::display::StreamCreate& message);
  // Unknown streams are nobody's fault: one of them may not have been created for want of a codec.
  void clip(const wire::display::StreamClip& message);
  void destroy(std::uint32_t id) { streams_.erase(id); }
  void destroy_all() { streams_.clear(); }
  bool has(std::uint32_t id) const { return streams_.contains(id); }

  // The picture that a frame shows; nothing: none. Errors: not_found (no such stream), and those of
  // the decoder.
  Result<std::optional<Frame>> decode(const wire::display::StreamData& message);
  Result<std::optional<Frame>> decode(const wire::display::StreamDataSized& message);

  const std::map<std::uint32_t, Stream>& all() const { return streams_; }

 private:
  Result<Stream*> find(std::uint32_t id);
  Result<std::optional<Frame>> decode(Stream& stream, const SharedBytes& data, std::uint32_t width,
                                      std::uint32_t height, const wire::display::Rect& dest);

  std::map<std::uint32_t, Stream> streams_;
};

}  // namespace spicebench::client
