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

// What a busy desktop consists of: small commands, decoded by number into any message.
template <class T>
Bytes body_of_message(const T& message) {
  Bytes body;
  wire::encode(message, body);
  return body;
}
DrawText text_of(std::size_t glyphs) {
  DrawText text;
  text.str.flags = string_a4;
  text.str.glyphs.assign(glyphs, {{10, 10}, {0, -8}, 8, 10, SharedBytes(Bytes(40))});
  return text;
}
DrawStroke stroke_of(std::size_t points) {
  DrawStroke stroke;
  stroke.path.segments.assign(1, {path_begin | path_end, std::vector<PointFix>(points)});
  stroke.brush = {static_cast<std::uint8_t>(BrushType::solid), SolidBrush{0xffffff}};
  return stroke;
}
DrawFill fill_of() {
  DrawFill fill;
  fill.brush = {static_cast<std::uint8_t>(BrushType::solid), SolidBrush{0xffffff}};
  return fill;
}
template <class T>
void decode_by_number(benchmark::State& state, const T& message) {
  const SharedBytes body(body_of_message(message));
  for (auto _ : state) {
    const wire::MessageInfo* info =
        wire::find_message(T::message.channel, T::message.sender, T::message.id);
    auto decoded = wire::decode_any(*info, body);
    if (!decoded) state.SkipWithError("not decoded");
    benchmark::DoNotOptimize(decoded);
  }
  state.SetItemsProcessed(state.iterations());
}
template <class T>
void encode_message(benchmark::State& state, const T& message) {
  Bytes body;
  for (auto _ : state) {
    body.clear();
    wire::encode(message, body);
    benchmark::DoNotOptimize(body.data());
  }
  state.SetItemsProcessed(state.iterations());
}
void decode_fill(benchmark::State& state) {
  decode_by_number(state, fill_of());
}
void decode_stroke_64_points(benchmark::State& state) {
  decode_by_number(state, stroke_of(64));
}
void decode_text_16_glyphs(benchmark::State& state) {
  decode_by_number(state, text_of(16));
}
void encode_fill(benchmark::State& state) {
  encode_message(state, fill_of());
}
void encode_text_16_glyphs(benchmark::State& state) {
  encode_message(state, text_of(16));
}
BENCHMARK(decode_fill);
BENCHMARK(decode_stroke_64_points);
BENCHMARK(decode_text_16_glyphs);
BENCHMARK(encode_fill);
BENCHMARK(encode_text_16_glyphs);

}  // namespace
}  // namespace spicebench
