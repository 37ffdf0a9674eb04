// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include "core/video/video_decoder.hpp"
#include "core/video/video_encoder.hpp"

// The codecs behind make_video_decoder() and make_video_encoder().
namespace spicebench::video {

enum class Vpx : std::uint8_t { vp8, vp9 };

std::unique_ptr<VideoDecoder> make_mjpeg_decoder(image::RowOrder order);
std::unique_ptr<VideoEncoder> make_mjpeg_encoder();
Result<std::unique_ptr<VideoDecoder>> make_vpx_decoder(Vpx codec, image::RowOrder order);
std::unique_ptr<VideoEncoder> make_vpx_encoder(Vpx codec);
Result<std::unique_ptr<VideoDecoder>> make_h264_decoder(image::RowOrder order);
std::unique_ptr<VideoEncoder> make_h264_encoder();

// What all encoders ask of a picture: a colour format and sides of 1 to `longest`.
Result<void> check_source(const image::BitmapView& picture, std::uint32_t longest);

}  // namespace spicebench::video
