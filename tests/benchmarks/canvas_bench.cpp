// SPDX-License-Identifier: LGPL-2.1-or-later
#include <benchmark/benchmark.h>

#include <cstring>

#include "core/base/random.hpp"
#include "core/draw/draw.hpp"

namespace spicebench {
namespace {

using namespace wire::display;

// A whole screen each; items are pixels.
constexpr std::uint32_t width = 1920, height = 1080;
constexpr std::size_t picture_bytes = std::size_t{width} * height * 4;

struct Screen {
  Bytes pixels = Bytes(picture_bytes);
  draw::Surface surface = *draw::Surface::over(pixels, width, height, width * 4, surface_32_xrgb);
};
DisplayBase whole() {
  return {
      .surface_id = 0, .box = {.top = 0, .left = 0, .bottom = height, .right = width}, .clip = {}};
}
Image picture(std::uint8_t format, std::uint32_t w = width, std::uint32_t h = height) {
  Image image;
  image.width = w;
  image.height = h;
  image.payload = Bitmap{.format = format,
                         .x = w,
                         .y = h,
                         .stride = w * 4,
                         .palette = {},
                         .data = Random(1).bytes(std::size_t{w} * h * 4)};
  return image;
}
void count_pixels(benchmark::State& state) {
  state.SetItemsProcessed(state.iterations() * std::int64_t{width} * height);
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(picture_bytes));
}
template <class Command>
void render(benchmark::State& state, const Command& command) {
  Screen screen;
  draw::Images images;
  for (auto _ : state)
    if (!draw::render(screen.surface, command, images)) state.SkipWithError("not drawn");
  count_pixels(state);
}

// Yardsticks: memcpy and memset of the same bytes.
void yardstick_memcpy_screen(benchmark::State& state) {
  Bytes from(picture_bytes), to(picture_bytes);
  for (auto _ : state) {
    std::memcpy(to.data(), from.data(), picture_bytes);
    benchmark::ClobberMemory();
  }
  count_pixels(state);
}
BENCHMARK(yardstick_memcpy_screen);
void yardstick_memset_screen(benchmark::State& state) {
  Bytes to(picture_bytes);
  for (auto _ : state) {
    std::memset(to.data(), 0x33, picture_bytes);
    benchmark::ClobberMemory();
  }
  count_pixels(state);
}
BENCHMARK(yardstick_memset_screen);

void draw_copy_screen(benchmark::State& state) {
  render(state, DrawCopy{whole(), picture(format_32bit), whole().box, ropd_put, 0, {}});
}
BENCHMARK(draw_copy_screen);
void draw_copy_xor_screen(benchmark::State& state) {
  render(state, DrawCopy{whole(), picture(format_32bit), whole().box, ropd_xor, 0, {}});
}
BENCHMARK(draw_copy_xor_screen);
// From half the size; 0: bilinear, 1: nearest.
void draw_copy_stretched(benchmark::State& state) {
  render(state, DrawCopy{whole(),
                         picture(format_32bit, width / 2, height / 2),
                         {0, 0, height / 2, width / 2},
                         ropd_put,
                         static_cast<std::uint8_t>(state.range()),
                         {}});
}
BENCHMARK(draw_copy_stretched)->Arg(0)->Arg(1);

void draw_fill_screen(benchmark::State& state) {
  render(state, DrawFill{whole(), {1, SolidBrush{0x336699}}, ropd_put, {}});
}
BENCHMARK(draw_fill_screen);
void draw_fill_pattern(benchmark::State& state) {
  render(state,
         DrawFill{whole(), {2, PatternBrush{picture(format_32bit, 8, 8), {}}}, ropd_put, {}});
}
BENCHMARK(draw_fill_pattern);

void draw_opaque_screen(benchmark::State& state) {
  render(
      state,
      DrawOpaque{
          whole(), picture(format_32bit), whole().box, {1, SolidBrush{0x336699}}, ropd_and, 0, {}});
}
BENCHMARK(draw_opaque_screen);

void draw_transparent_screen(benchmark::State& state) {
  render(state, DrawTransparent{whole(), picture(format_32bit), whole().box, 0, 0x336699});
}
BENCHMARK(draw_transparent_screen);

// With the picture's alpha alone, and with a constant one as well.
void draw_alpha_blend_screen(benchmark::State& state) {
  render(state, DrawAlphaBlend{whole(), 0, static_cast<std::uint8_t>(state.range()),
                               picture(format_rgba), whole().box});
}
BENCHMARK(draw_alpha_blend_screen)->Arg(255)->Arg(128);

void draw_rop3_screen(benchmark::State& state) {
  render(state,
         DrawRop3{
             whole(), picture(format_32bit), whole().box, {1, SolidBrush{0x336699}}, 0xb8, 0, {}});
}
BENCHMARK(draw_rop3_screen);

// Glyphs of 8 × 16 over the whole screen, 1 or 4 bits a pixel.
void draw_text_screen(benchmark::State& state) {
  const bool one_bit = state.range() == 1;
  DrawText text{whole(), {}, {}, {1, SolidBrush{0x112233}}, {0, {}}, ropd_put, ropd_put};
  text.str.flags = one_bit ? string_a1 : string_a4;
  const SharedBytes data(Random(2).bytes(one_bit ? 16 : 64));
  for (std::int32_t y = 0; y + 16 <= static_cast<std::int32_t>(height); y += 16)
    for (std::int32_t x = 0; x < static_cast<std::int32_t>(width); x += 8)
      text.str.glyphs.push_back({{x, y}, {}, 8, 16, data});
  render(state, text);
}
BENCHMARK(draw_text_screen)->Arg(1)->Arg(4);

// Over (3), atop (9), screen (0x31): on bytes; disjoint over (0x13): on real numbers.
void draw_composite_screen(benchmark::State& state) {
  render(state, DrawComposite{whole(),
                              static_cast<std::uint32_t>(state.range()) | 3u << 8,
                              picture(format_rgba),
                              {},
                              {},
                              {},
                              {},
                              {}});
}
BENCHMARK(draw_composite_screen)->Arg(3)->Arg(9)->Arg(0x31)->Arg(0x13);

void draw_frame_stretched(benchmark::State& state) {
  Screen screen;
  const Bytes frame(std::size_t{1280} * 720 * 4);
  const draw::PixelView view{1280, 720, surface_32_xrgb, frame.data(), 1280 * 4};
  for (auto _ : state)
    if (!draw::put_image(screen.surface, view, whole().box, {})) state.SkipWithError("not drawn");
  count_pixels(state);
}
BENCHMARK(draw_frame_stretched);

// Short lines in all directions, as toolkits draw them; items are lines.
void draw_stroke_lines(benchmark::State& state) {
  DrawStroke stroke{whole(), {}, {}, {1, SolidBrush{0x112233}}, ropd_put, ropd_put};
  Random random(3);
  for (std::size_t i = 0; i < 10'000; ++i) {
    const auto x = static_cast<std::int32_t>(random.below(width)) * 16,
               y = static_cast<std::int32_t>(random.below(height)) * 16;
    const auto dx = static_cast<std::int32_t>(random.below(640)) - 320,
               dy = static_cast<std::int32_t>(random.below(640)) - 320;
    stroke.path.segments.push_back({path_begin | path_end, {{x, y}, {x + dx, y + dy}}});
  }
  if (state.range() != 0) stroke.attr = {line_styled, {3 << 4, 2 << 4}};
  Screen screen;
  draw::Images images;
  for (auto _ : state)
    if (!draw::render(screen.surface, stroke, images)) state.SkipWithError("not drawn");
  state.SetItemsProcessed(state.iterations() * 10'000);
}
BENCHMARK(draw_stroke_lines)->Arg(0)->Arg(1);

void copy_bits_one_pixel_down(benchmark::State& state) {
  CopyBits command{.base = whole(), .src_pos = {.x = 0, .y = 0}};
  command.base.box.top = 1;
  render(state, command);
}
BENCHMARK(copy_bits_one_pixel_down);

}  // namespace
}  // namespace spicebench
