// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fmt/format.h>
#include <wels/codec_api.h>

#include <algorithm>

#include "core/video/codecs.hpp"
#include "core/video/yuv.hpp"

namespace spicebench::video {
namespace {

constexpr std::uint32_t longest_side = 4096;  // of level 5.2

struct DestroyEncoder {
  void operator()(ISVCEncoder* library) const {
    library->Uninitialize();
    WelsDestroySVCEncoder(library);
  }
};

// Baseline, one slice, one thread, no frame skipped; quantisers as the reference server's
// (image-codecs.md §13.4). Odd sides are coded one pixel larger: 4:2:0 cannot crop to them.
class H264Encoder final : public VideoEncoder {
 public:
  Result<Bytes> encode(const image::BitmapView& picture, const VideoTarget& target) override {
    CHECKED(check_source(picture, longest_side));
    bitmap_to_yuv(picture, yuv_);
    CHECKED(prepare(target));
    SSourcePicture source{};
    source.iColorFormat = videoFormatI420;
    source.iPicWidth = static_cast<int>(yuv_.width);
    source.iPicHeight = static_cast<int>(yuv_.height);
    source.iStride[0] = source.iPicWidth;
    source.iStride[1] = source.iStride[2] = source.iPicWidth / 2;
    source.pData[0] = yuv_.y.data();
    source.pData[1] = yuv_.u.data();
    source.pData[2] = yuv_.v.data();
    source.uiTimeStamp = milliseconds_;
    milliseconds_ += 1000 / frames_per_second(target);
    SFrameBSInfo coded{};
    if (const int failed = library_->EncodeFrame(&source, &coded); failed != cmResultSuccess)
      return fail(ErrorCode::internal, fmt::format("OpenH264 does not encode: {}", failed));
    Bytes frame;
    for (int layer = 0; layer < coded.iLayerNum; ++layer) {
      const SLayerBSInfo& part = coded.sLayerInfo[layer];
      std::size_t size = 0;
      for (int i = 0; i < part.iNalCount; ++i)
        size += static_cast<std::size_t>(part.pNalLengthInByte[i]);
      append(frame, {reinterpret_cast<const std::byte*>(part.pBsBuf), size});
    }
    return frame;
  }

 private:
  static int frames_per_second(const VideoTarget& target) {
    return static_cast<int>(std::clamp(target.frames_per_second, 1u, 1000u));
  }
  static int bit_rate(const VideoTarget& target) {
    return static_cast<int>(std::min(target.bits_per_second, 1u << 30));
  }
  Result<void> prepare(const VideoTarget& target) {
    if (library_ && width_ == yuv_.width && height_ == yuv_.height) return retarget(target);
    library_.reset();
    ISVCEncoder* made = nullptr;
    if (WelsCreateSVCEncoder(&made) != 0 || made == nullptr)
      return fail(ErrorCode::internal, "OpenH264 gives no encoder");
    library_.reset(made);
    int quiet = WELS_LOG_QUIET;
    library_->SetOption(ENCODER_OPTION_TRACE_LEVEL, &quiet);
    SEncParamExt settings{};
    library_->GetDefaultParams(&settings);
    settings.iUsageType = CAMERA_VIDEO_REAL_TIME;
    settings.iPicWidth = static_cast<int>(yuv_.width);
    settings.iPicHeight = static_cast<int>(yuv_.height);
    settings.iTargetBitrate = bit_rate(target);
    settings.iRCMode = RC_BITRATE_MODE;
    settings.fMaxFrameRate = static_cast<float>(frames_per_second(target));
    settings.uiIntraPeriod = 0;
    settings.eSpsPpsIdStrategy = CONSTANT_ID;
    settings.bEnableFrameSkip = false;
    settings.iMinQp = 15;
    settings.iMaxQp = 35;
    settings.iMultipleThreadIdc = 1;
    SSpatialLayerConfig& layer = settings.sSpatialLayers[0];
    layer.iVideoWidth = settings.iPicWidth;
    layer.iVideoHeight = settings.iPicHeight;
    layer.fFrameRate = settings.fMaxFrameRate;
    layer.iSpatialBitrate = settings.iTargetBitrate;
    layer.uiProfileIdc = PRO_BASELINE;
    layer.sSliceArgument.uiSliceMode = SM_SINGLE_SLICE;
    if (library_->InitializeExt(&settings) != cmResultSuccess) {
      library_.reset();
      return fail(ErrorCode::out_of_range,
                  fmt::format("OpenH264 does not encode {} x {} at {} bit/s", yuv_.width,
                              yuv_.height, target.bits_per_second));
    }
    width_ = yuv_.width;
    height_ = yuv_.height;
    target_ = target;
    milliseconds_ = 0;
    return {};
  }

  // Without a key frame.
  Result<void> retarget(const VideoTarget& target) {
    if (target_ == target) return {};
    SBitrateInfo rate{SPATIAL_LAYER_ALL, bit_rate(target)};
    float frames = static_cast<float>(frames_per_second(target));
    if (library_->SetOption(ENCODER_OPTION_FRAME_RATE, &frames) != cmResultSuccess ||
        library_->SetOption(ENCODER_OPTION_BITRATE, &rate) != cmResultSuccess)
      return fail(ErrorCode::out_of_range,
                  fmt::format("OpenH264 does not take {} bit/s", target.bits_per_second));
    target_ = target;
    return {};
  }

  std::unique_ptr<ISVCEncoder, DestroyEncoder> library_;
  std::uint32_t width_ = 0, height_ = 0;
  VideoTarget target_;
  long long milliseconds_ = 0;
  YuvPicture yuv_;
};

}  // namespace

std::unique_ptr<VideoEncoder> make_h264_encoder() {
  return std::make_unique<H264Encoder>();
}

}  // namespace spicebench::video
