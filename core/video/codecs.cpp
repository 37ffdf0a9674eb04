// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/video/codecs.hpp"

#include <fmt/format.h>

namespace spicebench::video {
namespace {

using wire::display::VideoCodec;

std::unexpected<Error> no_codec(std::uint8_t codec_type) {
  if (codec_type == static_cast<std::uint8_t>(VideoCodec::h265))
    return fail(ErrorCode::unsupported, "video codec h265");
  return fail(ErrorCode::malformed, fmt::format("video codec {} of 1 to 5", codec_type));
}

}  // namespace

std::string_view codec_name(std::uint8_t codec_type) {
  constexpr std::string_view names[] = {"unknown", "mjpeg", "vp8", "h264", "vp9", "h265"};
  return codec_type < std::size(names) ? names[codec_type] : names[0];
}

wire::link::DisplayCap codec_cap(VideoCodec codec) {
  using wire::link::DisplayCap;
  switch (codec) {
    case VideoCodec::vp8:
      return DisplayCap::codec_vp8;
    case VideoCodec::h264:
      return DisplayCap::codec_h264;
    case VideoCodec::vp9:
      return DisplayCap::codec_vp9;
    case VideoCodec::h265:
      return DisplayCap::codec_h265;
    case VideoCodec::mjpeg:
      break;
  }
  return DisplayCap::codec_mjpeg;
}

Result<std::unique_ptr<VideoDecoder>> make_video_decoder(std::uint8_t codec_type,
                                                         image::RowOrder order) {
  switch (static_cast<VideoCodec>(codec_type)) {
    case VideoCodec::mjpeg:
      return make_mjpeg_decoder(order);
    case VideoCodec::vp8:
      return make_vpx_decoder(Vpx::vp8, order);
    case VideoCodec::vp9:
      return make_vpx_decoder(Vpx::vp9, order);
    case VideoCodec::h264:
      return make_h264_decoder(order);
    case VideoCodec::h265:
      break;
  }
  return no_codec(codec_type);
}

Result<std::unique_ptr<VideoEncoder>> make_video_encoder(std::uint8_t codec_type) {
  switch (static_cast<VideoCodec>(codec_type)) {
    case VideoCodec::mjpeg:
      return make_mjpeg_encoder();
    case VideoCodec::vp8:
      return make_vpx_encoder(Vpx::vp8);
    case VideoCodec::vp9:
      return make_vpx_encoder(Vpx::vp9);
    case VideoCodec::h264:
      return make_h264_encoder();
    case VideoCodec::h265:
      break;
  }
  return no_codec(codec_type);
}

Result<void> check_source(const image::BitmapView& picture, std::uint32_t longest) {
  using namespace wire::display;
  if (picture.format != format_16bit && picture.format != format_24bit &&
      picture.format != format_32bit && picture.format != format_rgba)
    return fail(ErrorCode::unsupported, fmt::format("{} has no colour to make video of",
                                                    bitmap_format_name(picture.format)));
  if (picture.width == 0 || picture.height == 0 || picture.width > longest ||
      picture.height > longest)
    return fail(ErrorCode::out_of_range, fmt::format("video of {} x {} pixels, at most {} a side",
                                                     picture.width, picture.height, longest));
  return {};
}

}  // namespace spicebench::video
