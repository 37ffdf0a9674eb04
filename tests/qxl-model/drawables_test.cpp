// SPDX-License-Identifier: LGPL-2.1-or-later
#include <rapidcheck.h>
#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>

#include "tests/qxl-model/draw_bench.hpp"

// Drawables of every operation, from a value to guest memory and back, and what is refused in them.
namespace spicebench::qxl::test {

namespace device = wire::device;
using namespace wire::display;
using device::Drawable;
using device::DrawType;

namespace {

constexpr std::size_t body = 123;

// As the device hands it over, but for what the value in the guest does not say.
Drawable as_handed_over(Drawable drawable, const Drawable& found) {
  drawable.release_id = found.release_id;
  drawable.mm_time = found.mm_time;
  return drawable;
}

template <class Draw>
Drawable made(DrawType type, Draw draw) {
  return {.type = static_cast<std::uint8_t>(type), .body = std::move(draw)};
}
Image plain_image() {
  return {.width = 2,
          .height = 2,
          .payload = Bitmap{.x = 2, .y = 2, .stride = 8, .data = SharedBytes(Bytes(16))}};
}
const DisplayBase small{.box = {0, 0, 2, 2}};

}  // namespace

TEST_CASE("every operation arrives as the guest meant it", "[qxl][drawables]") {
  for (const Operation& operation : all_operations()) {
    rc::prop(std::string("a ") + operation.name + " of any kind", [&operation] {
      DrawBench bench;
      const Drawable drawable = operation.any(operation.type);
      bench.push_block(CommandBlock::of(drawable));
      const auto* draw = bench.fetch();
      RC_LOG() << (bench.findings.empty() ? std::string() : bench.findings[0].text());
      RC_ASSERT(draw != nullptr);
      RC_ASSERT((draw->drawable == as_handed_over(drawable, draw->drawable)));
      RC_ASSERT(bench.findings.empty());
    });
  }
}

TEST_CASE("mangled drawables of every operation do no harm", "[qxl][drawables][hostile]") {
  rc::prop("handed over or refused, and the device goes on", [] {
    DrawBench bench;
    const auto operations = all_operations();
    const Operation& operation = operations[*rc::gen::inRange<std::size_t>(0, operations.size())];
    const auto block = CommandBlock::of(operation.any(operation.type));
    const auto flips =
        *rc::gen::container<std::vector<std::pair<std::size_t, std::uint8_t>>>(rc::gen::pair(
            rc::gen::inRange<std::size_t>(8, block.size()), rc::gen::arbitrary<std::uint8_t>()));
    bench.push_changed(block, [&flips](Bytes& bytes, std::uint64_t) {
      for (const auto& [at, value] : flips) bytes[at] ^= static_cast<std::byte>(value);
    });
    bench.fetch();
    bench.run(100'000'000);  // lists may have become very long
    const bool handed_over = bench.last<device::DrawCommand>() != nullptr;
    RC_ASSERT(handed_over != (bench.open_release() == bench.next));
    bench.come_up();
    bench.push_block(CommandBlock::fill({0, 0, 5, 5}, {}, 0x10, ropd_put));
    RC_ASSERT(bench.fetch() != nullptr);
  });
}

TEST_CASE("drawables beyond the rules are given back, and say why", "[qxl][drawables][hostile]") {
  struct Row {
    const char* path;
    bool latches;
    Drawable drawable;
    std::size_t at;  // changed in guest memory: `width` bytes
    std::uint64_t value;
    std::size_t width;
  };
  DrawStroke styled{.base = small};
  styled.path.segments = {{path_begin, {{0, 0}, {16, 16}}}};
  styled.attr = {line_styled, {16}};
  auto text = made(DrawType::text, DrawText{.base = small, .str = {.flags = string_a1}});
  const auto with_source = [](auto draw) {
    draw.base = small;
    draw.src_bitmap = plain_image();
    if constexpr (requires { draw.src_area; }) draw.src_area = {0, 0, 2, 2};
    return draw;
  };
  const auto opaque = made(DrawType::opaque, with_source(DrawOpaque{}));
  const auto stroke = made(DrawType::stroke, styled);
  const auto alpha = made(DrawType::alpha_blend, with_source(DrawAlphaBlend{}));
  const auto composite = made(DrawType::composite, with_source(DrawComposite{}));
  const auto rop3 = made(DrawType::rop3, with_source(DrawRop3{}));
  auto no_surface = with_source(DrawCopy{});
  // It does not say that it reads one.
  no_surface.src_bitmap =
      Image{.type = static_cast<std::uint8_t>(ImageType::surface), .payload = SurfaceReference{77}};
  const std::size_t image = 191, path = 191;  // what the body points to first
  const Row rows[] = {
      {"drawable.surface_id", false, opaque, 8, 77, 4},
      {"surfaces_dest[1]", false, opaque, 67, 77, 4},
      {"opaque.src", true, opaque, body, 0, 8},
      {"opaque.src_area", false, opaque, body + 16, 3, 4},
      {"opaque.src.type", false, opaque, image + 8, 101, 1},
      {"scale", false, rop3, body + 45, 2, 1},
      {"brush.type", false, rop3, body + 24, 3, 4},
      {"brush.pattern", true, rop3, body + 24, 2, 4},
      {"mask.bitmap", true, rop3, body + 46 + 9, 1, 8},
      {"copy.src.surface_id", false, made(DrawType::copy, no_surface), 63, UINT32_MAX, 4},
      {"path", true, stroke, body, 0, 8},
      {"path", true, stroke, path + 4 + 20 + 4, 3, 4},
      {"path", true, stroke, path + 4 + 20 + 4, UINT32_MAX, 4},
      {"attr.style", true, stroke, body + 20, 0, 8},
      {"attr.style", false, stroke, body + 11, 0, 1},
      {"str.glyphs", true, text, path + 4, 1, 2},
      {"str.glyphs", true, text, path, 1, 4},
      {"str.flags", true, text, path + 6, 8, 2},
      {"alpha_blend.flags", false, alpha, body, 256, 2},
      {"composite.src", true, composite, body + 4, 0, 8},
      {"composite.src_transform", true, composite, body + 12, 1, 8},
      {"composite.mask", true, composite, body + 20, 1, 8},
  };
  for (const Row& row : rows) {
    INFO(row.path << " at " << row.at);
    DrawBench bench;
    bench.push_changed(CommandBlock::of(row.drawable), [&row](Bytes& bytes, std::uint64_t) {
      store_little_endian(&bytes[row.at], row.value, row.width);
    });
    CHECK(bench.fetch() == nullptr);
    CHECK(bench.open_release() == bench.next);
    REQUIRE(bench.findings.size() == 1);
    const std::string said = bench.findings[0].path;
    CHECK((said == row.path || "drawable." + said == row.path));
    CHECK(bench.device.bug_latched() == row.latches);
  }
}

TEST_CASE("updates and messages are given back, malformed ones noted", "[qxl][drawables]") {
  struct Row {
    const char* what;
    CommandType type;
    std::uint32_t right;  // of an update's area
    bool ends, harms, latches;
  };
  constexpr Row rows[] = {
      {"an update", CommandType::update, 5, true, false, false},
      {"an empty update", CommandType::update, 0, true, true, true},
      {"a message", CommandType::message, 0, true, false, false},
      {"a message without end", CommandType::message, 0, false, true, false},
  };
  for (const Row& row : rows) {
    INFO(row.what);
    DrawBench bench;
    Bytes bytes(110'000, row.ends ? std::byte{0} : std::byte{'x'});
    store_little_endian(bytes.data(), 99, 8);
    if (row.type == CommandType::update) {
      store_little_endian(&bytes[16], 5, 4);
      store_little_endian(&bytes[20], row.right, 4);
    }
    bench.poke(DeviceBench::pool + 0x10'0000, bytes);
    bench.push(DeviceBench::slot1(DeviceBench::pool + 0x10'0000), row.type);
    // Neither is for the server; what is in the command ring is pushed there.
    CHECK(bench.fetch() == nullptr);
    CHECK(bench.open_release() == 99);
    CHECK(bench.findings.size() == (row.harms ? 1 : 0));
    CHECK(bench.device.bug_latched() == row.latches);
  }
}

}  // namespace spicebench::qxl::test
