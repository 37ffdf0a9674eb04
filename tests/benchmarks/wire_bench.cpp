// SPDX-License-Identifier: LGPL-2.1-or-later
#include <benchmark/benchmark.h>

#include <cstring>

#include "core/wire/display_channel.hpp"
#include "core/wire/framer.hpp"
#include "core/wire/message.hpp"

namespace spicebench {
namespace {

using namespace wire::display;

DrawCopy draw_copy_of(std::size_t side) {
  DrawCopy message{.base = {}, .src_bitmap = Image{}, .src_area = {}, .mask = {}};
  const auto pixels = static_cast<std::uint32_t>(side);
  message.src_bitmap->width = message.src_bitmap->height = pixels;
  message.src_bitmap->payload = Bitmap{.x = pixels,
                                       .y = pixels,
                                       .stride = pixels * 4,
                                       .palette = {},
                                       .data = Bytes(side * side * 4)};
  return message;
}
Bytes body_of(std::size_t side) {
  Bytes body;
  wire::encode(draw_copy_of(side), body);
  return body;
}

// Yardstick: copying a body of the same size.
void yardstick_memcpy_body(benchmark::State& state) {
  const Bytes body = body_of(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    Bytes copy(body.size());
    std::memcpy(copy.data(), body.data(), body.size());
    benchmark::DoNotOptimize(copy.data());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(yardstick_memcpy_body)->Arg(4)->Arg(64);

void encode_draw_copy(benchmark::State& state) {
  const DrawCopy message = draw_copy_of(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    Bytes body;
    wire::encode(message, body);
    benchmark::DoNotOptimize(body.data());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(encode_draw_copy)->Arg(4)->Arg(64);

void decode_draw_copy(benchmark::State& state) {
  const SharedBytes body(body_of(static_cast<std::size_t>(state.range(0))));
  for (auto _ : state) {
    auto message = wire::decode<DrawCopy>(body);
    if (!message) state.SkipWithError("not decoded");
    benchmark::DoNotOptimize(message);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(decode_draw_copy)->Arg(4)->Arg(64);

}  // namespace
}  // namespace spicebench
