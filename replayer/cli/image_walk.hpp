// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/image/decode.hpp"
#include "core/video/video_decoder.hpp"
#include "core/wire/message.hpp"
#include "recorder/store/reader.hpp"

namespace spicebench::cli {

// A picture that a display message carries: an image, a mask, or a frame of a stream. References to
// caches and surfaces are none.
struct FoundImage {
  recorder::MessageId message = 0;
  std::string field;       // path of the image in its message: "src_bitmap"
  std::string_view codec;  // "lz_rgb", "bitmap", "vp8"
  std::uint32_t width = 0, height = 0;
  std::size_t coded_bytes = 0;  // without the descriptor and the palette
  Result<image::Pixmap> pixels;
  std::chrono::nanoseconds took{};  // to decode

  // Decoded bytes to coded ones; 0: not decoded, or nothing was coded.
  double ratio() const;
};
// "src_bitmap  lz_rgb 320x240, 32_xrgb, 5124 bytes, 60:1, decoded in 0.213 ms"
std::string text_of(const FoundImage& found);
nlohmann::ordered_json json_of(const FoundImage& found);

// Finds and decodes the images of a recording, message by message in their order: it keeps what
// later images need of earlier ones (dictionaries, palettes, streams, formats of surfaces).
class ImageWalk {
 public:
  using Tell = std::function<void(const FoundImage&)>;
  // `wanted`: tell of this message alone, and decode no others than it may need. 0: of all.
  explicit ImageWalk(Tell tell, recorder::MessageId wanted = 0)
      : tell_(std::move(tell)), wanted_(wanted) {}

  // An image that refers to one that has not arrived yet is told of when that has.
  void next(const recorder::ConnectionRow& connection, const recorder::MessageRow& row);
  bool waits() const { return !waiting_.empty(); }
  // Tells, as errors, of the images that still wait.
  void end();

 private:
  struct Channel {
    std::uint32_t session = 0;
    image::PaletteCache palettes{};
    std::map<std::uint32_t, image::Format> surfaces{};
    struct Stream {
      std::uint8_t codec = 0;
      std::uint32_t width = 0, height = 0;
      std::shared_ptr<video::VideoDecoder> decoder;  // none: there is no such codec here
      std::string why_not;
    };
    std::map<std::uint32_t, Stream> streams{};
  };
  // An image that waits for one of its dictionary.
  struct Waiting {
    recorder::MessageId message;
    std::string field;
    wire::display::Image image;
    recorder::ConnectionId connection;
    image::Format surface;
  };
  void image(Waiting found);
  bool try_image(const Waiting& found);  // false: it has to wait
  void frame(Channel& channel, recorder::MessageId message, std::uint32_t stream, BytesView data,
             std::uint32_t width, std::uint32_t height);
  void tell(const FoundImage& found) const;
  bool is_wanted(recorder::MessageId message) const { return wanted_ == 0 || wanted_ == message; }

  Tell tell_;
  recorder::MessageId wanted_;
  std::map<recorder::ConnectionId, Channel> channels_;
  std::map<std::uint32_t, image::GlzWindow> windows_;  // by session
  std::vector<Waiting> waiting_;
};

// The images in one message of a recording, which is read from its beginning as far as they need.
// Empty: there are none. Errors: those of reading.
Result<std::vector<FoundImage>> images_in(const recorder::Reader& recording,
                                          const recorder::ConnectionRow& connection,
                                          const recorder::MessageRow& row);

}  // namespace spicebench::cli
