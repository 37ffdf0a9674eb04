// SPDX-License-Identifier: LGPL-2.1-or-later
#include <benchmark/benchmark.h>
#include <lz4.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "core/image/glz.hpp"
#include "core/image/glz_dictionary.hpp"
#include "core/image/lz.hpp"
#include "core/image/lz4_image.hpp"
#include "tests/benchmarks/frames.hpp"

// LZ, GLZ and LZ4 on the frames, bytes per second of 32-bit pixels; with the yardsticks memcpy and
// bare liblz4 on the same frames.
namespace spicebench {
namespace {

using benchmarks::count;
using benchmarks::frame;
using benchmarks::Frame;

void yardstick_memcpy_frame(benchmark::State& state) {
  const Frame& picture = frame(state);
  Bytes to(picture.pixels.size());
  for (auto _ : state) {
    std::memcpy(to.data(), picture.pixels.data(), to.size());
    benchmark::ClobberMemory();
  }
  count(state, picture, to.size());
}
BENCHMARK(yardstick_memcpy_frame)->Arg(0);

const char* chars(const std::byte* bytes) {
  return reinterpret_cast<const char*>(bytes);
}
char* chars(std::byte* bytes) {
  return reinterpret_cast<char*>(bytes);
}

void yardstick_liblz4_compress(benchmark::State& state) {
  const Frame& picture = frame(state);
  const int size = static_cast<int>(picture.pixels.size());
  Bytes to(static_cast<std::size_t>(LZ4_compressBound(size)));
  int coded = 0;
  for (auto _ : state)
    coded = LZ4_compress_default(chars(picture.pixels.data()), chars(to.data()), size,
                                 static_cast<int>(to.size()));
  count(state, picture, static_cast<std::size_t>(coded));
}
BENCHMARK(yardstick_liblz4_compress)->DenseRange(0, 2);

void yardstick_liblz4_decompress(benchmark::State& state) {
  const Frame& picture = frame(state);
  const int size = static_cast<int>(picture.pixels.size());
  Bytes coded(static_cast<std::size_t>(LZ4_compressBound(size))), to(picture.pixels.size());
  const int coded_size = LZ4_compress_default(chars(picture.pixels.data()), chars(coded.data()),
                                              size, static_cast<int>(coded.size()));
  for (auto _ : state)
    benchmark::DoNotOptimize(
        LZ4_decompress_safe(chars(coded.data()), chars(to.data()), coded_size, size));
  count(state, picture, static_cast<std::size_t>(coded_size));
}
BENCHMARK(yardstick_liblz4_decompress)->DenseRange(0, 2);

void lz_encode(benchmark::State& state) {
  const Frame& picture = frame(state);
  std::size_t coded = 0;
  for (auto _ : state) coded = image::encode_lz(picture.view()).size();
  count(state, picture, coded);
}
BENCHMARK(lz_encode)->DenseRange(0, 2);

void lz_decode(benchmark::State& state) {
  const Frame& picture = frame(state);
  const SharedBytes coded = image::encode_lz(picture.view());
  for (auto _ : state)
    if (!image::decode_lz_rgb(coded, picture.width, picture.height))
      state.SkipWithError("not decoded");
  count(state, picture, coded.size());
}
BENCHMARK(lz_decode)->DenseRange(0, 2);

constexpr std::uint64_t window_pixels = std::uint64_t{1} << 24;  // of the reference client

wire::display::Bitmap bitmap_of(const Frame& picture, Bytes pixels) {
  return {.x = picture.width,
          .y = picture.height,
          .stride = picture.width * 4,
          .palette = {},
          .data = std::move(pixels)};
}
// The frame with its upper 40 rows moved to the bottom.
wire::display::Bitmap scrolled(const Frame& picture) {
  Bytes pixels = picture.pixels;
  std::rotate(pixels.begin(), pixels.begin() + std::ptrdiff_t{picture.width} * 4 * 40,
              pixels.end());
  return bitmap_of(picture, std::move(pixels));
}

void glz_encode_first(benchmark::State& state) {
  const Frame& picture = frame(state);
  const auto bitmap = bitmap_of(picture, picture.pixels);
  std::size_t coded = 0;
  for (auto _ : state) {
    state.PauseTiming();
    image::GlzDictionary dictionary(window_pixels);
    state.ResumeTiming();
    coded = dictionary.encode(bitmap).size();
  }
  count(state, picture, coded);
}
BENCHMARK(glz_encode_first)->DenseRange(0, 2);

void glz_encode_scrolled(benchmark::State& state) {
  const Frame& picture = frame(state);
  const auto first = bitmap_of(picture, picture.pixels), second = scrolled(picture);
  std::size_t coded = 0;
  for (auto _ : state) {
    state.PauseTiming();
    image::GlzDictionary dictionary(window_pixels);
    dictionary.encode(first);
    state.ResumeTiming();
    coded = dictionary.encode(second).size();
  }
  count(state, picture, coded);
}
BENCHMARK(glz_encode_scrolled)->DenseRange(0, 2);

void glz_decode_first(benchmark::State& state) {
  const Frame& picture = frame(state);
  image::GlzDictionary dictionary(window_pixels);
  const SharedBytes coded = dictionary.encode(bitmap_of(picture, picture.pixels));
  image::GlzWindow window;
  for (auto _ : state) {
    if (!image::decode_glz(coded, picture.width, picture.height, window))
      state.SkipWithError("not decoded");
    window.clear();
  }
  count(state, picture, coded.size());
}
BENCHMARK(glz_decode_first)->DenseRange(0, 2);

void glz_decode_scrolled(benchmark::State& state) {
  const Frame& picture = frame(state);
  image::GlzDictionary dictionary(window_pixels);
  const SharedBytes first = dictionary.encode(bitmap_of(picture, picture.pixels));
  const SharedBytes second = dictionary.encode(scrolled(picture));
  for (auto _ : state) {
    state.PauseTiming();
    image::GlzWindow window;
    (void)image::decode_glz(first, picture.width, picture.height, window);
    state.ResumeTiming();
    if (!image::decode_glz(second, picture.width, picture.height, window))
      state.SkipWithError("not decoded");
  }
  count(state, picture, second.size());
}
BENCHMARK(glz_decode_scrolled)->DenseRange(0, 2);

void lz4_encode(benchmark::State& state) {
  const Frame& picture = frame(state);
  std::size_t coded = 0;
  for (auto _ : state) coded = image::encode_lz4(picture.view()).size();
  count(state, picture, coded);
}
BENCHMARK(lz4_encode)->DenseRange(0, 2);

void lz4_decode(benchmark::State& state) {
  const Frame& picture = frame(state);
  const SharedBytes coded = image::encode_lz4(picture.view());
  for (auto _ : state)
    if (!image::decode_lz4(coded, picture.width, picture.height))
      state.SkipWithError("not decoded");
  count(state, picture, coded.size());
}
BENCHMARK(lz4_decode)->DenseRange(0, 2);

}  // namespace
}  // namespace spicebench
