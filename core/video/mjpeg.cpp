// SPDX-License-Identifier: LGPL-2.1-or-later
#include "core/image/jpeg_library.hpp"
#include "core/video/codecs.hpp"

namespace spicebench::video {
namespace {

using image::JpegStyle;

class MjpegDecoder final : public VideoDecoder {
 public:
  explicit MjpegDecoder(image::RowOrder order) : order_(order) {}
  // The size must be the announced one: JPEG has no need of whole macroblocks.
  Result<std::optional<image::Pixmap>> decode(BytesView frame, std::uint32_t width,
                                              std::uint32_t height) override {
    image::PixelBuffer pixels = TRY(reader_.read(frame, width, height, order_));
    return image::Pixmap{width, height, wire::display::surface_32_xrgb, width * 4,
                         std::move(pixels).take()};
  }

 private:
  image::JpegReader reader_{JpegStyle::stream};
  image::RowOrder order_;
};

class MjpegEncoder final : public VideoEncoder {
 public:
  Result<Bytes> encode(const image::BitmapView& picture, const VideoTarget& target) override {
    return writer_.write(picture, target.quality);
  }

 private:
  image::JpegWriter writer_{JpegStyle::stream};
};

}  // namespace

std::unique_ptr<VideoDecoder> make_mjpeg_decoder(image::RowOrder order) {
  return std::make_unique<MjpegDecoder>(order);
}
std::unique_ptr<VideoEncoder> make_mjpeg_encoder() {
  return std::make_unique<MjpegEncoder>();
}

}  // namespace spicebench::video
