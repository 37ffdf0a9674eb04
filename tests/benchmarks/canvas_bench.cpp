// SPDX-License-Identifier: LGPL-2.1-or-later
#include <benchmark/benchmark.h>

#include <cstring>

#include "core/draw/draw.hpp"

namespace spicebench {
namespace {

using namespace wire::display;

constexpr std::uint32_t width = 1024, height = 768;
constexpr std::size_t picture_bytes = std::size_t{width} * height * 4;

struct Screen {
  Bytes pixels = Bytes(picture_bytes);
  draw::Surface surface = *draw::Surface::over(pixels, width, height, width * 4, surface_32_xrgb);
};
DisplayBase whole() {
  return {
      .surface_id = 0, .box = {.top = 0, .left = 0, .bottom = height, .right = width}, .clip = {}};
}

// Yardstick: memcpy and memset of a whole screen.
void yardstick_memcpy_screen(benchmark::State& state) {
  Bytes from(picture_bytes), to(picture_bytes);
  for (auto _ : state) {
    std::memcpy(to.data(), from.data(), picture_bytes);
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(picture_bytes));
}
BENCHMARK(yardstick_memcpy_screen);

void draw_copy_screen(benchmark::State& state) {
  Screen screen;
  DrawCopy command{.base = whole(), .src_bitmap = Image{}, .src_area = whole().box, .mask = {}};
  command.src_bitmap->width = width;
  command.src_bitmap->height = height;
  command.src_bitmap->payload = Bitmap{
      .x = width, .y = height, .stride = width * 4, .palette = {}, .data = Bytes(picture_bytes)};
  draw::Images images;
  for (auto _ : state)
    if (!draw::render(screen.surface, command, images)) state.SkipWithError("not drawn");
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(picture_bytes));
}
BENCHMARK(draw_copy_screen);

void draw_fill_screen(benchmark::State& state) {
  Screen screen;
  const DrawFill command{
      .base = whole(), .brush = {.type = 1, .body = SolidBrush{0x336699}}, .mask = {}};
  for (auto _ : state)
    if (!draw::fill(screen.surface, command)) state.SkipWithError("not drawn");
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(picture_bytes));
}
BENCHMARK(draw_fill_screen);

void copy_bits_one_pixel_down(benchmark::State& state) {
  Screen screen;
  CopyBits command{.base = whole(), .src_pos = {.x = 0, .y = 0}};
  command.base.box.top = 1;
  for (auto _ : state)
    if (!draw::copy_bits(screen.surface, command)) state.SkipWithError("not drawn");
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(picture_bytes));
}
BENCHMARK(copy_bits_one_pixel_down);

}  // namespace
}  // namespace spicebench
