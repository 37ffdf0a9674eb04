// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>

#include "tests/qxl-model/draw_bench.hpp"

// A command whose source is what it is about to change (qxl-device.md §12.3: self_bitmap).
namespace spicebench::qxl::test {

using namespace wire::display;
using wire::device::Drawable;
using wire::device::DrawType;

namespace {

constexpr std::size_t self_bitmap = 14, self_bitmap_area = 15, source = 123;

// Pushes the drawable with its source taken away and a part of the surface in its place.
const wire::device::DrawCommand* push(DrawBench& bench, const Drawable& drawable, Rect area,
                                      std::uint64_t address = 0, std::size_t source_at = source) {
  bench.push_changed(CommandBlock::of(drawable), [&](Bytes& bytes, std::uint64_t) {
    bytes[self_bitmap] = std::byte{1};
    std::size_t at = self_bitmap_area;
    for (const std::int32_t side : {area.top, area.left, area.bottom, area.right}) {
      store_little_endian(&bytes[at], static_cast<std::uint32_t>(side), 4);
      at += 4;
    }
    store_little_endian(&bytes[source_at], address, 8);
  });
  return bench.fetch();
}

Drawable transparent() {
  DrawTransparent draw{.base = {.box = {0, 0, 2, 3}}, .src_area = {0, 0, 2, 3}};
  draw.src_bitmap = Image{
      .width = 3, .height = 2, .payload = Bitmap{.x = 3, .y = 2, .stride = 12, .data = Bytes(24)}};
  return {.type = static_cast<std::uint8_t>(DrawType::transparent), .body = std::move(draw)};
}

}  // namespace

TEST_CASE("a missing source image is the part of the surface that the command names",
          "[qxl][drawables]") {
  DrawBench bench;
  for (std::size_t i = 0; i < 6; ++i)
    store_little_endian(&bench.ram()[4096 * (7 + i / 3) + 4 * (5 + i % 3)], 0x10 + i, 4);
  const auto* command = push(bench, transparent(), {7, 5, 9, 8});
  REQUIRE(command != nullptr);
  const auto& image = *std::get<DrawTransparent>(command->drawable.body).src_bitmap;
  CHECK(image.width == 3);
  CHECK(image.height == 2);
  CHECK(image.flags == 0);
  const auto& bitmap = std::get<Bitmap>(image.payload);
  CHECK(bitmap.format == format_32bit);
  CHECK(bitmap.flags == top_down);
  REQUIRE(bitmap.data.size() == 24);
  for (std::size_t i = 0; i < 6; ++i)
    CHECK(load_little_endian(bitmap.data.data() + 4 * i, 4) == 0x10 + i);
}

TEST_CASE("a part outside the surface is refused", "[qxl][drawables][hostile]") {
  DrawBench bench;
  CHECK(push(bench, transparent(), {0, 1022, 2, 1025}) == nullptr);
  REQUIRE(bench.findings.size() == 1);
  CHECK(bench.findings[0].path == "transparent.src.self_bitmap_area");
  CHECK_FALSE(bench.device.bug_latched());
}

TEST_CASE("COPY needs an image of its own all the same", "[qxl][drawables][hostile]") {
  DrawBench bench;
  DrawCopy draw{.base = {.box = {0, 0, 2, 3}}, .src_area = {0, 0, 2, 3}};
  draw.src_bitmap = std::get<DrawTransparent>(transparent().body).src_bitmap;
  const Drawable copy{.type = static_cast<std::uint8_t>(DrawType::copy), .body = draw};
  CHECK(push(bench, copy, {0, 0, 2, 3}) == nullptr);
  REQUIRE(bench.findings.size() == 1);
  CHECK(bench.findings[0].path == "copy.src");
}

}  // namespace spicebench::qxl::test
