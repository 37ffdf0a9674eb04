// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fmt/format.h>

#include <array>

#include "core/image/jpeg_errors.hpp"
#include "core/image/jpeg_library.hpp"
#include "core/image/pixel.hpp"

namespace spicebench::image {
namespace {

constexpr std::uint32_t batch = 16;  // rows handed over at once: a row of blocks with its chroma

// The library writes into `bytes`, which grows as it asks for more.
struct Sink {
  jpeg_destination_mgr manager{};  // first: the library hands out its address
  Bytes bytes{};

  void offer(std::size_t used) {
    manager.next_output_byte = reinterpret_cast<JOCTET*>(bytes.data() + used);
    manager.free_in_buffer = bytes.size() - used;
  }
  static Sink& of(j_compress_ptr library) { return *reinterpret_cast<Sink*>(library->dest); }
  Sink() {
    manager.init_destination = [](j_compress_ptr library) { of(library).offer(0); };
    manager.empty_output_buffer = [](j_compress_ptr library) -> boolean {
      Sink& sink = of(library);
      const std::size_t used = sink.bytes.size();
      sink.bytes.resize(2 * used);
      sink.offer(used);
      return TRUE;
    };
    manager.term_destination = [](j_compress_ptr library) {
      Sink& sink = of(library);
      sink.bytes.resize(sink.bytes.size() - sink.manager.free_in_buffer);
    };
  }
};

// 555 words as B, G, R, pad.
void widen(const std::byte* from, std::uint32_t width, std::byte* to) {
  for (std::uint32_t x = 0; x < width; ++x)
    store_word(to + 4 * x,
               argb_of_word(wire::display::surface_16_555, load_word<std::uint16_t>(from + 2 * x)));
}

}  // namespace

struct JpegWriter::State {
  JpegStyle style;
  JpegErrors errors{};
  Sink sink{};
  Bytes widened{};  // a batch of 16-bit rows
  jpeg_compress_struct library{};

  explicit State(JpegStyle wanted) : style(wanted) {
    library.err = &errors.manager;
    jpeg_create_compress(&library);
    library.dest = &sink.manager;
  }
  ~State() { jpeg_destroy_compress(&library); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  void write_rows(const BitmapView& picture, int quality) {
    const bool packed = picture.format == wire::display::format_24bit;
    library.image_width = picture.width;
    library.image_height = picture.height;
    library.input_components = packed ? 3 : 4;
    library.in_color_space = packed ? JCS_EXT_BGR : JCS_EXT_BGRX;
    jpeg_set_defaults(&library);
    jpeg_set_quality(&library, quality, TRUE);
    library.dct_method = style == JpegStyle::stream ? JDCT_IFAST : JDCT_ISLOW;
    jpeg_start_compress(&library, style == JpegStyle::stream ? FALSE : TRUE);
    std::array<JSAMPROW, batch> rows{};
    while (library.next_scanline < picture.height) {
      const std::uint32_t first = library.next_scanline;
      const std::uint32_t count = std::min(batch, picture.height - first);
      for (std::uint32_t i = 0; i < count; ++i) {
        const std::byte* row = picture.row(first + i);
        if (picture.format == wire::display::format_16bit) {
          std::byte* wide = widened.data() + std::size_t{i} * 4 * picture.width;
          widen(row, picture.width, wide);
          row = wide;
        }
        rows[i] = reinterpret_cast<JSAMPROW>(const_cast<std::byte*>(row));  // it only reads
      }
      jpeg_write_scanlines(&library, rows.data(), count);
    }
    jpeg_finish_compress(&library);
  }
};

JpegWriter::JpegWriter(JpegStyle style) : state_(std::make_unique<State>(style)) {}
JpegWriter::~JpegWriter() = default;

Result<Bytes> JpegWriter::write(const BitmapView& picture, int quality) {
  using namespace wire::display;
  if (picture.format != format_16bit && picture.format != format_24bit &&
      picture.format != format_32bit && picture.format != format_rgba)
    return fail(ErrorCode::unsupported, fmt::format("{} has no colour to make JPEG of",
                                                    bitmap_format_name(picture.format)));
  if (picture.width == 0 || picture.height == 0 || picture.width > JPEG_MAX_DIMENSION ||
      picture.height > JPEG_MAX_DIMENSION)
    return fail(ErrorCode::out_of_range,
                fmt::format("a JPEG file of {} x {} pixels, at most {} a side", picture.width,
                            picture.height, JPEG_MAX_DIMENSION));
  if (quality < 1 || quality > 100)
    return fail(ErrorCode::out_of_range, fmt::format("JPEG quality {} of 1 to 100", quality));
  auto& [style, errors, sink, widened, library] = *state_;
  // Two bits a pixel: more than most pictures take, so that they do not grow on the way.
  sink.bytes.assign(4096 + std::size_t{picture.width} * picture.height / 4, std::byte{});
  if (picture.format == format_16bit) widened.resize(std::size_t{4} * batch * picture.width);
  if (!errors.enter([&] { state_->write_rows(picture, quality); })) {
    const std::string text = errors.text(library);
    jpeg_abort_compress(&library);
    return fail(ErrorCode::internal, text);
  }
  return std::move(sink.bytes);
}

}  // namespace spicebench::image
