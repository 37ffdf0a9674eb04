// SPDX-License-Identifier: LGPL-2.1-or-later
#include <benchmark/benchmark.h>
// clang-format off: jpeglib.h wants FILE before it
#include <jpeglib.h>

#include <cstdio>
// clang-format on

#include <cstdlib>

#include "core/image/jpeg.hpp"
#include "core/video/video_decoder.hpp"
#include "core/video/video_encoder.hpp"
#include "tests/benchmarks/frames.hpp"

// JPEG and the video codecs on the frames, bytes per second of 32-bit pixels; the yardstick is
// libjpeg-turbo fed with the same rows in one go, into and out of memory it finds ready.
namespace spicebench {
namespace {

using benchmarks::count;
using benchmarks::frame;
using benchmarks::Frame;

JSAMPROW row_of(const std::byte* bytes) {
  return reinterpret_cast<JSAMPROW>(const_cast<std::byte*>(bytes));
}

void yardstick_libjpeg_compress(benchmark::State& state) {
  const Frame& picture = frame(state);
  std::vector<JSAMPROW> rows;
  for (std::uint32_t y = 0; y < picture.height; ++y) rows.push_back(row_of(picture.view().row(y)));
  unsigned long capacity = picture.pixels.size();
  auto* const coded = static_cast<unsigned char*>(std::malloc(capacity));
  unsigned long size = 0;
  for (auto _ : state) {
    jpeg_compress_struct library{};
    jpeg_error_mgr errors{};
    library.err = jpeg_std_error(&errors);
    jpeg_create_compress(&library);
    unsigned char* to = coded;
    size = capacity;
    jpeg_mem_dest(&library, &to, &size);
    library.image_width = picture.width;
    library.image_height = picture.height;
    library.input_components = 4;
    library.in_color_space = JCS_EXT_BGRX;
    jpeg_set_defaults(&library);
    jpeg_set_quality(&library, image::default_jpeg_quality, TRUE);
    jpeg_start_compress(&library, TRUE);
    while (library.next_scanline < picture.height)
      jpeg_write_scanlines(&library, &rows[library.next_scanline],
                           picture.height - library.next_scanline);
    jpeg_finish_compress(&library);
    jpeg_destroy_compress(&library);
  }
  std::free(coded);
  count(state, picture, size);
}
BENCHMARK(yardstick_libjpeg_compress)->DenseRange(0, 2);

void jpeg_encode(benchmark::State& state) {
  const Frame& picture = frame(state);
  std::size_t size = 0;
  for (auto _ : state) size = image::encode_jpeg(picture.view())->size();
  count(state, picture, size);
}
BENCHMARK(jpeg_encode)->DenseRange(0, 2);

void yardstick_libjpeg_decompress(benchmark::State& state) {
  const Frame& picture = frame(state);
  const Bytes coded = image::encode_jpeg(picture.view()).value();
  Bytes pixels(picture.pixels.size());
  std::vector<JSAMPROW> rows;
  for (std::uint32_t y = 0; y < picture.height; ++y)
    rows.push_back(row_of(pixels.data() + std::size_t{y} * 4 * picture.width));
  for (auto _ : state) {
    jpeg_decompress_struct library{};
    jpeg_error_mgr errors{};
    library.err = jpeg_std_error(&errors);
    jpeg_create_decompress(&library);
    jpeg_mem_src(&library, reinterpret_cast<const unsigned char*>(coded.data()), coded.size());
    jpeg_read_header(&library, TRUE);
    library.out_color_space = JCS_EXT_BGRX;
    jpeg_start_decompress(&library);
    while (library.output_scanline < picture.height)
      jpeg_read_scanlines(&library, &rows[library.output_scanline],
                          picture.height - library.output_scanline);
    jpeg_finish_decompress(&library);
    jpeg_destroy_decompress(&library);
  }
  count(state, picture, coded.size());
}
BENCHMARK(yardstick_libjpeg_decompress)->DenseRange(0, 2);

void jpeg_decode(benchmark::State& state) {
  const Frame& picture = frame(state);
  const Bytes coded = image::encode_jpeg(picture.view()).value();
  for (auto _ : state)
    benchmark::DoNotOptimize(image::decode_jpeg(coded, picture.width, picture.height));
  count(state, picture, coded.size());
}
BENCHMARK(jpeg_decode)->DenseRange(0, 2);

// The second argument is STREAM_CREATE's codec_type. The picture stands still, as most of a
// screen does.
void video_encode(benchmark::State& state) {
  const Frame& picture = frame(state);
  const auto codec = static_cast<std::uint8_t>(state.range(1));
  const auto encoder = video::make_video_encoder(codec).value();
  std::size_t size = encoder->encode(picture.view(), {})->size();  // the key frame
  for (auto _ : state) size = encoder->encode(picture.view(), {})->size();
  count(state, picture, size);
  state.SetLabel(picture.name + " " + std::string(video::codec_name(codec)));
}
void video_decode(benchmark::State& state) {
  const Frame& picture = frame(state);
  const auto codec = static_cast<std::uint8_t>(state.range(1));
  const auto encoder = video::make_video_encoder(codec).value();
  std::vector<Bytes> frames;
  for (int i = 0; i < 4; ++i) frames.push_back(encoder->encode(picture.view(), {}).value());
  const auto decoder = video::make_video_decoder(codec, image::RowOrder::top_down).value();
  std::size_t next = 0;
  for (auto _ : state) {
    const auto decoded = decoder->decode(frames[next], picture.width, picture.height);
    if (!decoded) state.SkipWithError(decoded.error().text().c_str());
    next = (next + 1) % frames.size();
  }
  count(state, picture, frames.back().size());
  state.SetLabel(picture.name + " " + std::string(video::codec_name(codec)));
}
BENCHMARK(video_encode)->ArgsProduct({{0, 1}, {1, 2, 3, 4}})->Unit(benchmark::kMillisecond);
BENCHMARK(video_decode)->ArgsProduct({{0, 1}, {1, 2, 3, 4}})->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace spicebench
