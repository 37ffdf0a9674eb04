// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fmt/format.h>
#include <vpx/vp8dx.h>
#include <vpx/vpx_decoder.h>

#include "core/image/pixel_buffer.hpp"
#include "core/video/codecs.hpp"
#include "core/video/frame_headers.hpp"
#include "core/video/yuv.hpp"

namespace spicebench::video {
namespace {

Result<YuvView> view_of(const vpx_image_t& picture) {
  // 4:2:0 from all servers' VP8, 4:4:4 from GStreamer's VP9 (image-codecs.md §13.4 has 4:2:0).
  if ((picture.fmt & VPX_IMG_FMT_HIGHBITDEPTH) != 0 || picture.cs == VPX_CS_SRGB)
    return fail(ErrorCode::unsupported, "a picture other than 8 bits of YCbCr");
  YuvMatrix matrix = YuvMatrix::by_height;
  if (picture.cs == VPX_CS_BT_601 || picture.cs == VPX_CS_SMPTE_170) matrix = YuvMatrix::bt601;
  if (picture.cs == VPX_CS_BT_709) matrix = YuvMatrix::bt709;
  if (picture.cs == VPX_CS_BT_2020) matrix = YuvMatrix::bt2020;
  return YuvView{.y = picture.planes[VPX_PLANE_Y],
                 .u = picture.planes[VPX_PLANE_U],
                 .v = picture.planes[VPX_PLANE_V],
                 .y_stride = picture.stride[VPX_PLANE_Y],
                 .u_stride = picture.stride[VPX_PLANE_U],
                 .v_stride = picture.stride[VPX_PLANE_V],
                 .chroma_shift_x = picture.x_chroma_shift,
                 .chroma_shift_y = picture.y_chroma_shift,
                 .matrix = matrix,
                 .full_range = picture.range == VPX_CR_FULL_RANGE};
}

class VpxDecoder final : public VideoDecoder {
 public:
  VpxDecoder(Vpx codec, image::RowOrder order) : codec_(codec), order_(order) {}
  ~VpxDecoder() override { vpx_codec_destroy(&library_); }
  VpxDecoder(const VpxDecoder&) = delete;
  VpxDecoder& operator=(const VpxDecoder&) = delete;

  Result<void> start() {
    const vpx_codec_dec_cfg_t settings{.threads = 1, .w = 0, .h = 0};
    auto* interface = codec_ == Vpx::vp8 ? vpx_codec_vp8_dx() : vpx_codec_vp9_dx();
    if (vpx_codec_dec_init(&library_, interface, &settings, 0) == VPX_CODEC_OK) return {};
    return fail(ErrorCode::internal, vpx_codec_error(&library_));
  }

  Result<std::optional<image::Pixmap>> decode(BytesView frame, std::uint32_t width,
                                              std::uint32_t height) override {
    CHECKED(image::check_image_size(width, height));
    CHECKED(codec_ == Vpx::vp8 ? check_vp8_frame(frame, width, height)
                               : check_vp9_frame(frame, width, height));
    const auto* data = reinterpret_cast<const std::uint8_t*>(frame.data());
    if (vpx_codec_decode(&library_, data, static_cast<unsigned>(frame.size()), nullptr, 0) !=
        VPX_CODEC_OK) {
      const char* detail = vpx_codec_error_detail(&library_);
      return fail(ErrorCode::malformed, detail != nullptr ? detail : vpx_codec_error(&library_));
    }
    const vpx_image_t* shown = nullptr;
    vpx_codec_iter_t place = nullptr;
    while (const vpx_image_t* next = vpx_codec_get_frame(&library_, &place)) shown = next;
    if (shown == nullptr) return std::nullopt;
    CHECKED(check_coded_size(shown->d_w, shown->d_h, width, height));
    const YuvView view = TRY(view_of(*shown));
    image::PixelBuffer pixels(std::size_t{width} * 4 * height);
    yuv_to_bgrx(view, width, height, order_, pixels.data());
    return image::Pixmap{width, height, wire::display::surface_32_xrgb, width * 4,
                         std::move(pixels).take()};
  }

 private:
  Vpx codec_;
  image::RowOrder order_;
  vpx_codec_ctx_t library_{};
};

}  // namespace

Result<std::unique_ptr<VideoDecoder>> make_vpx_decoder(Vpx codec, image::RowOrder order) {
  auto decoder = std::make_unique<VpxDecoder>(codec, order);
  CHECKED(decoder->start());
  return decoder;
}

}  // namespace spicebench::video
