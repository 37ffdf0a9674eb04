// SPDX-License-Identifier: LGPL-2.1-or-later
#include <rapidcheck.h>
#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>

#include "tests/qxl-model/draw_bench.hpp"

// The modes of the ROM's table and the commands that are written for them (qxl-device.md §7.3 port
// 6, §12.3; test vector 15 of §24).
namespace spicebench::qxl::test {

using namespace wire::display;
using wire::device::Drawable;

namespace {

constexpr std::uint8_t bits_16 = 0, bits_32 = 1;  // places of 640 x 480

struct CompatBench : DeviceBench {
  explicit CompatBench(std::uint8_t place) { port(Port::set_mode, place); }
  // One that images may be taken from.
  void make_other_surface() {
    wire::device::SurfaceCreate made{.surface_id = other_surface, .width = 40, .height = 30};
    made.stride = 160;
    made.format = surface_32_argb;
    auto block = CommandBlock::create_surface(made, ram_base + 0x0200'0000, false);
    const std::uint64_t offset = pool + 0x10'0000;
    poke(offset, block.place(ram_base + offset, 2));
    push(ram_base + offset, CommandType::surface);
    fetch();
  }
  // Addresses are guest-physical ones.
  const wire::device::DrawCommand* draw(CommandBlock block) {
    block.make_compat();
    const BytesView bytes = block.place(ram_base + pool, 1);
    poke(pool, bytes);
    push(ram_base + pool);
    return fetch();
  }
};

template <class Draw>
const Draw& body_of(const wire::device::DrawCommand* command) {
  REQUIRE(command != nullptr);
  return std::get<Draw>(command->drawable.body);
}

}  // namespace

TEST_CASE("SET_MODE makes the primary surface of a mode, 32 bits in any, bottom row first",
          "[qxl][compat]") {
  CompatBench bench(bits_32);
  CHECK(bench.device.mode() == Mode::compat);
  CHECK(bench.get32(ram::int_mask) == 0);
  const LiveSurface* primary = bench.device.surfaces().find(0);
  REQUIRE(primary != nullptr);
  CHECK(primary->width == 640);
  CHECK(primary->height == 480);
  CHECK(primary->stride == -2560);
  CHECK(primary->format == surface_32_xrgb);
  CHECK(primary->pixels.data() == bench.ram().data());
  const auto mode_in_rom = [&bench] {
    return load_little_endian(&bench.device.memory().rom()[rom::mode], 4);
  };
  CHECK(mode_in_rom() == bits_32);
  bench.port(Port::reset);
  CHECK(mode_in_rom() == bits_32);  // the shadow keeps it
  // What is left is the host's.
  CHECK(bench.device.mode() == Mode::vga);
  CHECK(bench.device.surfaces().find(0)->pixels.data() != bench.ram().data());
}

TEST_CASE("SET_MODE beyond the table is a guest bug, and the last mode is none", "[qxl][compat]") {
  DeviceBench bench;
  bench.port(Port::reset);
  bench.port(Port::set_mode, 128);
  CHECK(bench.device.bug_latched());
  CHECK(bench.device.mode() == Mode::vga);
  bench.port(Port::reset);
  bench.port(Port::set_mode, 127);
  CHECK_FALSE(bench.device.bug_latched());
  CHECK(bench.device.mode() == Mode::compat);
}

TEST_CASE("a guest that creates a primary surface leaves the compat modes", "[qxl][compat]") {
  CompatBench bench(bits_16);
  bench.add_slot(1, DeviceBench::ram_base, DeviceBench::ram_base + bench.header());
  bench.request_primary(64, 64, 256);
  bench.port(Port::create_primary);
  CHECK(bench.device.mode() == Mode::native);
  const std::uint64_t offset = DeviceBench::pool;
  auto block = CommandBlock::fill({0, 0, 8, 8}, {}, 0x7fff, ropd_put);
  bench.poke(offset, block.place(DeviceBench::slot1(offset), 1));
  bench.push(DeviceBench::slot1(offset));
  const auto& fill = body_of<DrawFill>(bench.fetch());
  CHECK(std::get<SolidBrush>(fill.brush.body).color == 0x7fff);  // as it is
}

TEST_CASE("colours of 5 bits are widened by repeating bits", "[qxl][compat]") {
  const auto color_drawn = [](std::uint8_t place, std::uint32_t color) {
    CompatBench bench(place);
    const auto& fill =
        body_of<DrawFill>(bench.draw(CommandBlock::fill({0, 0, 8, 8}, {}, color, ropd_put)));
    return std::get<SolidBrush>(fill.brush.body).color;
  };
  CHECK(color_drawn(bits_32, 0x123456) == 0x123456);
  CHECK(color_drawn(bits_16, 0x7fff) == 0xffffff);
  CHECK(color_drawn(bits_16, 0x0000) == 0);
  CHECK(color_drawn(bits_16, 0b0'10000'00001'01010) == 0x840852);
}

TEST_CASE("compat commands of every operation arrive as the guest meant them", "[qxl][compat]") {
  for (const Operation& operation : all_operations()) {
    if (operation.type == wire::device::DrawType::composite) continue;  // newer
    rc::prop(std::string("a compat ") + operation.name + " of any kind", [&operation] {
      CompatBench bench(bits_32);
      bench.make_other_surface();
      Drawable drawable = operation.any(operation.type);
      // They draw on the primary surface, and alpha_blend has no flags.
      std::visit(
          [](auto& body) {
            if constexpr (requires { body.base; }) body.base.surface_id = 0;
            if constexpr (requires { body.alpha_flags; }) body.alpha_flags = 0;
          },
          drawable.body);
      const auto* command = bench.draw(CommandBlock::of(drawable));
      RC_LOG() << (bench.findings.empty() ? std::string() : bench.findings[0].text());
      RC_ASSERT(command != nullptr);
      drawable.release_id = command->drawable.release_id;
      drawable.mm_time = command->drawable.mm_time;
      RC_ASSERT((command->drawable == drawable));
    });
  }
}

}  // namespace spicebench::qxl::test
