// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <memory>
#include <optional>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"
#include "core/image/pixmap.hpp"
#include "core/image/row_order.hpp"
#include "core/wire/display_streams.hpp"
#include "core/wire/link.hpp"

namespace spicebench::video {

// One stream's decoder: frames in, in the order of their messages, pictures out. Inter-coded frames
// need the ones before them, so none may be left out (MJPEG apart).
class VideoDecoder {
 public:
  virtual ~VideoDecoder() = default;
  // Decodes the one frame of a STREAM_DATA or STREAM_DATA_SIZED message.
  //   width, height  coded size by the stream or the sized message. A coded picture may exceed it
  //                  by less than a macroblock (16), and is cropped; any other size is an error
  //                  that is found in the headers, before memory is taken
  //   returns   surface_32_xrgb, pad 0, top row first; nothing: the frame shows no picture
  //   errors    out_of_range (size), malformed, truncated, unsupported (more than 8 bits; H.264 but
  //             4:2:0), out_of_order (H.264 before its parameter sets); the decoder stays usable,
  //             and later frames may decode or fail
  virtual Result<std::optional<image::Pixmap>> decode(BytesView frame, std::uint32_t width,
                                                      std::uint32_t height) = 0;
};

// A decoder by STREAM_CREATE's codec_type: MJPEG, VP8, VP9, H.264. Errors: unsupported (H.265),
// malformed (no such codec).
Result<std::unique_ptr<VideoDecoder>> make_video_decoder(std::uint8_t codec_type,
                                                         image::RowOrder order);

// What a client that can decode it announces (protocol.md §7).
wire::link::DisplayCap codec_cap(wire::display::VideoCodec codec);

// "mjpeg", "vp8", "h264", "vp9", "h265"; "unknown"
std::string_view codec_name(std::uint8_t codec_type);

}  // namespace spicebench::video
