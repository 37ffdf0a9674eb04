// SPDX-License-Identifier: LGPL-2.1-or-later
#include <benchmark/benchmark.h>

#include <string>

#include "core/image/quic.hpp"
#include "tests/benchmarks/frames.hpp"

// QUIC on the frames, bytes per second of 32-bit pixels. The yardsticks are those of lz_bench.cpp:
// liblz4 on the same frames.
namespace spicebench {
namespace {

using benchmarks::count;
using benchmarks::Frame;

void encode_quic(benchmark::State& state, const std::string& name) {
  const Frame& picture = benchmarks::frame(name);
  std::size_t coded = 0;
  for (auto _ : state) coded = image::encode_quic(picture.view()).value().size();
  count(state, picture, coded);
}
void decode_quic(benchmark::State& state, const std::string& name) {
  const Frame& picture = benchmarks::frame(name);
  const Bytes coded = image::encode_quic(picture.view()).value();
  for (auto _ : state)
    if (!image::decode_quic(coded, picture.width, picture.height))
      state.SkipWithError("not decoded");
  count(state, picture, coded.size());
}
BENCHMARK_CAPTURE(encode_quic, desktop, "desktop");
BENCHMARK_CAPTURE(encode_quic, photo, "photo");
BENCHMARK_CAPTURE(encode_quic, noise, "noise");
BENCHMARK_CAPTURE(decode_quic, desktop, "desktop");
BENCHMARK_CAPTURE(decode_quic, photo, "photo");
BENCHMARK_CAPTURE(decode_quic, noise, "noise");

}  // namespace
}  // namespace spicebench
