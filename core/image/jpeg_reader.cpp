// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fmt/format.h>

#include <array>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "core/image/jpeg_errors.hpp"
#include "core/image/jpeg_library.hpp"
#include "core/image/pixel.hpp"
#include "core/image/pixel_buffer.hpp"

namespace spicebench::image {
namespace {

// The file is in memory as a whole: when it is used up, it has ended early.
[[noreturn]] void end_early(j_decompress_ptr library) {
  auto* errors = reinterpret_cast<JpegErrors*>(library->err);
  errors->ended_early = true;
  std::longjmp(errors->way_out, 1);
}

jpeg_source_mgr source_of(BytesView file) {
  jpeg_source_mgr source{};
  source.next_input_byte = reinterpret_cast<const JOCTET*>(file.data());
  source.bytes_in_buffer = file.size();
  source.init_source = [](j_decompress_ptr) {};
  source.term_source = [](j_decompress_ptr) {};
  source.fill_input_buffer = [](j_decompress_ptr library) -> boolean { end_early(library); };
  source.skip_input_data = [](j_decompress_ptr library, long count) {
    if (count <= 0) return;
    if (static_cast<std::size_t>(count) > library->src->bytes_in_buffer) end_early(library);
    library->src->next_input_byte += count;
    library->src->bytes_in_buffer -= static_cast<std::size_t>(count);
  };
  source.resync_to_restart = jpeg_resync_to_restart;
  return source;
}

// A row without the 255 that the library writes into fourth bytes.
void copy_plainly(const std::byte* from, std::byte* to, std::size_t width) {
  for (; width > 0; --width, from += 4, to += 4)
    store_word(to, load_word<std::uint32_t>(from) & 0x00ff'ffffu);
}
#ifdef __SSE2__
// The same past the caches, as the library itself would write: the picture is larger than they are.
void copy_without_pad(const std::byte* from, std::byte* to, std::size_t width) {
  constexpr std::size_t lane = 16, block = 4 * lane;
  const __m128i colour = _mm_set1_epi32(0x00ff'ffff);
  const bool aligned = reinterpret_cast<std::uintptr_t>(to) % lane == 0;
  for (; aligned && width >= block / 4; width -= block / 4, from += block, to += block)
    for (std::size_t at = 0; at < block; at += lane) {
      const auto pixels = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + at));
      _mm_stream_si128(reinterpret_cast<__m128i*>(to + at), _mm_and_si128(pixels, colour));
    }
  copy_plainly(from, to, width);
}
#else
constexpr auto copy_without_pad = copy_plainly;
#endif

// A block takes a code for its first coefficient and one for its end, each at least a bit. This
// keeps a short file with large claims from taking memory.
std::uint64_t fewest_bits(const jpeg_decompress_struct& library) {
  std::uint64_t blocks = 0;
  for (int i = 0; i < library.num_components; ++i)
    blocks +=
        std::uint64_t{library.comp_info[i].width_in_blocks} * library.comp_info[i].height_in_blocks;
  return 2 * blocks;
}

}  // namespace

struct JpegReader::State {
  JpegStyle style;
  JpegErrors errors{};
  jpeg_source_mgr source{};
  jpeg_decompress_struct library{};
  // Rows on their way, not aligned: aligned ones the library writes past the caches, from where
  // they would have to be fetched again for their pad bytes.
  static constexpr std::size_t misaligned = 4;
  Bytes scratch{};

  explicit State(JpegStyle wanted) : style(wanted) {
    library.err = &errors.manager;
    jpeg_create_decompress(&library);
  }
  ~State() { jpeg_destroy_decompress(&library); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  std::uint64_t offset(BytesView file) const { return file.size() - source.bytes_in_buffer; }
  std::unexpected<Error> failure(BytesView file) {
    auto error = errors.ended_early
                     ? fail(ErrorCode::truncated, "the JPEG file ends early", offset(file))
                     : fail(ErrorCode::malformed, errors.text(library), offset(file));
    jpeg_abort_decompress(&library);
    return error;
  }
  std::unexpected<Error> refusal(BytesView file, ErrorCode code, std::string detail) {
    auto error = fail(code, std::move(detail), offset(file));
    jpeg_abort_decompress(&library);
    return error;
  }
  // Precondition: the header is read, `top` holds its size in rows of 4 * width bytes.
  void read_rows(std::byte* top, RowOrder order) {
    library.out_color_space = JCS_EXT_BGRX;
    library.dct_method = style == JpegStyle::stream ? JDCT_IFAST : JDCT_ISLOW;
    library.do_fancy_upsampling = style == JpegStyle::stream ? FALSE : TRUE;
    jpeg_start_decompress(&library);
    const std::uint32_t width = library.output_width, height = library.output_height;
    const std::size_t stride = std::size_t{width} * 4;
    std::array<JSAMPROW, 2> rows{};  // what the library gives at once with 4:2:0
    for (std::size_t i = 0; i < rows.size(); ++i)
      rows[i] = reinterpret_cast<JSAMPROW>(scratch.data() + misaligned + i * stride);
    while (library.output_scanline < height) {
      const std::uint32_t first = library.output_scanline;
      const std::uint32_t got = jpeg_read_scanlines(&library, rows.data(), rows.size());
      for (std::uint32_t i = 0; i < got; ++i) {
        const std::uint32_t y = order == RowOrder::top_down ? first + i : height - 1 - (first + i);
        copy_without_pad(reinterpret_cast<const std::byte*>(rows[i]), top + y * stride, width);
      }
    }
    jpeg_abort_decompress(&library);  // what follows the last row is nobody's business
  }
};

JpegReader::JpegReader(JpegStyle style) : state_(std::make_unique<State>(style)) {}
JpegReader::~JpegReader() = default;

Result<PixelBuffer> JpegReader::read(BytesView file, std::uint32_t width, std::uint32_t height,
                                     RowOrder order) {
  CHECKED(check_image_size(width, height));
  auto& [style, errors, source, library, scratch] = *state_;
  source = source_of(file);
  library.src = &source;
  errors.ended_early = false;
  if (!errors.enter([&] { jpeg_read_header(&library, TRUE); })) return state_->failure(file);
  if (library.image_width != width || library.image_height != height)
    return state_->refusal(file, ErrorCode::out_of_range,
                           fmt::format("the JPEG file is {} x {}, announced are {} x {}",
                                       library.image_width, library.image_height, width, height));
  if (jpeg_has_multiple_scans(&library) || library.arith_code)
    return state_->refusal(file, ErrorCode::unsupported,
                           "a JPEG file that is not one scan of Huffman codes");
  if (file.size() * 8 < fewest_bits(library))
    return state_->refusal(file, ErrorCode::truncated,
                           fmt::format("a JPEG file of {} bytes cannot hold {} x {} pixels",
                                       file.size(), width, height));
  PixelBuffer pixels(std::size_t{width} * 4 * height);
  std::byte* const top = pixels.data();
  scratch.resize(State::misaligned + 2 * std::size_t{width} * 4);
  if (!errors.enter([&] { state_->read_rows(top, order); })) return state_->failure(file);
  return pixels;
}

}  // namespace spicebench::image
