// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fmt/format.h>
#include <wels/codec_api.h>

#include "core/image/pixel_buffer.hpp"
#include "core/video/codecs.hpp"
#include "core/video/frame_headers.hpp"
#include "core/video/yuv.hpp"

namespace spicebench::video {
namespace {

struct DestroyDecoder {
  void operator()(ISVCDecoder* library) const {
    library->Uninitialize();
    WelsDestroyDecoder(library);
  }
};

class H264Decoder final : public VideoDecoder {
 public:
  explicit H264Decoder(image::RowOrder order) : order_(order) {}

  Result<void> start() {
    ISVCDecoder* made = nullptr;
    if (WelsCreateDecoder(&made) != 0 || made == nullptr)
      return fail(ErrorCode::internal, "OpenH264 gives no decoder");
    library_.reset(made);
    int quiet = WELS_LOG_QUIET;
    library_->SetOption(DECODER_OPTION_TRACE_LEVEL, &quiet);
    SDecodingParam settings{};
    settings.uiTargetDqLayer = 0xff;
    // A slice that is lost or damaged shows what was there before, and later frames go on.
    settings.eEcActiveIdc = ERROR_CON_SLICE_COPY;
    settings.sVideoProperty.size = sizeof settings.sVideoProperty;
    settings.sVideoProperty.eVideoBsType = VIDEO_BITSTREAM_AVC;
    if (library_->Initialize(&settings) != 0)
      return fail(ErrorCode::internal, "OpenH264 does not start");
    return {};
  }

  Result<std::optional<image::Pixmap>> decode(BytesView frame, std::uint32_t width,
                                              std::uint32_t height) override {
    CHECKED(image::check_image_size(width, height));
    CHECKED(check_h264_frame(frame, width, height));
    unsigned char* planes[3] = {};
    SBufferInfo info{};
    const auto state =
        library_->DecodeFrameNoDelay(reinterpret_cast<const unsigned char*>(frame.data()),
                                     static_cast<int>(frame.size()), planes, &info);
    if (info.iBufferStatus != 1) {
      if (state == dsErrorFree || state == dsFramePending) return std::nullopt;
      if ((state & dsNoParamSets) != 0)
        return fail(ErrorCode::out_of_order, "an H.264 frame before its parameter sets");
      return fail(ErrorCode::malformed,
                  fmt::format("OpenH264 gives no picture: state {:#x}", static_cast<int>(state)));
    }
    const SSysMEMBuffer& picture = info.UsrData.sSystemBuffer;
    if (picture.iFormat != videoFormatI420)
      return fail(ErrorCode::unsupported, "a picture other than 8 bits of 4:2:0");
    CHECKED(check_coded_size(static_cast<std::uint32_t>(picture.iWidth),
                             static_cast<std::uint32_t>(picture.iHeight), width, height));
    image::PixelBuffer pixels(std::size_t{width} * 4 * height);
    const YuvView view{.y = planes[0],
                       .u = planes[1],
                       .v = planes[2],
                       .y_stride = picture.iStride[0],
                       .u_stride = picture.iStride[1],
                       .v_stride = picture.iStride[1]};
    yuv_to_bgrx(view, width, height, order_, pixels.data());
    return image::Pixmap{width, height, wire::display::surface_32_xrgb, width * 4,
                         std::move(pixels).take()};
  }

 private:
  image::RowOrder order_;
  std::unique_ptr<ISVCDecoder, DestroyDecoder> library_;
};

}  // namespace

Result<std::unique_ptr<VideoDecoder>> make_h264_decoder(image::RowOrder order) {
  auto decoder = std::make_unique<H264Decoder>(order);
  CHECKED(decoder->start());
  return decoder;
}

}  // namespace spicebench::video
