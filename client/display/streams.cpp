// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/display/streams.hpp"

#include <fmt/format.h>

namespace spicebench::client {

using namespace wire::display;

Result<void> Streams::create(const StreamCreate& message) {
  if (message.id >= most_streams)
    return fail(ErrorCode::out_of_range,
                fmt::format("stream {}, allowed 0 to {}", message.id, most_streams - 1), 0, "id");
  if (streams_.contains(message.id)) return {};
  const bool top_down = (message.flags & stream_top_down) != 0;
  auto decoder = TRY(video::make_video_decoder(
      message.codec_type, top_down ? image::RowOrder::top_down : image::RowOrder::bottom_up));
  streams_.emplace(message.id, Stream{message, std::move(decoder)});
  return {};
}

void Streams::clip(const StreamClip& message) {
  if (const auto found = streams_.find(message.id); found != streams_.end())
    found->second.created.clip = message.clip;
}

Result<std::optional<Streams::Frame>> Streams::decode(const StreamData& message) {
  Stream& stream = *TRY(find(message.id));
  return decode(stream, message.data, stream.created.stream_width, stream.created.stream_height,
                stream.created.dest);
}
Result<std::optional<Streams::Frame>> Streams::decode(const StreamDataSized& message) {
  return decode(*TRY(find(message.id)), message.data, message.width, message.height, message.dest);
}

Result<Streams::Stream*> Streams::find(std::uint32_t id) {
  const auto found = streams_.find(id);
  if (found == streams_.end())
    return fail(ErrorCode::not_found, fmt::format("stream {} does not exist", id), 0, "id");
  return &found->second;
}

Result<std::optional<Streams::Frame>> Streams::decode(Stream& stream, const SharedBytes& data,
                                                      std::uint32_t width, std::uint32_t height,
                                                      const Rect& dest) {
  auto picture = stream.decoder->decode(data, width, height);
  if (!picture) return std::unexpected(std::move(picture.error()).within("data"));
  if (!*picture) return std::nullopt;
  return Frame{std::move(**picture), stream.created.surface_id, dest, &stream.created.clip};
}

}  // namespace spicebench::client
