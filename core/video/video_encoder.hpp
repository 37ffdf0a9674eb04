// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <memory>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"
#include "core/image/bitmap_view.hpp"

namespace spicebench::video {

// What a rate control wants of the next frame. Changes take effect at once.
struct VideoTarget {
  int quality = 50;                           // MJPEG only: 1..100
  std::uint32_t bits_per_second = 8'000'000;  // the other codecs
  std::uint32_t frames_per_second = 25;       // the same: what the bit rate is spread over
  bool operator==(const VideoTarget&) const = default;
};

// One stream's encoder. Equal pictures and targets give equal bytes: no codec sees a clock or a
// second thread.
class VideoEncoder {
 public:
  virtual ~VideoEncoder() = default;
  // One frame. picture: 16BIT, 24BIT, 32BIT or RGBA (alpha ignored), rows in the order they shall
  // be coded: for a bottom-up stream, a view with the storage's first row on top. Another size than
  // before restarts the stream with a key frame.
  // Errors: unsupported (format), out_of_range (a side of 0 or beyond the codec's limit), internal
  // (the library refused).
  virtual Result<Bytes> encode(const image::BitmapView& picture, const VideoTarget& target) = 0;
};

// An encoder by STREAM_CREATE's codec_type. Errors as make_video_decoder().
Result<std::unique_ptr<VideoEncoder>> make_video_encoder(std::uint8_t codec_type);

}  // namespace spicebench::video
