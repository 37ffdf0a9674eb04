// SPDX-License-Identifier: LGPL-2.1-or-later
#include <vpx/vp8cx.h>
#include <vpx/vpx_encoder.h>

#include <algorithm>

#include "core/video/codecs.hpp"
#include "core/video/yuv.hpp"

namespace spicebench::video {
namespace {

constexpr int ticks_per_second = 90000;  // divides evenly by the usual frame rates
constexpr std::uint32_t longest_side = 16383;

// The settings of the reference server (image-codecs.md §13.4), on one thread.
class VpxEncoder final : public VideoEncoder {
 public:
  explicit VpxEncoder(Vpx codec) : codec_(codec) {}
  ~VpxEncoder() override { stop(); }
  VpxEncoder(const VpxEncoder&) = delete;
  VpxEncoder& operator=(const VpxEncoder&) = delete;

  Result<Bytes> encode(const image::BitmapView& picture, const VideoTarget& target) override {
    CHECKED(check_source(picture, longest_side));
    CHECKED(prepare(picture.width, picture.height, target));
    bitmap_to_yuv(picture, yuv_);
    vpx_image_t image{};
    vpx_img_wrap(&image, VPX_IMG_FMT_I420, picture.width, picture.height, 1, yuv_.y.data());
    image.planes[VPX_PLANE_Y] = yuv_.y.data();
    image.planes[VPX_PLANE_U] = yuv_.u.data();
    image.planes[VPX_PLANE_V] = yuv_.v.data();
    image.stride[VPX_PLANE_Y] = static_cast<int>(yuv_.width);
    image.stride[VPX_PLANE_U] = image.stride[VPX_PLANE_V] = static_cast<int>(yuv_.width / 2);
    const auto duration = ticks_per_second / std::clamp(target.frames_per_second, 1u, 1000u);
    if (vpx_codec_encode(&library_, &image, time_, duration, 0, VPX_DL_REALTIME) != VPX_CODEC_OK)
      return refused();
    time_ += duration;
    Bytes frame;
    vpx_codec_iter_t place = nullptr;
    while (const vpx_codec_cx_pkt_t* packet = vpx_codec_get_cx_data(&library_, &place))
      if (packet->kind == VPX_CODEC_CX_FRAME_PKT)
        append(frame,
               {static_cast<const std::byte*>(packet->data.frame.buf), packet->data.frame.sz});
    return frame;
  }

 private:
  std::unexpected<Error> refused() { return fail(ErrorCode::internal, vpx_codec_error(&library_)); }
  void stop() {
    if (started_) vpx_codec_destroy(&library_);
    started_ = false;
  }
  Result<void> prepare(std::uint32_t width, std::uint32_t height, const VideoTarget& target) {
    const std::uint32_t kilobits = std::max(target.bits_per_second / 1000, 1u);
    if (started_ && settings_.g_w == width && settings_.g_h == height) {
      if (settings_.rc_target_bitrate == kilobits) return {};
      settings_.rc_target_bitrate = kilobits;
      if (vpx_codec_enc_config_set(&library_, &settings_) != VPX_CODEC_OK) return refused();
      return {};
    }
    stop();
    auto* interface = codec_ == Vpx::vp8 ? vpx_codec_vp8_cx() : vpx_codec_vp9_cx();
    vpx_codec_enc_config_default(interface, &settings_, 0);
    settings_.g_w = width;
    settings_.g_h = height;
    settings_.g_timebase = {1, ticks_per_second};
    settings_.g_threads = 1;
    settings_.g_lag_in_frames = 0;
    settings_.g_error_resilient = VPX_ERROR_RESILIENT_DEFAULT;
    settings_.rc_end_usage = VPX_CBR;
    settings_.rc_target_bitrate = kilobits;
    settings_.rc_min_quantizer = 10;
    if (vpx_codec_enc_init(&library_, interface, &settings_, 0) != VPX_CODEC_OK) return refused();
    started_ = true;
    time_ = 0;
    // A positive speed lets VP8 choose by the time its frames take; a negative one stays as it is.
    // VP9 takes the magnitude.
    if (vpx_codec_control(&library_, VP8E_SET_CPUUSED, -4) != VPX_CODEC_OK) return refused();
    return {};
  }

  Vpx codec_;
  bool started_ = false;
  vpx_codec_ctx_t library_{};
  vpx_codec_enc_cfg_t settings_{};
  vpx_codec_pts_t time_ = 0;
  YuvPicture yuv_;
};

}  // namespace

std::unique_ptr<VideoEncoder> make_vpx_encoder(Vpx codec) {
  return std::make_unique<VpxEncoder>(codec);
}

}  // namespace spicebench::video
